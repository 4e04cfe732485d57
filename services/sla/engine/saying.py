"""
Saying: what is new about a run leaves as an outcome, and what no longer holds is taken back.

What was said before is compared with what holds now, and only the difference leaves: so a late event corrects, an early
end retracts, and saying the same twice never happens.
"""

from typing import Final

from domain.metrics import tally
from services.sla.engine.chunks import Chunk
from services.sla.engine.clocks import (
    ABANDONED,
    CANCELLED,
    ENDED_BY,
    EXPIRED,
    NEVER,
    RETIRED,
    RUNNING,
    STOPPED,
    Run,
    value_of,
)
from services.sla.engine.counting import count_run, plausible
from services.sla.engine.journeys import (
    VIOLATION_CLOSED,
    VIOLATION_OPEN,
    VIOLATION_RETRACTED,
    Journey,
    RunningClock,
)
from services.sla.engine.moment import Moment
from services.sla.engine.rules import CUSTOMER, Rule
from services.sla.engine.telling import tell_at_risk, tell_measurement, tell_violation
from services.sla.engine.trails import about

_LATE_REASONS: Final = {STOPPED: "ended_late", ABANDONED: "abandoned_late", CANCELLED: "cancelled", EXPIRED: "expired",
    RETIRED: "standard_retired",
}  # fmt: skip
_END_REASONS: Final = _LATE_REASONS | {STOPPED: "ended"}


def count(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock, run: Run, sign: int = 1) -> None:
    """Count a clock that ended, or with ``sign`` -1 take it out again; a running one does not count."""
    if not run.ended:
        return
    rule, row = clock.rule, clock.row
    if rule.kind == "clock":
        likely = not rule.doubts or plausible(rule, run)
        value = run.ended_at - run.started_at - run.paused_ms if run.more is None else value_of(run)
        tally(row.counts, sign, ENDED_BY[run.ended], likely, value, run.limit, rule.short_abandon)
        if likely and run.ended == ABANDONED:
            row.left_ms += sign * value
        if rule.keeps_values and likely and run.ended == STOPPED:
            chunk.keep(row, value, sign)
    else:
        count_run(rule, row.counts, sign, run, about(journey, clock))
    row.rev_offset = moment.offset
    row.rev_watermark = moment.watermark
    moment.changed.add((chunk.site, row.key))


def withdraw(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock) -> None:
    """Take back all that was said about a clock that, as is now known, never ran."""
    count(moment, chunk, journey, clock, clock.run, -1)
    if clock.said:
        moment.emit_measurement(tell_measurement(moment, chunk.site, journey, clock, standing=False))
    if clock.violation in (VIOLATION_OPEN, VIOLATION_CLOSED):
        moment.emit_violation(tell_violation(moment, chunk.site, journey, clock, "retracted", "no_such_clock"))
    if clock.at_risk:
        moment.emit_violation(tell_at_risk(moment, chunk.site, journey, clock, "closed", "no_such_clock"))
    clock.row.refs -= 1


def say(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock, *, changed: bool) -> None:
    """Say what is new about a clock: its measurement, its violation, whether it is at risk."""
    run = clock.run
    told = run.ended and _is_told(clock.rule, run)
    if changed and told:
        clock.said = True
        moment.emit_measurement(tell_measurement(moment, chunk.site, journey, clock, standing=True))
    elif clock.said and not told:
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
        # Why is told from the events alone, so that it does not depend on whether absence had been noticed before.
        clock.violation, state, reason = VIOLATION_CLOSED, "closed", _LATE_REASONS[run.ended]
    elif prior != VIOLATION_OPEN:
        clock.violation, state, reason = VIOLATION_OPEN, "opened", "limit_passed"
    elif changed:
        state, reason = "updated", "due_moved"
    else:
        return
    reason = _why(clock.rule, run, reason)
    moment.emit_violation(tell_violation(moment, chunk.site, journey, clock, state, reason))


def _is_told(rule: Rule, run: Run) -> bool:
    """Tell whether a run has a measurement: of what is only there to be counted of, nobody asks one by one."""
    return rule.kind != "rate" or rule.watches == CUSTOMER or bool(run.tells()[0])


def _why(rule: Rule, run: Run, reason: str) -> str:
    """Say why a violation is in its state, where the kind of its standard says more than the clock."""
    if rule.kind == "score":
        return "below_minimum"
    if rule.kind == "sequence" and run.ended in (RUNNING, STOPPED, ABANDONED):
        _, faults = run.tells()
        return f"step_{faults[0][1]}"
    return reason
