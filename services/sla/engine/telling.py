"""
Telling: outcomes made of a clock and its journey, complete with the trail that explains them.
"""

from schemas.base import BASIS_POINTS
from services.sla.engine.clocks import ABANDONED, ENDED_BY, NEVER, STOPPED
from services.sla.engine.events import TYPE_NAMES, Fact
from services.sla.engine.journeys import Journey, RunningClock, split_cycles
from services.sla.engine.moment import Moment
from services.sla.engine.outcomes import Measurement, Segment, TrailEntry, Violation
from services.sla.engine.rules import ABANDON, CANCEL, ENDS, PAUSE, RESUME, START, STOP
from services.sla.engine.stretches import segments

_BEFORE_START = ((START, "start"), (PAUSE, "pause"), (RESUME, "resume"))
_AFTER_START = ((CANCEL, "cancel"), (STOP, "stop"), (ABANDON, "abandon"), (PAUSE, "pause"), (RESUME, "resume"))


def _name_roles(order: tuple[tuple[int, str], ...]) -> tuple[str, ...]:
    """Name every combination of roles by the first that applies."""
    return tuple(next((name for bit, name in order if mask & bit), "other") for mask in range(64))


_NAME_BEFORE = _name_roles(_BEFORE_START)
_NAME_AFTER = _name_roles(_AFTER_START)


def _trail(journey: Journey, clock: RunningClock) -> list[TrailEntry]:
    """List the events that a verdict rests on: the arrival, and those that do something to the clock up to its end."""
    rule, end = clock.rule, clock.run.ended_at
    arrival = journey.arrival
    entries = []
    names = _NAME_BEFORE
    for fact in _facts(journey, clock):
        at, rank, source, ident, attributes = fact
        mask = rule.role(rank, attributes) if rule.guarded else rule.masks[rank]
        if mask:
            if at > end != NEVER:
                break
            if names is _NAME_BEFORE and clock.turn and _is_of_an_earlier_turn(clock, mask, at):
                if fact is arrival:
                    entries.append(TrailEntry(at, TYPE_NAMES[rank], source, ident, "arrive"))
                continue
            entries.append(TrailEntry(at, TYPE_NAMES[rank], source, ident, names[mask]))
            if names is _NAME_AFTER:
                if mask & ENDS:
                    break
            elif mask & START:
                names = _NAME_AFTER
        elif fact is arrival:
            entries.append(TrailEntry(at, TYPE_NAMES[rank], source, ident, "arrive"))
    return entries


def _is_of_an_earlier_turn(clock: RunningClock, mask: int, at: int) -> bool:
    """Tell whether an event before the start of a later turn did something to an earlier one only; pauses last."""
    return not mask & (PAUSE | RESUME) and not (mask & START and at == clock.run.started_at)


def _facts(journey: Journey, clock: RunningClock) -> list[Fact]:
    return split_cycles(journey.facts)[clock.cycle] if journey.reopened else journey.facts


def tell_measurement(
    moment: Moment, site: str, journey: Journey, clock: RunningClock, *, standing: bool
) -> Measurement:
    """Make the measurement of a clock that ended, or (not standing) the withdrawal of one that did not."""
    rule, run, arrival = clock.rule, clock.run, journey.arrival
    attributes = arrival[4]
    ended_at = run.ended_at if run.ended else run.started_at
    value = run.value if run.ended else 0
    by = run.ended or STOPPED
    validity = "too_short" if value < rule.shortest else "too_long" if value > rule.longest else "plausible"
    met = value <= run.limit if by == STOPPED and validity == "plausible" and standing else None
    trail = _trail(journey, clock)
    hours = clock.terms.hours
    if run.ended and (run.paused_ms or hours is not None):
        cut = segments(rule, clock.terms, _facts(journey, clock), run)
    else:
        cut = (Segment(run.started_at, ended_at, True),)  # noqa: FBT003 - a segment's field
    employee, team = _who(journey, clock)
    return Measurement(
        f"m:{rule.key}:{_place(clock)}:{site}:{journey.subject}", rule.id, rule.version, moment.offset,
        moment.watermark, site, journey.subject, arrival[0], "standing" if standing else "withdrawn",
        run.started_at, ended_at, ENDED_BY[by], value, run.paused_ms, run.limit, validity, met,
        by == ABANDONED and value <= rule.short_abandon, trail, cut,
        attributes[0], attributes[1], attributes[2], attributes[3], attributes[4], employee, team, clock.cycle,
        ended_at < moment.late_before, clock.turn, clock.terms.grade(value) if met is not None else None,
        None if hours is None else hours.key,
    )  # fmt: skip


def _place(clock: RunningClock) -> str:
    """Name the cycle, and the turn where it is not the first, as ids do."""
    return f"{clock.cycle}.{clock.turn}" if clock.turn else str(clock.cycle)


def _who(journey: Journey, clock: RunningClock) -> tuple[str | None, str | None]:
    """Say who served: the employee and team of the event at which the clock ended, else those of the arrival."""
    end, role = clock.run.ended_at, clock.rule.role
    if end != NEVER:
        for at, rank, _, _, attributes in _facts(journey, clock):
            # The one that ended it and no other of the same instant, so that the order of arrival says nothing.
            if at == end and role(rank, attributes) & ENDS:
                if attributes[5] or attributes[6]:
                    return attributes[5], attributes[6]
                break
    arrival = journey.arrival[4]
    return arrival[5], arrival[6]


def tell_violation(
    moment: Moment, site: str, journey: Journey, clock: RunningClock, state: str, reason: str
) -> Violation:
    """Make the violation of a promise by one journey, in one of its states."""
    run = clock.run
    opened_at = run.breach_at if run.breach_at != NEVER else run.due_at
    value = run.value if run.ended else run.limit
    return _tell(moment, site, journey, clock, "journey", state, reason, opened_at, value)


def tell_at_risk(
    moment: Moment, site: str, journey: Journey, clock: RunningClock, state: str, reason: str
) -> Violation:
    """Make the live verdict that a clock is about to pass its limit, or no longer is."""
    run = clock.run
    warn = run.limit * clock.rule.warn_share // BASIS_POINTS
    opened_at = run.started_at + run.paused_ms + warn if run.more is None else run.more[2]
    return _tell(moment, site, journey, clock, "at_risk", state, reason, opened_at, warn)


def _tell(  # noqa: PLR0913, PLR0917 - what differs between the two kinds of violation
    moment: Moment,
    site: str,
    journey: Journey,
    clock: RunningClock,
    kind: str,
    state: str,
    reason: str,
    opened_at: int,
    value: int,
) -> Violation:
    rule, run, arrival = clock.rule, clock.run, journey.arrival
    attributes = arrival[4]
    employee, team = _who(journey, clock)
    closed_at = None if state in ("opened", "updated") else run.ended_at if run.ended else moment.watermark
    return Violation(
        f"v:{rule.key}:{kind}:{_place(clock)}:{site}:{journey.subject}", rule.id, rule.version, moment.offset,
        moment.watermark, site, journey.subject, arrival[0], kind, state, reason, opened_at, closed_at,
        moment.watermark, moment.watermark, value, run.limit, _trail(journey, clock), attributes[0], attributes[1],
        attributes[2], attributes[3], attributes[4], employee, team, clock.cycle, opened_at < moment.late_before,
        clock.turn,
    )  # fmt: skip
