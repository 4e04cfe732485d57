"""
Telling: outcomes made of a clock and its journey, complete with the trail that explains them.
"""

from schemas.base import BASIS_POINTS
from services.sla.engine.clocks import ABANDONED, ENDED_BY, NEVER, STOPPED, Run, due_of, value_of
from services.sla.engine.events import ATTRIBUTES, MORE, RARE
from services.sla.engine.journeys import END_OF_OWN, Journey, RunningClock, name_of
from services.sla.engine.moment import Moment
from services.sla.engine.outcomes import Measurement, Segment, StepFault, Violation
from services.sla.engine.roles import ENDS, START
from services.sla.engine.rules import CUSTOMER, Rule
from services.sla.engine.stretches import segments
from services.sla.engine.trails import about, between, facts_of, trail_of

_TO_EMPLOYEE = RARE.index("to_employee")
_REASON = ATTRIBUTES.index("reason")


def tell_measurement(
    moment: Moment, site: str, journey: Journey, clock: RunningClock, *, standing: bool
) -> Measurement:
    """Make the measurement of a clock that ended, or (not standing) the withdrawal of one that did not."""
    rule, run, terms = clock.rule, clock.run, clock.terms
    arrival = about(journey, clock) if rule.each else journey.arrival
    attributes, by, validity = arrival[4], run.ended, "plausible"
    if by:
        ended_at = run.ended_at
        # What value_of gives, mostly without the call: this and `count` are in the path of every event.
        value = ended_at - run.started_at - run.paused_ms if run.more is None else value_of(run)
    else:
        by, ended_at, value = STOPPED, run.started_at, 0
    if rule.doubts:
        validity = "too_short" if value < rule.shortest else "too_long" if value > rule.longest else "plausible"
    met = None
    if by == STOPPED and validity == "plausible" and standing:
        met = value <= run.limit if rule.kind == "clock" else _met_of_other_kind(rule, run)
    trail = trail_of(journey, clock)
    cut: tuple[Segment, ...] = (Segment(run.started_at, ended_at, True),)  # noqa: FBT003 - a segment's field
    if not rule.plain and (run.paused_ms or terms.hours is not None) and run.ended:
        cut = segments(rule, terms, facts_of(journey, clock), run)
    employee, team = _who(journey, clock)
    name = journey.subject if journey.subject >= END_OF_OWN else name_of(journey.subject)
    place = _place(clock) if clock.turn else clock.cycle
    made = Measurement(
        f"m:{rule.key}:{place}:{site}:{name}", rule.id, rule.version, moment.offset, moment.watermark,
        site, name, arrival[0], "standing" if standing else "withdrawn",
        run.started_at, ended_at, ENDED_BY[by], value, run.paused_ms, run.limit, validity, met,
        by == ABANDONED and value <= rule.short_abandon, trail, cut,
        attributes[0], attributes[1], attributes[2], attributes[3], attributes[4], employee, team, clock.cycle,
        ended_at < moment.late_before, clock.turn,
    )  # fmt: skip
    # Rare ones apart: a call of more than thirty values is made by way of a list.
    if terms.grades and met is not None:
        made.band = terms.grade(value)
    if terms.hours is not None:
        made.calendar = terms.hours.key
    if rule.kind != "clock":
        made.kind = rule.kind
        _add_specials(made, rule, run)
        made.reason = arrival[4][_REASON] if rule.each else None
    return made


def _met_of_other_kind(rule: Rule, run: Run) -> bool | None:
    """Tell whether a run that is no clock and was stopped kept its standard; None where one by itself cannot."""
    if rule.kind == "rate":
        return bool(run.tells()[0]) if rule.watches == CUSTOMER else None
    # A score without a minimum is neither kept nor broken by itself.
    return None if rule.kind == "score" and not run.tells()[2] else run.breach_at == NEVER


def _add_specials(said: Measurement | Violation, rule: Rule, run: Run) -> None:
    """Add what only one kind of standard tells: a score with its minimum, or the course and the faults of its steps."""
    if rule.kind == "score":
        said.score, _, minimum = run.tells()
        said.minimum = minimum or None
    elif rule.kind == "sequence":
        course, faults = run.tells()
        said.course = course if len(rule.ways) > 1 else None
        said.faults = tuple(StepFault(*fault) for fault in faults)


def _place(clock: RunningClock) -> str:
    """Name a turn that is not the first with its cycle, as ids do."""
    return f"{clock.cycle}.{clock.turn}"


def _who(journey: Journey, clock: RunningClock) -> tuple[str | None, str | None]:
    """
    Say who served: the employee and team of the event at which the clock ended, else whom its start handed the journey
    to, else those of the arrival.
    """
    rule, end = clock.rule, clock.run.ended_at
    if end != NEVER:
        if rule.each:
            attributes = about(journey, clock)[4]
            if attributes[5] or attributes[6]:
                return attributes[5], attributes[6]
        facts = journey.facts
        if facts[-1][0] == end and not journey.reopened and len(facts) > 1 and facts[-2][0] != end:
            ends = facts[-1:]
        else:
            ends = between(facts_of(journey, clock), end, end)
        for _, rank, _, _, attributes in ends:
            # The one that ended it and no other of the same instant, so that the order of arrival says nothing.
            if rule.role(rank, attributes) & ENDS:
                if attributes[5] or attributes[6]:
                    return attributes[5], attributes[6]
                break
    handed_to = _handed_to(journey, clock) if rule.repeats else None
    if handed_to is not None:
        return handed_to, None
    arrival = journey.arrival[4]
    return arrival[5], arrival[6]


def _handed_to(journey: Journey, clock: RunningClock) -> str | None:
    """Say to whom the event at which a clock started handed the journey, if it did."""
    rule, since = clock.rule, clock.run.started_at
    for _, rank, _, _, attributes in between(facts_of(journey, clock), since, since):
        if rule.role(rank, attributes) & START:
            more = attributes[MORE]
            return None if more is None else more[_TO_EMPLOYEE]
    return None


def tell_violation(
    moment: Moment, site: str, journey: Journey, clock: RunningClock, state: str, reason: str
) -> Violation:
    """Make the violation of a promise by one journey, in one of its states."""
    run = clock.run
    opened_at = run.breach_at if run.breach_at != NEVER else due_of(run)
    value = value_of(run) if run.ended else run.limit
    return _tell(moment, site, journey, clock, "journey", state, reason, opened_at, value)


def tell_presence(
    moment: Moment, site: str, journey: Journey, clock: RunningClock, state: str, reason: str
) -> Violation:
    """Make the live verdict that one who should report is silent, or no longer is."""
    run = clock.run
    return _tell(moment, site, journey, clock, "presence", state, reason, due_of(run), run.limit)


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
    rule, run = clock.rule, clock.run
    arrival = about(journey, clock) if rule.each else journey.arrival
    attributes = arrival[4]
    employee, team = _who(journey, clock)
    now, name = moment.watermark, name_of(journey.subject)
    closed_at = None if state in ("opened", "updated") else run.ended_at if run.ended else now
    place = _place(clock) if clock.turn else clock.cycle
    made = Violation(
        f"v:{rule.key}:{kind}:{place}:{site}:{name}", rule.id, rule.version, moment.offset, now,
        site, name, arrival[0], kind, state, reason, opened_at, closed_at, now, now, value, run.limit,
        trail_of(journey, clock), attributes[0], attributes[1], attributes[2], attributes[3], attributes[4], employee,
        team, clock.cycle, opened_at < moment.late_before, clock.turn,
    )  # fmt: skip
    if rule.kind != "clock":
        _add_specials(made, rule, run)
    return made
