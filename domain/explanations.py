"""
Explanations: why one verdict is what it is, in words that a supervisor would use.

An explanation is a value first (headline, promise, what happened, how the clock ran, why it was judged so) and text
second, so that the command line, an alert and a web page say the same. Nothing is looked up or recomputed here: an
outcome carries its own trail.
"""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final, NamedTuple

from domain.moments import spoken_duration, spoken_instant, spoken_time
from schemas.events import PREFIX
from schemas.outcomes import Measurement, TrailEntry, Verdict, Violation
from schemas.standards import Standard

_EVENTS: Final = {
    "journey.arrived": "arrived",
    "journey.called": "was called",
    "service.started": "service began",
    "service.paused": "work was paused",
    "service.resumed": "work went on",
    "service.completed": "was served",
    "milestone.reached": "reached a milestone",
    "journey.transferred": "was handed over",
    "journey.abandoned": "left before being served",
    "journey.cancelled": "contact was called off",
    "journey.reopened": "contact began again",
    "journey.merged": "went on as part of another contact",
    "message.exchanged": "a message was written",
}
"""What a type of event means to the customer it is about; others are named by their type."""

_ROLES: Final = {
    "arrive": "the contact begins",
    "start": "starts the clock",
    "stop": "stops the clock",
    "abandon": "ends the clock: the customer left",
    "cancel": "makes the clock void",
    "pause": "halts the clock",
    "resume": "lets the clock run on",
    "other": "does nothing to this clock",
}

_REASONS: Final = {
    "limit_passed": "the limit passed while the clock was still running",
    "warning_passed": "the clock has used so much of its limit that the promise is at risk",
    "ended_late": "the clock ended only after its limit had passed",
    "ended": "the clock has ended",
    "expired": "nothing was heard for so long that the clock was given up",
    "standard_retired": "the standard was retired while the clock was running",
    "cancelled": "the contact was called off, so no promise applies",
    "abandoned_late": "the customer left after the limit had passed",
    "due_moved": "a later report moved the instant at which the limit passes",
    "ended_in_time": "a later report shows that the clock ended in time",
    "no_such_clock": "a later report shows that this clock never ran",
    "violated": "the limit has passed, so the promise is no longer at risk but broken",
    "implausible": "the value is not plausible, so it says nothing about the service",
}


class Step(NamedTuple):
    """
    Something that was reported and what it did to the clock. ``at`` is milliseconds since the epoch.
    """

    at: int
    what: str
    effect: str
    source: str


class Stretch(NamedTuple):
    """
    A stretch of the clock, and whether it counted. Milliseconds since the epoch.
    """

    begins_at: int
    ends_at: int
    counts: bool


class Explanation(NamedTuple):
    """
    Why one verdict is what it is; ``told`` makes text of it.
    """

    id: str
    headline: str
    about: str
    promise: str
    why_promised: str | None
    steps: tuple[Step, ...]
    stretches: tuple[Stretch, ...]
    judgement: tuple[str, ...]
    remarks: tuple[str, ...]


def explain_measurement(measured: Measurement, standard: Standard | None) -> Explanation:
    """
    Explain a clock that ended. The standard, if it is at hand, adds its title and its reason.
    """
    return Explanation(
        id=measured.id,
        headline=_measured_headline(measured, standard),
        about=_about(measured),
        promise=_promise(measured, measured.limit_ms, standard),
        why_promised=None if standard is None else " ".join(standard.metadata.why.split()),
        steps=_steps(measured.trail),
        stretches=tuple(Stretch(piece.from_at, piece.to_at, piece.counts) for piece in measured.segments),
        judgement=_measured_judgement(measured),
        remarks=_remarks(measured),
    )


def explain_violation(violation: Violation, standard: Standard | None) -> Explanation:
    """
    Explain a violation or a risk of one. A running clock is told as it stood at ``as_of``.
    """
    return Explanation(
        id=violation.id,
        headline=_violation_headline(violation, standard),
        about=_about(violation),
        promise=_promise(violation, violation.limit_ms, standard),
        why_promised=None if standard is None else " ".join(standard.metadata.why.split()),
        steps=_steps(violation.trail),
        stretches=(),
        judgement=_violation_judgement(violation),
        remarks=_remarks(violation),
    )


def compared(value_ms: int, limit_ms: int, verb: str = "took") -> str:
    """
    Say a value against its limit: ``waited 2 min 33 s; the promise is 20 s; over by 2 min 13 s``.
    """
    over = value_ms - limit_ms
    if over > 0:
        end = f"over by {spoken_duration(over)}"
    elif over < 0:
        end = f"{spoken_duration(-over)} to spare"
    else:
        end = "exactly on the limit, which still keeps it"
    return f"{verb} {spoken_duration(value_ms)}; the promise is {spoken_duration(limit_ms)}; {end}"


def told(explanation: Explanation, zone: tzinfo) -> str:
    """
    Write an explanation as text, its instants in a time zone.
    """
    lines = [explanation.headline, "", f"  who      {explanation.about}", f"  promise  {explanation.promise}"]
    if explanation.why_promised:
        lines.append(f"  because  {explanation.why_promised}")
    days = {spoken_instant(step.at, zone)[:10] for step in explanation.steps}
    first = explanation.steps[0].at if explanation.steps else None
    lines += ["", "What was reported" + (f" ({spoken_instant(first, zone)[:10]}, {zone})" if first is not None else "")]
    for step in explanation.steps:
        at = spoken_time(step.at, zone) if len(days) == 1 else spoken_instant(step.at, zone)
        lines.append(f"  {at}  {step.what}: {step.effect}  [{step.source}]")
    if explanation.stretches:
        lines += ["", "How the clock ran"]
        lines += [_stretch_line(stretch, zone, whole_days=len(days) > 1) for stretch in explanation.stretches]
    lines += ["", "Why it was judged so", *(f"  {sentence}" for sentence in explanation.judgement)]
    if explanation.remarks:
        lines += ["", "Worth knowing", *(f"  {sentence}" for sentence in explanation.remarks)]
    return "\n".join([*lines, "", f"  id  {explanation.id}"])


def _stretch_line(stretch: Stretch, zone: tzinfo, *, whole_days: bool) -> str:
    write = spoken_instant if whole_days else spoken_time
    length = spoken_duration(stretch.ends_at - stretch.begins_at)
    word = "counts" if stretch.counts else "paused, does not count"
    return f"  {write(stretch.begins_at, zone)} → {write(stretch.ends_at, zone)}  {length}, {word}"


def _steps(trail: Sequence[TrailEntry]) -> tuple[Step, ...]:
    return tuple(Step(entry.at, _event(entry.type), _ROLES[entry.role], entry.source) for entry in trail)


def _event(full_type: str) -> str:
    short = full_type.removeprefix(PREFIX)
    return _EVENTS.get(short, short)


def _verb(standard: Standard | None) -> str:
    """
    Customers wait while nobody has begun with them; everything else takes its time.
    """
    if standard is None:
        return "took"
    begins = {condition.event.removeprefix(PREFIX) for condition in standard.clock.start}
    ends = {condition.event.removeprefix(PREFIX) for condition in standard.clock.stop}
    served = {"service.completed", "complaint.resolved", "complaint.responded"}
    return "waited" if "journey.arrived" in begins and not ends & served else "took"


def _measured_headline(measured: Measurement, standard: Standard | None) -> str:
    verb, name = _verb(standard), f"{measured.journey} at {measured.site}"
    if measured.state == "withdrawn":
        return f"Withdrawn: {name}: a later report shows that this clock never ran"
    if measured.ended_by == "cancelled":
        return f"No verdict: {name}: the contact was called off after {spoken_duration(measured.value_ms)}"
    if measured.ended_by == "retired":
        return f"No verdict: {name}: the standard was retired while its clock was running"
    if measured.ended_by == "expired":
        silence = spoken_duration(measured.value_ms)
        return f"No verdict: {name}: nothing was heard of it for {silence}, so the clock was given up"
    if measured.ended_by == "abandoned":
        return f"Left: {name} {compared(measured.value_ms, measured.limit_ms, 'left after')}"
    if measured.met is None:
        word = "short" if measured.validity == "too_short" else "long"
        return f"No verdict: {name}: {spoken_duration(measured.value_ms)} is too {word} to be true"
    return f"{'Kept' if measured.met else 'Broken'}: {name} {compared(measured.value_ms, measured.limit_ms, verb)}"


def _measured_judgement(measured: Measurement) -> tuple[str, ...]:
    kept = "within" if measured.value_ms <= measured.limit_ms else "beyond"
    value, limit = spoken_duration(measured.value_ms), spoken_duration(measured.limit_ms)
    paused = f" and stood still for {spoken_duration(measured.paused_ms)}" if measured.paused_ms else ""
    lines = [f"The clock counted {value}{paused}."]
    if measured.ended_by == "abandoned":
        lines.append(
            f"The customer left {kept} the limit of {limit}; how that counts depends on the objective's metric."
        )
        if measured.short_abandon:
            lines.append("It was so short that it says nothing about the service: some metrics leave it out.")
    elif measured.ended_by in {"cancelled", "expired", "retired"}:
        lines.append("A clock that nobody stopped says nothing about the promise; it is counted apart.")
    elif measured.validity != "plausible":
        lines.append("The value lies outside what the standard calls plausible; it is counted apart.")
    else:
        word = "kept" if measured.met else "not kept"
        lines.append(f"That is {kept} the limit of {limit}, so the promise was {word}.")
    return tuple(lines)


def _violation_headline(violation: Violation, standard: Standard | None) -> str:
    name = f"{violation.journey} at {violation.site}"
    if violation.state == "retracted":
        return f"Retracted: {name}: {_REASONS[violation.reason]}"
    running = violation.closed_at is None
    if violation.kind == "at_risk":
        over = "Broken after the warning" if violation.reason == "violated" else "No longer at risk"
        word = "At risk" if running else over
        return f"{word}: {name}: {_REASONS[violation.reason]}"
    if running:
        limit = spoken_duration(violation.limit_ms)
        return f"Broken and still running: {name} has had to wait longer than the promised {limit}"
    return f"Broken: {name} {compared(violation.value_ms, violation.limit_ms, _verb(standard))}"


def _violation_judgement(violation: Violation) -> tuple[str, ...]:
    reason = _REASONS[violation.reason]
    lines = [f"{reason[0].upper()}{reason[1:]}."]
    if violation.kind == "journey":
        late_by = violation.detected_at - violation.opened_at
        lines.append(f"It was noticed {spoken_duration(max(late_by, 0))} after the limit had passed.")
    return tuple(lines)


def _promise(verdict: Verdict, limit_ms: int, standard: Standard | None) -> str:
    title = "" if standard is None else f"{standard.metadata.title}: "
    return f"{title}at most {spoken_duration(limit_ms)} ({verdict.standard}, version {verdict.version})"


def _about(verdict: Verdict) -> str:
    facts = [
        f"{word} {value}"
        for word, value in (
            ("queue", verdict.queue),
            ("channel", verdict.channel),
            ("service", verdict.service),
            ("segment", verdict.segment),
            ("priority", verdict.priority),
            ("employee", verdict.employee),
            ("team", verdict.team),
        )
        if value is not None
    ]
    cycle = f", reopened {verdict.cycle} time(s)" if verdict.cycle else ""
    return f"{verdict.journey} at {verdict.site}{cycle}" + (f" ({', '.join(facts)})" if facts else "")


def _remarks(verdict: Verdict) -> tuple[str, ...]:
    if verdict.late:
        return ("It is about a past that was over when it was reported, so nobody is paged for it.",)
    return ()


__all__ = ["Explanation", "Step", "Stretch", "compared", "explain_measurement", "explain_violation", "told"]
