"""
What a scenario file may say: standards, a policy, a timeline of steps, and what must stand at its end or in between.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from schemas.base import Contract, Duration, LongName, Name, SiteId, SourceUri, Text
from schemas.objectives import MetricName
from schemas.outcomes import EndedBy

__all__ = [
    "Attained", "Expectation", "Measured", "ObjectiveViolated", "PolicySaid", "Scenario", "Step", "Stood", "Violated",
    "Waited",
]  # fmt: skip

_MOMENT: Final = re.compile(r"(?:(\d{4}-\d\d-\d\d)[ T])?(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)", re.ASCII)


def _that_there_is(text: str) -> str:
    written = _MOMENT.fullmatch(text)
    try:
        datetime.fromisoformat(f"{written[1] or date.min}T{written[2]}" if written else "")
    except ValueError:
        msg = "a time is written like 10:00:25, or with its day like 2026-03-02 10:00:25; both are UTC"
        raise ValueError(msg) from None
    return text


Moment = Annotated[str, AfterValidator(_that_there_is)]
"""A time of the scenario's day, or of another day with its date in front; UTC."""

ACTIONS: Final = ("event", "again", "advance_to", "restart", "publish", "expect")
Counted = Annotated[int, Field(ge=1)]


Faulty = Annotated[tuple[str, ...], Field(strict=False, description="Each step, what is wrong with it, since when.")]


class Measured(Contract):
    """
    A measurement that must stand; only the fields that are written are compared.
    """

    journey: LongName
    standard: Name | None = None
    version: int | None = None
    cycle: int | None = None
    turn: int | None = None
    site: SiteId | None = None
    queue: Name | None = None
    state: Literal["standing", "withdrawn"] = "standing"
    ended_by: EndedBy | None = None
    band: Name | None = None
    value: Duration | None = None
    limit: Duration | None = None
    over: Duration | None = Field(default=None, description="How far the value lies beyond the limit; 0s within it.")
    paused: Duration | None = None
    met: bool | None = None
    validity: Literal["plausible", "too_short", "too_long"] | None = None
    short_abandon: bool | None = None
    started_at: Moment | None = None
    ended_at: Moment | None = None
    employee: LongName | None = None
    team: Name | None = None
    late: bool | None = None
    calendar: LongName | None = None
    score: int | None = None
    minimum: int | None = None
    reason: Name | None = None
    course: Name | None = None
    faults: Faulty | None = None
    segments: Annotated[tuple[str, ...], Field(strict=False)] | None = Field(
        default=None,
        description="Each from, to, and where it does not count why, and the holiday's name.",
    )
    trail: Annotated[tuple[str, ...], Field(strict=False)] | None = Field(
        default=None, description="The events that it rests on: each when, and what it did to the clock."
    )
    story: Annotated[tuple[Name, ...], Field(strict=False)] | None = None
    """Every state that it went through; one alone was said once and never again."""


class Violated(Contract):
    """
    A violation that must have been said, in its last state; ``story`` lists every state that it went through.
    """

    journey: LongName
    standard: Name | None = None
    version: int | None = None
    cycle: int | None = None
    turn: int | None = None
    site: SiteId | None = None
    state: Literal["opened", "updated", "retracted", "closed"] | None = None
    reason: Name | None = None
    opened_at: Moment | None = None
    closed_at: Moment | None = None
    detected_at: Moment | None = None
    late: bool | None = None
    score: int | None = None
    minimum: int | None = None
    course: Name | None = None
    faults: Faulty | None = None
    story: Annotated[tuple[Name, ...], Field(strict=False)] | None = None


class ObjectiveViolated(Contract):
    """
    A violation of an objective or a burn that must have been said, in its last state; ``figure`` is good/total.
    """

    scope: LongName
    kind: Literal["objective", "burn"] = "objective"
    standard: Name | None = None
    version: int | None = None
    window: Name | None = None
    state: Literal["opened", "closed"] | None = None
    reason: Name | None = None
    opened_at: Moment | None = None
    closed_at: Moment | None = None
    as_of: Moment | None = None
    figure: Annotated[str, StringConstraints(pattern=r"^-?\d+/\d+$")] | None = None
    percentile: Duration | None = None
    burn_tier: Name | None = None
    severity: Name | None = None
    exhaustion: Duration | None = None
    story: Annotated[tuple[Name, ...], Field(strict=False)] | None = None


class Stood(Contract):
    """
    What a scope must stand at in a window; only the fields that are written are compared.

    ``figure`` is good/total of what counts, ``with_excluded`` the same with what an exclusion leaves out; ``none``
    where nothing was counted. ``percentile`` is what one comes to. ``left`` says how many may still go wrong, by the
    way of counting.
    """

    scope: LongName
    window: Name
    begin: Moment | None = None
    standard: Name | None = None
    version: int | None = None
    figure: Annotated[str, StringConstraints(pattern=r"^(?:\d+/\d+|none)$")] | None = None
    with_excluded: Annotated[str, StringConstraints(pattern=r"^(?:\d+/\d+|none)$")] | None = None
    percentile: Duration | None = None
    percentile_with_excluded: Duration | None = None
    finding: Literal["kept", "missed", "too_few", "no_data"] | None = None
    partly: bool | None = None
    left: Mapping[Literal["so_far", "projected"], int] | None = None
    formula: Text | None = None
    """Of its first budget."""


class Attained(Contract):
    """
    A metric as good/total of a standard, summed over the minutes, queues and sites that are not named.

    ``value`` is ``none`` where nothing was counted.
    """

    standard: Name
    metric: MetricName | None = None
    site: SiteId | None = None
    queue: Name | None = None
    minute: Moment | None = None
    value: Annotated[str, StringConstraints(pattern=r"^(?:-?\d+/\d+|none)$")] | None = None
    counts: Mapping[Name, int] = Field(default={})


class Waited(Contract):
    """
    How a line must be at that moment; only the fields that are written are compared.

    Waits and forecasts are written with their unit (`90s`, `64.02%`), or as the reason why there is no figure.
    """

    standard: Name
    site: SiteId = "branch-1"
    queue: Name | None = None
    waiting: int | None = None
    beyond: int | None = None
    oldest: Duration | None = None
    service_level: Annotated[str, StringConstraints(pattern=r"^(?:\d+/\d+|none)$")] | None = None
    agents: int | None = None
    by_position: Text | None = None
    by_last_answered: Text | None = None
    erlang_c: Text | None = None
    erlang_a: Text | None = None


class Expectation(Contract):
    """
    What must be true at a moment. A list that is written is complete; one that is left out is not looked at.
    """

    measurements: Annotated[tuple[Measured, ...], Field(strict=False)] | None = None
    violations: Annotated[tuple[Violated, ...], Field(strict=False)] | None = None
    at_risk: Annotated[tuple[Violated, ...], Field(strict=False)] | None = None
    presence: Annotated[tuple[Violated, ...], Field(strict=False)] | None = None
    objectives: Annotated[tuple[ObjectiveViolated, ...], Field(strict=False)] | None = None
    standings: Annotated[tuple[Stood, ...], Field(strict=False)] = ()
    lines: Annotated[tuple[Waited, ...], Field(strict=False)] = ()
    attainment: Annotated[tuple[Attained, ...], Field(strict=False)] = ()
    notes: dict[Name, int] | None = None
    rejected: dict[Name, int] | None = None
    open_journeys: int | None = None
    sites: int | None = None


class PolicySaid(Contract):
    """
    How time and memory are treated; what is not written is as in production.
    """

    clock: Literal["wall", "event"] = "wall"
    lateness: Duration | None = None
    horizon: Duration | None = None
    grace: Duration | None = None
    late_after: Duration | None = None
    future: Duration | None = None
    chunks: Counted | None = None
    chunk_max_bytes: Counted | None = None
    max_sites: Counted | None = None


class Step(Contract):
    """
    One line of the timeline: an event that is received, time that passes, a restart, a publication, or a check in
    between.
    """

    at: Moment | None = Field(default=None, description="When it happened.")
    received: Moment | None = Field(default=None, description="When it was received; as it happened, if left out.")
    event: Name | None = None
    journey: LongName | None = None
    times: Annotated[int, Field(ge=1, le=10_000)] = 1
    id: LongName | None = None
    source: SourceUri = "/source"
    site: SiteId = "branch-1"
    queue: Name | None = None
    channel: Name | None = None
    service: Name | None = None
    segment: Name | None = None
    priority: Name | None = None
    employee: LongName | None = None
    team: Name | None = None
    actor: Name | None = None
    outcome: Name | None = None
    milestone: Name | None = None
    reason: Name | None = None
    sender: Name | None = None
    recipient: Name | None = None
    closing: bool | None = None
    to_site: SiteId | None = None
    to_queue: Name | None = None
    to_employee: LongName | None = None
    kind: Name | None = None
    severity: Name | None = None
    topic: Name | None = None
    state: Name | None = None
    instrument: Name | None = None
    observer: Name | None = None
    checklist: Name | None = None
    survey: Name | None = None
    score: int | float | None = None
    scale: int | float | None = None
    items: Annotated[tuple[Mapping[str, Any], ...], Field(strict=False)] | None = None
    customer: LongName | None = None
    promised_at: Moment | None = None
    again: LongName | None = Field(default=None, description="The id of an event that is received once more.")
    advance_to: Moment | None = Field(default=None, description="Nothing is heard until then.")
    restart: Literal["clean", "crash"] | None = Field(
        default=None, description="The worker ends; a successor goes on from its last checkpoint."
    )
    checkpoint: bool = Field(default=False, description="Before the step, the worker saves its state.")
    publish: dict[str, Any] | None = None
    expect: Expectation | None = None

    @model_validator(mode="after")
    def _one_action(self) -> "Step":
        found = [name for name in ACTIONS if getattr(self, name) is not None]
        if len(found) != 1:
            msg = f"a step does one of {', '.join(ACTIONS)}; this one does {', '.join(found) or 'nothing'}"
            raise ValueError(msg)
        if self.event is not None and self.at is None:
            msg = "an event needs `at`, the time when it happened"
            raise ValueError(msg)
        return self


class Scenario(Contract):
    """
    A timeline and what must follow from it.
    """

    scenario: LongName
    because: Text = Field(description="The rule that it shows, and why it is a rule.")
    day: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")] = "2026-03-02"
    policy: PolicySaid = PolicySaid()
    files: Annotated[tuple[str, ...], Field(strict=False)] = ()
    standards: Annotated[tuple[dict[str, Any], ...], Field(strict=False)] = ()
    sources: Mapping[SourceUri, Duration] = Field(default={})
    timeline: Annotated[tuple[Step, ...], Field(strict=False, min_length=1)]
    expect: Expectation

    @model_validator(mode="after")
    def _real_day(self) -> "Scenario":
        date.fromisoformat(self.day)
        return self
