"""
What a standard has to hear before it can be judged, held against what a connector can tell and what payloads told.

Pure: standards and facts in, sentences out. A need that no mapping can meet is a gap of the connector; one that a
mapping could meet and no payload did is a gap of the sample. What a standard asks for and could do without is remarked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from domain.patterns import compile_globs
from schemas.clocks import PROMISED, Clock
from schemas.conditions import Condition, Selector
from schemas.events import PREFIX
from schemas.presences import Presence
from schemas.rates import Rate
from schemas.scores import Score
from schemas.sequences import Course
from schemas.sequences import Sequence as Steps
from schemas.standards import Standard

__all__ = ["WHEN", "Gap", "Said", "Weight", "gaps_of"]

WHEN: Final = {
    "journey.arrived": "when the customer arrived",
    "journey.called": "when the customer was called or answered",
    "journey.transferred": "when the customer was handed over",
    "journey.abandoned": "when the customer gave up",
    "journey.cancelled": "when the contact was called off",
    "journey.reopened": "when the contact began again",
    "journey.merged": "when the contact went on as part of another",
    "service.started": "when service began",
    "service.paused": "when the work was paused",
    "service.resumed": "when the work went on",
    "service.completed": "when service ended",
    "milestone.reached": "when a step was reached",
    "message.exchanged": "when a message was written",
    "complaint.opened": "when a complaint was received",
    "complaint.acknowledged": "when a complaint was acknowledged",
    "complaint.responded": "when a complaint was answered",
    "complaint.resolved": "when a complaint was resolved",
    "complaint.reopened": "when a complaint was opened again",
    "complaint.withdrawn": "when a complaint was withdrawn",
    "feedback.received": "how the customer rated the service",
    "observation.recorded": "what an observer saw",
    "sale.completed": "when something was sold",
    "sale.lost": "when a sale was lost",
    "return.processed": "when goods came back",
    "incident.reported": "when something went wrong",
    "staff.state_changed": "what an employee does from now on",
    "staff_survey.answered": "what employees answered",
    "suggestion.submitted": "when a suggestion was made",
    "source.heartbeat": "that the source is still there",
}
"""What an event says, as the end of the sentence "no event says …", by its type."""

_ARRIVING: Final = frozenset({PREFIX + "journey.arrived", PREFIX + "complaint.opened"})


class Weight(StrEnum):
    """
    How much a gap matters.
    """

    NEVER = "never"
    """No mapping of the connector can tell it: the standard cannot be judged by it."""
    NOT_YET = "not_yet"
    """A mapping could tell it, and none of the payloads did."""
    REMARK = "remark"
    """The standard can be judged without it, with less in its figures."""


class Said(NamedTuple):
    """
    An event, or what a rule of a mapping can make one: its type, its facts, and where it comes from, for messages.
    A fact of a rule that an expression works out is None: it may be anything.
    """

    type: str
    facts: Mapping[str, object]
    where: str = ""


class Gap(NamedTuple):
    """
    Something that a standard asks for and does not get: in which part of it, and the sentence that says what.
    """

    weight: Weight
    part: str
    told: str


class _Need(NamedTuple):
    part: str
    of: Sequence[Condition]
    """Any of them will do."""
    also: tuple[str, ...] = ()
    """Facts that the event has to carry beside."""
    required: bool = True
    expected: bool = True
    """Whether a sample without any says that something is missing: a day without a complaint is none."""


def gaps_of(standard: Standard, can: Sequence[Said], saw: Sequence[Said]) -> list[Gap]:
    """
    Everything that a standard lacks, in the order of its document: of what a connector `can` say, and of what payloads
    were seen (`saw`) to say.
    """
    found = [gap for need in _needs(standard) for gap in _gap(need, can, saw)] + _courses(standard, can, saw)
    if standard.clock is not None and standard.clock.limit == PROMISED:
        found += _promised(can, saw)
    return [*found, *_uncovered(standard.applies_to, can, saw)]


def _needs(standard: Standard) -> Iterator[_Need]:
    match standard:
        case Standard(clock=Clock() as clock):
            yield _Need("start", clock.start)
            yield _Need("stop", clock.stop)
            yield _Need("abandon", clock.abandon, required=False)
            yield _Need("pause", clock.pause, required=False)
            yield _Need("resume", clock.resume, required=False)
        case Standard(rate=Rate() as rate):
            also = ("customer",) if rate.per == "customer" else ()
            yield _Need("of", rate.of, also)
            yield _Need("unless" if rate.unless else "count", rate.unless or rate.count, also, expected=False)
        case Standard(score=Score() as score):
            yield _Need("of", score.of, ("items",) if score.checklists else ("score",))
        case Standard(presence=Presence() as presence):
            yield _Need("signs", presence.signs, () if presence.of == "source" else (presence.of,))
        case _:
            yield from _needs_of_ends(standard.sequence)


def _needs_of_ends(sequence: Steps | None) -> Iterator[_Need]:
    assert sequence is not None  # noqa: S101 - a standard is of one of the kinds
    yield _Need("start", sequence.start)
    yield _Need("end", sequence.end)
    yield _Need("abandon", sequence.abandon, required=False)


def _needs_of_steps(course: Course) -> Iterator[_Need]:
    for step in course.steps:
        yield _Need(f"step {step.name!r}", step.shown_by, required=not step.optional)


def _courses(standard: Standard, can: Sequence[Said], saw: Sequence[Said]) -> list[Gap]:
    """
    What the steps lack; of several courses one that can be taken leaves the others to be remarked.
    """
    courses = () if standard.sequence is None else standard.sequence.all_courses()
    gaps = [[gap for need in _needs_of_steps(course) for gap in _gap(need, can, saw)] for course in courses]
    if len(courses) < 2:  # noqa: PLR2004  (one has nothing to fall back on)
        return [gap for some in gaps for gap in some]
    open_to_all = any(all(gap.weight is Weight.REMARK for gap in some) for some in gaps)
    return [
        Gap(Weight.REMARK if open_to_all else gap.weight, f"{gap.part} of {course.name!r}", gap.told)
        for course, some in zip(courses, gaps, strict=True)
        for gap in some
    ]


def _gap(need: _Need, can: Sequence[Said], saw: Sequence[Said]) -> Iterator[Gap]:
    if not need.of:
        return
    able = [one for one in can if any(_fits(condition, need.also, one) for condition in need.of)]
    if not able:
        yield Gap(Weight.NEVER if need.required else Weight.REMARK, need.part, _never(need, can))
    elif (
        need.required
        and need.expected
        and not any(_fits(condition, need.also, one) for condition in need.of for one in saw)
    ):
        told = f"none of these payloads says {_when(need.of)}; {_places(able)} can"
        yield Gap(Weight.NOT_YET, need.part, told)


def _never(need: _Need, can: Sequence[Said]) -> str:
    """
    Why no rule can meet a need: none of the type, or none with what the event must carry.
    """
    for condition in need.of:
        near = [one for one in can if one.type == condition.event]
        if not near:
            continue
        name, wanted = next(_unmet(condition, need.also, near[0]))
        told = [str(one.facts[name]) for one in near if one.facts.get(name) is not None]
        what = f"with the {name} {_listed(told)} alone" if told else f"without its {name}"
        asked = f", and {_listed(map(str, wanted), ' or ')} is asked for" if wanted else ""
        return f"{_short(condition.event)} is told {what} ({_places(near)}){asked}"
    return f"no event says {_when(need.of)} ({_listed(_short(one.event) for one in need.of)})"


def _fits(condition: Condition, also: Iterable[str], said: Said) -> bool:
    return said.type == condition.event and next(_unmet(condition, also, said), None) is None


def _unmet(condition: Condition, also: Iterable[str], said: Said) -> Iterator[tuple[str, tuple[object, ...]]]:
    """
    The facts that an event of a condition's type lacks, each with the values that it might have.
    """
    for name in also:
        if name not in said.facts:
            yield name, ()
    asked = {} if condition.where is None else condition.where.model_dump(exclude_none=True)
    for name, wanted in asked.items():
        allowed: tuple[object, ...] = (wanted,) if isinstance(wanted, bool) else tuple(wanted)
        if name not in said.facts:
            if allowed != (False,):
                yield name, allowed
        elif (value := said.facts[name]) is not None and value not in allowed:
            yield name, allowed


def _promised(can: Sequence[Said], saw: Sequence[Said]) -> Iterator[Gap]:
    able = [one for one in can if "promised_at" in one.facts]
    if not able:
        yield Gap(Weight.NEVER, "limit", "no event says which time the customer was promised (promised_at)")
    elif not any("promised_at" in one.facts for one in saw):
        told = f"none of these payloads says which time was promised; {_places(able)} can"
        yield Gap(Weight.NOT_YET, "limit", told)


def _uncovered(selector: Selector, can: Sequence[Said], saw: Sequence[Said]) -> Iterator[Gap]:
    """
    What `applies_to` asks for of a journey's first event, and that event does not carry.
    """
    for name, globs in selector.model_dump(exclude_none=True).items():
        fits = compile_globs(tuple(globs))
        part, asked = f"applies_to.{name}", _listed(globs, " or ")
        begins = _arriving(can)
        known = [one for one in begins if name in one.facts]
        if begins and not known:
            yield Gap(Weight.NEVER, part, f"{asked} is asked for, and what begins a journey does not tell its {name}")
        elif known and not any(one.facts[name] is None or fits(str(one.facts[name])) for one in known):
            told = _listed(dict.fromkeys(str(one.facts[name]) for one in known))
            yield Gap(Weight.NEVER, part, f"{asked} is asked for, and the connector says {told}")
        elif known and saw and not any(fits(str(one.facts.get(name, ""))) for one in _arriving(saw)):
            met = _listed(dict.fromkeys(str(one.facts.get(name, "none")) for one in _arriving(saw)))
            yield Gap(Weight.NOT_YET, part, f"{asked} is asked for, and these payloads say {met}")


def _arriving(said: Sequence[Said]) -> Sequence[Said]:
    return [one for one in said if one.type in _ARRIVING] or said


def _when(conditions: Iterable[Condition]) -> str:
    return _listed((_said_by(one) for one in conditions), ", or ")


def _said_by(condition: Condition) -> str:
    said = WHEN[_short(condition.event)]
    if condition.where is None:
        return said
    asked = condition.where.model_dump(exclude_none=True).items()
    shown = (
        f"{name} {_listed(map(str, value), ' or ') if isinstance(value, tuple) else value}" for name, value in asked
    )
    return f"{said} with {_listed(shown)}"


def _short(event: str) -> str:
    return event.removeprefix(PREFIX)


def _places(said: Iterable[Said]) -> str:
    """
    Where they come from: of places in one file, the file once.
    """
    told: list[str] = []
    before = ""
    for one in said:
        file = one.where.rpartition(":")[0]
        told.append(one.where.removeprefix(f"{before}:") if before else one.where)
        before = file
    return _listed(told)


def _listed(words: Iterable[str], between: str = ", ") -> str:
    return between.join(dict.fromkeys(words))
