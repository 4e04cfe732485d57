"""
Judging: from a journey's events to what is said about it, and what must be taken back.

A clock's run is always worked out from the events; what was said before is compared with it, and only the difference
leaves as an outcome. So a late event corrects, an early end retracts, and saying the same twice never happens.
"""

from typing import Final, NamedTuple

from domain.metrics import tally
from services.sla.engine.chunks import MINUTE_MS, Chunk, row_key
from services.sla.engine.clocks import (
    ABANDONED,
    CANCELLED,
    ENDED_BY,
    ENDED_BY_TIME,
    EXPIRED,
    NEVER,
    RETIRED,
    RUNNING,
    STOPPED,
    Run,
    begin,
    end,
)
from services.sla.engine.courses import measure, next_place
from services.sla.engine.events import ARRIVALS, REOPENINGS, Fact
from services.sla.engine.journeys import (
    VIOLATION_CLOSED,
    VIOLATION_OPEN,
    VIOLATION_RETRACTED,
    Journey,
    RunningClock,
    find_arrival,
    split_cycles,
)
from services.sla.engine.moment import Moment
from services.sla.engine.outcomes import Reason
from services.sla.engine.rules import CANCEL, ENDS, START, STOP, Rule
from services.sla.engine.telling import tell_at_risk, tell_measurement, tell_violation
from services.sla.engine.terms import Terms

_JUDGED: Final = (STOPPED, ABANDONED)
_LATE_REASONS: Final = {STOPPED: "ended_late", ABANDONED: "abandoned_late", CANCELLED: "cancelled", EXPIRED: "expired",
    RETIRED: "standard_retired",
}  # fmt: skip
_END_REASONS: Final = {STOPPED: "ended", ABANDONED: "abandoned_late", CANCELLED: "cancelled", EXPIRED: "expired",
    RETIRED: "standard_retired",
}  # fmt: skip


def begin_journey(moment: Moment, chunk: Chunk, journey: Journey) -> None:
    """Judge a journey by its first event; the same as ``take``, for the most frequent case."""
    at, rank, _, _, attributes = fact = journey.arrival
    if rank in REOPENINGS:
        take(moment, chunk, journey, fact)
        return
    coverage = journey.coverage = moment.book.coverage(chunk.site, attributes, at)
    if not coverage.rules:
        moment.decision.note(Reason.UNCOVERED)
        return
    for rule in coverage.rules:
        if rule.role(rank, attributes) & START:
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
            journey.clocks += (RunningClock(rule, 0, terms, row, key, run),)
    if journey.clocks:
        _set_timer(moment, journey)


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
            _judge(moment, chunk, journey, rule, fact)
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
            if run.ended and (run.ended not in ENDED_BY_TIME or at > run.ended_at) and not rule.repeats:
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
            _count(moment, chunk, clock, run)
            if run.breach_at == NEVER and not clock.violation and not clock.at_risk:
                clock.said = True
                moment.emit_measurement(tell_measurement(moment, chunk.site, journey, clock, standing=True))
            else:
                _say(moment, chunk, journey, clock, changed=True)
            return True
    return False


def wake(moment: Moment, chunk: Chunk, journey: Journey, now: int) -> None:
    """Judge those clocks of a journey again whose instant has come, because time passed and nothing was heard."""
    for clock in journey.clocks:
        if clock.wake != NEVER and clock.wake <= now:
            clock.seen = now - moment.delay(journey)
            _judge(moment, chunk, journey, clock.rule)
    _set_timer(moment, journey)


def _arrive(moment: Moment, chunk: Chunk, journey: Journey, arrival: Fact) -> None:
    """Choose the standards by the arrival, and move what was counted under another one."""
    journey.arrival = arrival
    journey.coverage = moment.book.coverage(chunk.site, arrival[4], arrival[0])
    rules = journey.coverage.rules
    kept = []
    for clock in journey.clocks:
        terms = _terms(moment, chunk, journey, clock.rule) if clock.rule in rules else None
        if terms is not None:
            _count(moment, chunk, clock, clock.run, -1)
            clock.row.refs -= 1
            _attach(chunk, journey, clock)
            clock.terms = terms
            _count(moment, chunk, clock, clock.run)
            clock.moved = True
            kept.append(clock)
        else:
            _withdraw(moment, chunk, journey, clock)
    journey.clocks = tuple(kept)
    if not rules:
        moment.decision.note(Reason.UNCOVERED)


def _terms(moment: Moment, chunk: Chunk, journey: Journey, rule: Rule) -> Terms | None:
    arrival = journey.arrival
    return moment.book.terms(rule, chunk.site, arrival[4], arrival[0])


def _attach(chunk: Chunk, journey: Journey, clock: RunningClock) -> None:
    clock.row_key = row_key(clock.rule.key, journey.arrival)
    clock.row = chunk.row(clock.row_key)
    clock.row.refs += 1


def _judge(moment: Moment, chunk: Chunk, journey: Journey, rule: Rule, fact: Fact | None = None) -> None:
    cycles = split_cycles(journey.facts) if journey.reopened else [journey.facts]
    for cycle, facts in enumerate(cycles):
        turn = 0
        place: int | None = 0
        while place is not None:
            run = _judge_turn(moment, chunk, journey, rule, _Turn(cycle, turn, place, facts), fact)
            place = next_place(rule, facts, run, place) if rule.repeats and run is not None else None
            turn += 1
        if rule.repeats:
            gone = [c for c in journey.clocks if c.rule is rule and c.cycle == cycle and c.turn >= turn]
            for clock in gone:
                _drop(moment, chunk, journey, clock)


class _Turn(NamedTuple):
    """Where one turn of a clock lies in its journey."""

    cycle: int
    turn: int
    place: int
    """From which event of the cycle on it may start."""
    facts: list[Fact]


def _judge_turn(
    moment: Moment, chunk: Chunk, journey: Journey, rule: Rule, where: _Turn, fact: Fact | None
) -> Run | None:
    clock = next(
        (c for c in journey.clocks if c.rule is rule and c.cycle == where.cycle and c.turn == where.turn), None
    )
    if clock is not None and clock.seen != NEVER:
        # Absence was judged before, so it is judged up to now: a due time that moves retracts nothing.
        clock.seen = max(clock.seen, moment.watermark - moment.delay(journey))
    terms = _terms(moment, chunk, journey, rule) if clock is None else clock.terms
    if terms is None:
        moment.decision.note(Reason.NO_CALENDAR)
        return None
    until = moment.book.retired_at(rule)
    run = measure(rule, terms, where.facts, NEVER if clock is None else clock.seen, until, where.place)
    if clock is None:
        if run is None:
            return None
        key = row_key(rule.key, journey.arrival)
        row = chunk.row(key)
        row.refs += 1
        clock = RunningClock(rule, where.cycle, terms, row, key, run, turn=where.turn)
        journey.clocks += (clock,)
        if run.ended == RUNNING and run.breach_at == NEVER:
            return run
        before, moved = None, True
    else:
        before = clock.run
        if run is None:
            _drop(moment, chunk, journey, clock)
            return None
        moved = clock.moved or (fact is not None and run.ended != RUNNING and _is_told_of(rule, run, fact))
        if run == before and not moved:
            return run
        clock.run = run
        _count(moment, chunk, clock, before, -1)
    _count(moment, chunk, clock, run)
    changed = before is None or moved or not run.says_the_same(before)
    if before is not None and run.ended == RUNNING and not moved:
        # Of a violation that is open only its due instant is told, and a pause that came after does not move it.
        changed = run.breach_at != before.breach_at
    clock.moved = False
    _say(moment, chunk, journey, clock, changed=changed)
    return run


def _drop(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock) -> None:
    _withdraw(moment, chunk, journey, clock)
    journey.clocks = tuple(c for c in journey.clocks if c is not clock)


def _is_told_of(rule: Rule, run: Run, fact: Fact) -> bool:
    """
    Tell whether an event belongs into the trail of a clock that ended: it must be told again, even if nothing moved.
    """
    return fact[0] <= run.ended_at and rule.role(fact[1], fact[4]) != 0


def plausible(rule: Rule, run: Run) -> bool:
    """Tell whether a run that was stopped or abandoned lies within its rule's validity; any other is not doubted."""
    return not rule.doubts or run.ended not in _JUDGED or rule.shortest <= run.value <= rule.longest


def _count(moment: Moment, chunk: Chunk, clock: RunningClock, run: Run, sign: int = 1) -> None:
    """Count a clock that ended, or with ``sign`` -1 take it out again; a running one does not count."""
    if not run.ended:
        return
    rule, row = clock.rule, clock.row
    value = run.value
    by, likely = ENDED_BY[run.ended], plausible(rule, run)
    tally(row.counts, sign, by, likely, value, run.limit, rule.short_abandon)
    row.rev_offset = moment.offset
    row.rev_watermark = moment.watermark
    moment.changed.add((chunk.site, clock.row_key))


def _withdraw(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock) -> None:
    """Take back all that was said about a clock that, as is now known, never ran."""
    _count(moment, chunk, clock, clock.run, -1)
    if clock.said:
        moment.emit_measurement(tell_measurement(moment, chunk.site, journey, clock, standing=False))
    if clock.violation in (VIOLATION_OPEN, VIOLATION_CLOSED):
        moment.emit_violation(tell_violation(moment, chunk.site, journey, clock, "retracted", "no_such_clock"))
    if clock.at_risk:
        moment.emit_violation(tell_at_risk(moment, chunk.site, journey, clock, "closed", "no_such_clock"))
    clock.row.refs -= 1


def _say(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock, *, changed: bool) -> None:
    """Say what is new about a clock: its measurement, its violation, whether it is at risk."""
    run = clock.run
    if changed and run.ended:
        clock.said = True
        moment.emit_measurement(tell_measurement(moment, chunk.site, journey, clock, standing=True))
    elif clock.said and not run.ended:
        clock.said = False
        moment.emit_measurement(tell_measurement(moment, chunk.site, journey, clock, standing=False))
    if run.warned != clock.at_risk:
        clock.at_risk = run.warned
        reason = "warning_passed" if run.warned else _risk_is_over(run)
        state = "opened" if run.warned else "closed"
        moment.emit_violation(tell_at_risk(moment, chunk.site, journey, clock, state, reason))
    _say_violation(moment, chunk, journey, clock, changed=changed)


def _risk_is_over(run: Run) -> str:
    if run.breach_at != NEVER:
        return "violated"
    return _END_REASONS[run.ended] if run.ended else "due_moved"


def _say_violation(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock, *, changed: bool) -> None:
    run, prior = clock.run, clock.violation
    known = prior in (VIOLATION_OPEN, VIOLATION_CLOSED)
    if run.breach_at == NEVER or not plausible(clock.rule, run):
        if known:
            clock.violation = VIOLATION_RETRACTED
            reason = "implausible" if run.breach_at != NEVER else "ended_in_time" if run.ended else "due_moved"
            moment.emit_violation(tell_violation(moment, chunk.site, journey, clock, "retracted", reason))
        return
    if run.ended:
        clock.violation = VIOLATION_CLOSED
        # Why is told from the events alone, so that it does not depend on whether absence had been noticed before.
        moment.emit_violation(tell_violation(moment, chunk.site, journey, clock, "closed", _LATE_REASONS[run.ended]))
    elif prior != VIOLATION_OPEN:
        clock.violation = VIOLATION_OPEN
        moment.emit_violation(tell_violation(moment, chunk.site, journey, clock, "opened", "limit_passed"))
    elif changed:
        moment.emit_violation(tell_violation(moment, chunk.site, journey, clock, "updated", "due_moved"))


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
