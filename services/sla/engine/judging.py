"""
Judging: from a journey's events to what is said about it, and what must be taken back.

A clock's run is always worked out from the events, and ``saying`` compares it with what was said before.
"""

from typing import NamedTuple

from services.sla.engine.book import Coverage
from services.sla.engine.chunks import MINUTE_MS, Chunk, row_key
from services.sla.engine.clocks import (
    ABANDONED,
    CANCELLED,
    ENDED_BY_TIME,
    NEVER,
    RUNNING,
    STOPPED,
    Run,
    begin,
    end,
    look,
)
from services.sla.engine.courses import measure, next_place
from services.sla.engine.events import ARRIVALS, REOPENINGS, Fact
from services.sla.engine.journeys import END_OF_OWN, Journey, RunningClock, find_arrival, split_cycles
from services.sla.engine.moment import Moment
from services.sla.engine.outcomes import Reason
from services.sla.engine.presence import hear, miss
from services.sla.engine.roles import CANCEL, ENDS, PAUSE, RESUME, START, STOP
from services.sla.engine.rules import CUSTOMER, JOURNEY, PRESENCE, Rule
from services.sla.engine.saying import count, say, withdraw
from services.sla.engine.singles import measure_share, measure_single, turn_of
from services.sla.engine.steps import measure_steps
from services.sla.engine.telling import tell_measurement
from services.sla.engine.terms import Terms
from services.sla.engine.trails import about


def begin_journey(moment: Moment, chunk: Chunk, journey: Journey) -> None:
    """Judge a journey by its first event; the same as ``take``, for the most frequent case."""
    at, rank, _, _, attributes = fact = journey.facts[0]
    if journey.subject < END_OF_OWN and _begin_watching(moment, chunk, journey, fact):
        return
    if rank in REOPENINGS:
        take(moment, chunk, journey, fact)
        return
    coverage = journey.coverage = moment.book.coverage(chunk.site, attributes, at, journey.watched)
    if not coverage.rules:
        moment.decision.note(Reason.UNCOVERED)
        return
    for rule in coverage.rules:
        if rule.kind != "clock":
            _judge(moment, chunk, journey, rule, fact)
        elif rule.role(rank, attributes) & START:
            key = (rule.key, attributes[0], at - at % MINUTE_MS)
            row = chunk.rows.get(key) or chunk.row(key)
            terms = moment.book.terms(rule, chunk.site, attributes, at)
            if terms is None:
                moment.decision.note(Reason.NO_CALENDAR)
                continue
            until = moment.book.retired_at(rule)
            run = begin(terms, at, until) if rule.plain else measure(rule, terms, journey.facts, NEVER, until)
            if run is None:
                moment.decision.note(Reason.NO_PROMISE)
                continue
            row.refs += 1
            journey.clocks += (RunningClock(rule, 0, terms, row, run),)
    if journey.clocks:
        _set_timer(moment, journey)


def _begin_watching(moment: Moment, chunk: Chunk, journey: Journey, fact: Fact) -> bool:
    """Take an event for those who watch a customer's contacts, or who should report; decline for an event's own."""
    if journey.watched == PRESENCE:
        hear(moment, chunk, journey, fact)
        _set_timer(moment, journey)
    elif journey.watched == CUSTOMER:
        _take_contact(moment, chunk, journey, fact)
    return journey.watched != JOURNEY


def take(moment: Moment, chunk: Chunk, journey: Journey, fact: Fact) -> None:
    """Judge a journey again because of one event that has been put in its place among the others."""
    at, rank, _, _, attributes = fact
    if journey.subject < END_OF_OWN and journey.watched == CUSTOMER:
        _take_contact(moment, chunk, journey, fact)
        return
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
            _judge(moment, chunk, journey, rule, fact)
    _set_timer(moment, journey)


def _take_contact(moment: Moment, chunk: Chunk, journey: Journey, fact: Fact) -> None:
    """Judge the contacts of a customer again because of one more; each by the version in force when it happened."""
    chosen = moment.book.coverage(chunk.site, fact[4], fact[0], CUSTOMER).rules
    running = {clock.rule.key: clock.rule for clock in journey.clocks}
    rules = {rule.key: rule for rule in chosen} | running
    journey.coverage = Coverage.of(tuple(rules[key] for key in sorted(rules)))
    for rule in journey.coverage.rules:
        _judge_singles(moment, chunk, journey, rule, fact)
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
                or at > moment.book.retired_at(rule)
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
                _settle(moment, chunk, journey, clock, run, moved=False)
            else:
                _judge(moment, chunk, journey, clock.rule)
    _set_timer(moment, journey)


def _arrive(moment: Moment, chunk: Chunk, journey: Journey, arrival: Fact) -> None:
    """Choose the standards by the arrival, and move what was counted under another one."""
    journey.arrival = arrival
    journey.coverage = moment.book.coverage(chunk.site, arrival[4], arrival[0], journey.watched)
    rules = journey.coverage.rules
    kept = []
    for clock in journey.clocks:
        terms = _terms(moment, chunk, journey, clock.rule) if clock.rule in rules else None
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


def _terms(moment: Moment, chunk: Chunk, journey: Journey, rule: Rule) -> Terms | None:
    arrival = journey.arrival
    return moment.book.terms(rule, chunk.site, arrival[4], arrival[0])


def _attach(chunk: Chunk, journey: Journey, clock: RunningClock) -> None:
    clock.row = chunk.row(row_key(clock.rule, about(journey, clock)))
    clock.row.refs += 1


def _judge(moment: Moment, chunk: Chunk, journey: Journey, rule: Rule, fact: Fact | None = None) -> None:
    if rule.each:
        _judge_singles(moment, chunk, journey, rule, fact)
        return
    held = _held(journey, rule)
    cycles = split_cycles(journey.facts) if journey.reopened else [journey.facts]
    for cycle, facts in enumerate(cycles):
        turn = 0
        place: int | None = 0
        while place is not None:
            where = _Turn(rule, cycle, turn, place, facts)
            run = _judge_turn(moment, chunk, journey, held.get((cycle, turn)), where, fact)
            place = next_place(rule, facts, run, place) if rule.repeats and run is not None else None
            turn += 1
        for (of, number), clock in held.items() if rule.repeats else ():
            if of == cycle and number >= turn:
                _drop(moment, chunk, journey, clock)


def _held(journey: Journey, rule: Rule) -> dict[tuple[int, int], RunningClock]:
    """The clocks of one rule by cycle and turn."""
    return {(clock.cycle, clock.turn): clock for clock in journey.clocks if clock.rule is rule}


def _judge_singles(moment: Moment, chunk: Chunk, journey: Journey, rule: Rule, fact: Fact | None) -> None:
    """Judge the events that stand for themselves: of a customer, all that a new one may touch."""
    held = _held(journey, rule)
    alone = rule.watches == JOURNEY and bool(held) and not any(clock.moved for clock in held.values())
    for one in (fact,) if alone and fact is not None else tuple(journey.facts):
        if rule.role(one[1], one[4]) and _is_the_version_of(moment, chunk, rule, one):
            turn = turn_of(one)
            where = _Turn(rule, 0, turn, 0, journey.facts, one)
            _judge_turn(moment, chunk, journey, held.get((0, turn)), where, fact)


def _is_the_version_of(moment: Moment, chunk: Chunk, rule: Rule, fact: Fact) -> bool:
    """Tell whether a contact of a customer is judged by this version; a journey's events by that of its arrival."""
    if rule.watches == JOURNEY:
        return True
    return rule in moment.book.coverage(chunk.site, fact[4], fact[0], rule.watches).rules


class _Turn(NamedTuple):
    """Where one turn of a clock lies in its journey, or which of its events stands for itself."""

    rule: Rule
    cycle: int
    turn: int
    place: int
    """From which event of the cycle on it may start."""
    facts: list[Fact]
    single: Fact | None = None

    def measure(self, terms: Terms, seen: int, until: int) -> Run | None:
        """Work out its run, looked at up to an instant, for a standard that is retired at another."""
        rule = self.rule
        if self.single is not None:
            return measure_single(rule, self.facts, self.single, seen)
        match rule.kind:
            case "clock":
                return measure(rule, terms, self.facts, seen, until, self.place)
            case "sequence":
                return measure_steps(rule, terms, self.facts, seen, until)
        return measure_share(rule, self.facts)


def _judge_turn(
    moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock | None, where: _Turn, fact: Fact | None
) -> Run | None:
    rule = where.rule
    if clock is not None and clock.seen != NEVER:
        # Absence was judged before, so it is judged up to now: a due time that moves retracts nothing.
        clock.seen = max(clock.seen, moment.watermark - moment.delay(journey))
    terms = _terms(moment, chunk, journey, rule) if clock is None else clock.terms
    if terms is None:
        moment.decision.note(Reason.NO_CALENDAR)
        return None
    until = moment.book.retired_at(rule)
    run = where.measure(terms, NEVER if clock is None else clock.seen, until)
    if clock is None:
        if run is None:
            return None
        key = row_key(rule, where.single or journey.arrival)
        row = chunk.row(key)
        row.refs += 1
        clock = RunningClock(rule, where.cycle, terms, row, run, turn=where.turn)
        journey.clocks += (clock,)
        if run.ended == RUNNING and run.breach_at == NEVER:
            return run
    else:
        if run is None:
            _drop(moment, chunk, journey, clock)
            return None
        moved = clock.moved or (fact is not None and run.ended != RUNNING and _is_told_of(run, fact, where))
        _settle(moment, chunk, journey, clock, run, moved=moved)
        return run
    count(moment, chunk, journey, clock, run)
    say(moment, chunk, journey, clock, changed=True)
    return run


def _settle(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock, run: Run, *, moved: bool) -> None:
    """Put a clock's run as it is now known in the place of the one before, and say what differs."""
    before = clock.run
    if run == before and not moved:
        return
    clock.run = run
    count(moment, chunk, journey, clock, before, -1)
    count(moment, chunk, journey, clock, run)
    changed = moved or not run.says_the_same(before)
    if run.ended == RUNNING and not moved:
        # Of a violation that is open only its due instant is told, and a pause that came after does not move it.
        changed = run.breach_at != before.breach_at or run.tells() != before.tells()
    clock.moved = False
    say(moment, chunk, journey, clock, changed=changed)


def _drop(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock) -> None:
    withdraw(moment, chunk, journey, clock)
    journey.clocks = tuple(c for c in journey.clocks if c is not clock)


def _is_told_of(run: Run, fact: Fact, where: _Turn) -> bool:
    """
    Tell whether an event belongs into the trail of a clock that ended: it must be told again, even if nothing moved.
    """
    mask = where.rule.role(fact[1], fact[4])
    if where.single is not None or not mask or fact[0] > run.ended_at:
        return False
    # Attributes have no order, and two events never have all the rest in common.
    if not where.facts[0][:4] <= fact[:4] <= where.facts[-1][:4]:
        return False
    return not where.turn or fact[0] >= run.started_at or bool(mask & (PAUSE | RESUME))


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
    if run.due_at >= moment.watermark:
        return soonest
    if clock.hold == NEVER:
        clock.hold = moment.watermark if clock.seen != NEVER else moment.watermark + moment.grace
    return max(clock.hold, soonest)
