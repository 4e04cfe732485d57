"""
Judging: from a journey's events to what is said about it, and what must be taken back.

A clock's run is always worked out from the events, and ``saying`` compares it with what was said before.
"""

from bisect import insort

import msgspec

from schemas.base import MINUTE_MS
from services.sla.engine.chunks import Chunk, row_key
from services.sla.engine.clocks import (
    ABANDONED,
    CANCELLED,
    ENDED_BY_TIME,
    NEVER,
    RUNNING,
    STOPPED,
    begin,
    due_of,
    end,
    look,
)
from services.sla.engine.courses import measure
from services.sla.engine.events import ARRIVALS, REOPENINGS, Fact, revisions_of
from services.sla.engine.journeys import Journey, RunningClock, find_arrival
from services.sla.engine.moment import Moment
from services.sla.engine.outcomes import Reason
from services.sla.engine.presence import hear, miss
from services.sla.engine.roles import CANCEL, ENDS, START, STOP
from services.sla.engine.rules import CUSTOMER, PRESENCE, Rule
from services.sla.engine.saying import count, say, withdraw
from services.sla.engine.singles import turn_of
from services.sla.engine.telling import tell_measurement
from services.sla.engine.terms import FOR_EVER
from services.sla.engine.trails import about
from services.sla.engine.turns import is_the_version_of, judge, judge_again, settle, terms_of


def begin_journey(moment: Moment, chunk: Chunk, journey: Journey) -> None:
    """Judge a journey by its first event; the same as ``take``, for the most frequent case."""
    at, rank, _, _, attributes = fact = journey.facts[0]
    if rank in REOPENINGS:
        take(moment, chunk, journey, fact)
        return
    book = moment.book
    coverage = journey.coverage = book.coverage(chunk.site, attributes, at)
    if not coverage.rules:
        moment.decision.note(Reason.UNCOVERED)
        return
    for rule in coverage.rules:
        if rule.kind != "clock":
            judge(moment, chunk, journey, rule, fact)
        elif rule.role(rank, attributes) & START:
            key = (rule.key, attributes[0], at - at % MINUTE_MS)
            row = chunk.rows.get(key) or chunk.row(key)
            terms = rule.terms.fixed or book.terms(rule, chunk.site, attributes, at)
            if terms is None:
                moment.decision.note(Reason.NO_CALENDAR)
                continue
            until = book.retired_at(rule) if book.ends else FOR_EVER
            run = begin(terms, at, until) if rule.plain else measure(rule, terms, journey.facts, NEVER, until)
            if run is None:
                moment.decision.note(Reason.NO_PROMISE)
                continue
            row.refs += 1
            journey.clocks += (RunningClock(rule, 0, terms, row, run),)
    if journey.clocks:
        _set_timer(moment, journey)


def watch(moment: Moment, chunk: Chunk, journey: Journey, fact: Fact) -> None:
    """Take an event for one who watches: judge a customer's contacts, or hear of who should report."""
    if journey.watched == PRESENCE:
        hear(moment, chunk, journey, fact)
        _set_timer(moment, journey)
    else:
        _take_contact(moment, chunk, journey, fact)


def take(moment: Moment, chunk: Chunk, journey: Journey, fact: Fact) -> None:
    """Judge a journey again because of one event that has been put in its place among the others."""
    at, rank, _, _, attributes = fact
    facts = journey.facts
    if rank in REOPENINGS:
        journey.reopened = True
    arrival = find_arrival(facts) if rank in ARRIVALS or at <= journey.arrival[0] else journey.arrival
    rules = journey.coverage.rules
    if arrival is not journey.arrival or not rules:
        _arrive(moment, chunk, journey, arrival)
        rules = journey.coverage.rules
    elif not journey.reopened and len(rules) > 1:
        rules = tuple(rule for rule in rules if rule.promised or rule.role(rank, attributes))
    if not rules:
        _set_timer(moment, journey)
        return
    latest = fact is facts[-1] and not journey.reopened
    for rule in rules:
        if not (latest and _end_at_once(moment, chunk, journey, rule, fact)):
            judge(moment, chunk, journey, rule, fact)
    _set_timer(moment, journey)


def revise(moment: Moment, chunk: Chunk, journey: Journey, fact: Fact) -> None:
    """Put a higher revision of an event in the place of the earlier one, and judge the journey anew if it says more."""
    facts = journey.facts
    earlier = next(revisions_of(facts, fact))
    if earlier[:3] == fact[:3] and earlier[4] == fact[4]:
        facts[facts.index(earlier)] = fact
        if journey.arrival is earlier:
            journey.arrival = fact
        return
    own = _let_go_of(moment, chunk, journey, earlier, fact)
    facts.remove(earlier)
    insort(facts, fact)
    for clock in own:
        clock.row = chunk.row(row_key(clock.rule, fact))
        clock.row.refs += 1
    for clock in journey.clocks:
        # What was followed so far may have rested on the earlier one.
        clock.moved, clock.path = True, None
    if journey.watched == CUSTOMER:
        journey.arrival = facts[0]
        _take_contact(moment, chunk, journey, fact)
        return
    _arrive(moment, chunk, journey, find_arrival(facts))
    for rule in journey.coverage.rules:
        judge(moment, chunk, journey, rule, fact)
    _set_timer(moment, journey)


def _let_go_of(moment: Moment, chunk: Chunk, journey: Journey, earlier: Fact, fact: Fact) -> list[RunningClock]:
    """Take out of the counts what an event came to by itself; return the clocks that its revision may go on with."""
    turn, kept = turn_of(earlier), []
    for clock in journey.clocks:
        if not clock.rule.each or clock.turn != turn:
            continue
        if clock.rule.role(fact[1], fact[4]) and is_the_version_of(moment, chunk, clock.rule, fact):
            count(moment, chunk, journey, clock, clock.run, -1)
            clock.row.refs -= 1
            clock.run = msgspec.structs.replace(clock.run, started_at=fact[0], ended=RUNNING, ended_at=NEVER)
            kept.append(clock)
        else:
            withdraw(moment, chunk, journey, clock)
            journey.clocks = tuple(one for one in journey.clocks if one is not clock)
    return kept


def _take_contact(moment: Moment, chunk: Chunk, journey: Journey, fact: Fact) -> None:
    """Judge the contacts of a customer again because of one more; each by the version in force when it happened."""
    chosen = moment.book.coverage(chunk.site, fact[4], fact[0], CUSTOMER).rules
    running = {clock.rule.key: clock.rule for clock in journey.clocks}
    rules = {rule.key: rule for rule in chosen} | running
    journey.coverage = moment.book.coverage_again(sorted(rules))
    for rule in journey.coverage.rules:
        judge(moment, chunk, journey, rule, fact)
    _set_timer(moment, journey)


def _end_at_once(moment: Moment, chunk: Chunk, journey: Journey, rule: Rule, fact: Fact) -> bool:
    """
    Deal with the latest event of a journey where it ends a clock without pauses, or comes after its end; else decline.
    """
    at, rank, _, _, attributes = fact
    for clock in journey.clocks:
        if clock.rule is rule:
            run = clock.run
            if clock.moved:
                return False
            if run.ended and (run.ended not in ENDED_BY_TIME or at > run.ended_at) and not rule.lasts:
                return True
            mask = rule.role(rank, attributes)
            if (
                run.ended
                or not rule.plain
                or not mask & ENDS
                or at > run.started_at + clock.terms.expires
                or (moment.book.ends and at > moment.book.retired_at(rule))
            ):
                return False
            ended = CANCELLED if mask & CANCEL else STOPPED if mask & STOP else ABANDONED
            run = clock.run = end(run, ended, at)
            count(moment, chunk, journey, clock, run)
            if run.breach_at == NEVER and not clock.violation and not clock.at_risk:
                clock.said = True
                moment.emit_measurement(tell_measurement(moment, chunk.site, journey, clock, standing=True))
            else:
                say(moment, chunk, journey, clock, changed=True)
            return True
    return False


def wake(moment: Moment, chunk: Chunk, journey: Journey, now: int) -> None:
    """Judge those clocks of a journey again whose instant has come, because time passed and nothing was heard."""
    if journey.watched == PRESENCE:
        miss(moment, chunk, journey, now)
        _set_timer(moment, journey)
        return
    for clock in journey.clocks:
        if clock.wake != NEVER and clock.wake <= now:
            clock.seen = now - moment.delay(journey)
            if clock.rule.plain and not clock.run.ended:
                run = look(clock.run, clock.terms, clock.seen, moment.book.retired_at(clock.rule))
                settle(moment, chunk, journey, clock, run, moved=False)
            else:
                judge_again(moment, chunk, journey, clock)
    _set_timer(moment, journey)


def _arrive(moment: Moment, chunk: Chunk, journey: Journey, arrival: Fact) -> None:
    """Choose the standards by the arrival, and move what was counted under another one."""
    journey.arrival = arrival
    journey.coverage = moment.book.coverage(chunk.site, arrival[4], arrival[0], journey.watched)
    rules = journey.coverage.rules
    kept = []
    for clock in journey.clocks:
        terms = terms_of(moment, chunk, journey, clock.rule) if clock.rule in rules else None
        if terms is not None:
            count(moment, chunk, journey, clock, clock.run, -1)
            clock.row.refs -= 1
            _attach(chunk, journey, clock)
            clock.terms = terms
            count(moment, chunk, journey, clock, clock.run)
            clock.moved = True
            kept.append(clock)
        else:
            withdraw(moment, chunk, journey, clock)
    journey.clocks = tuple(kept)
    if not rules:
        moment.decision.note(Reason.UNCOVERED)


def _attach(chunk: Chunk, journey: Journey, clock: RunningClock) -> None:
    clock.row = chunk.row(row_key(clock.rule, about(journey, clock)))
    clock.row.refs += 1


def _set_timer(moment: Moment, journey: Journey) -> None:
    """Find the next instant at which time alone may change the journey's verdicts."""
    book, watermark = moment.book, moment.watermark
    earliest = NEVER
    for clock in journey.clocks:
        at = clock.run.wake_at
        if at != NEVER:
            if book.delays:
                at += moment.delay(journey)
            if at <= watermark:
                at = _put_off(moment, clock)
            if earliest == NEVER or at < earliest:
                earliest = at
        clock.wake = at
    journey.timer = earliest


def _put_off(moment: Moment, clock: RunningClock) -> int:
    """
    Decide when to judge an absence whose instant has passed already.

    Where the limit had passed before the start was heard of, the rest of the journey is probably in the same load, so
    absence is judged only after a grace, counted once.
    """
    run = clock.run
    # One millisecond on, so that no two outcomes ever share a revision.
    soonest = moment.watermark + 1
    if due_of(run) >= moment.watermark:
        return soonest
    if clock.hold == NEVER:
        clock.hold = moment.watermark if clock.seen != NEVER else moment.watermark + moment.grace
    return max(clock.hold, soonest)
