"""
Outcomes: what the engine says about journeys and scopes, each with the standard, its version, a revision and an id
made of content.

Every id can be read: it names the standard, version, cycle, site and journey that it is about, so the same event,
delivered or replayed twice, gives the same id and any store can drop the copy. A revision is the pair
(``rev_offset``, ``rev_watermark``) of the source record and the time that produced it; of two with the same id the
greater pair holds. Instants are integer milliseconds since the epoch, UTC; durations are integer milliseconds.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from schemas.base import Contract, LongName, Millis, Name, SiteId, Slug, SourceUri
from schemas.objectives import MetricName

OutcomeId = Annotated[str, Field(min_length=3, max_length=512)]
EndedBy = Literal["stopped", "abandoned", "cancelled", "expired", "retired"]
Role = Literal["arrive", "start", "stop", "abandon", "cancel", "pause", "resume", "step", "count", "of", "other"]


JourneyReason = Literal[
    "limit_passed", "warning_passed", "ended_late", "ended", "expired", "cancelled", "abandoned_late",
    "due_moved", "ended_in_time", "no_such_clock", "violated", "implausible", "standard_retired", "below_minimum",
    "step_missing", "step_late", "step_repeated", "step_out_of_order", "silent", "reported_again", "forgotten",
]  # fmt: skip
ScopeReason = Literal[
    "target_missed", "target_kept", "too_few", "no_data", "window_over", "standard_over",
    "burning", "burn_over", "inhibited",
]  # fmt: skip


class TrailEntry(Contract):
    """
    One event that a verdict rests on: what it was, when, from whom, and what it did to the clock.
    """

    at: Millis
    """When it happened."""
    type: Name
    """Type of the event."""
    source: SourceUri
    """Source of the event."""
    id: LongName
    """Id of the event within its source."""
    role: Role
    """What it did to the clock."""


class Segment(Contract):
    """
    A stretch of a clock: from, to, and whether it counted.
    """

    from_at: Millis
    """Where the stretch begins."""
    to_at: Millis
    """Where it ends."""
    counts: bool
    """Whether its time counts."""
    why: Literal["paused", "closed", "holiday"] | None = None
    """Why it does not count."""
    name: Name | None = None
    """What the holiday or the one-off closing is called."""


class StepFault(Contract):
    """
    What was wrong with one step of a sequence.
    """

    step: Name
    """Which step."""
    fault: Literal["missing", "late", "repeated", "out_of_order"]
    """What was wrong with it."""
    at: Millis
    """Since when: for a late or missing one the instant by which it should have been taken."""


Faults = Annotated[tuple[StepFault, ...], Field(strict=False)]
Points = Annotated[int | None, Field(description="Of answers in hundredths of a step, of checklists in basis points.")]


class Verdict(Contract):
    """
    What measurement and violation share: whose promise, about whom, and which record and time produced it.
    """

    id: OutcomeId
    """What the outcome is about, readable; of two with one id the later revision holds."""
    standard: Slug
    """Id of the standard."""
    version: Annotated[int, Field(ge=1)]
    """Its version, in force when the journey arrived."""
    rev_offset: int
    """First half of the revision: offset of the record that produced it."""
    rev_watermark: Millis
    """Second half: the time that produced it."""
    site: SiteId
    """Where."""
    queue: Name | None = None
    """In which line, at arrival."""
    channel: Name | None = None
    """How, at arrival."""
    service: Name | None = None
    """What for, at arrival."""
    segment: Name | None = None
    """Which kind of customer, at arrival."""
    priority: Name | None = None
    """Which priority, at arrival."""
    team: Name | None = None
    """Whose employee served."""
    employee: LongName | None = None
    """Pseudonym of who served."""
    journey: LongName
    """Which journey."""
    cycle: Annotated[int, Field(ge=0)] = 0
    """0 for the first time, 1 after the first re-opening, and so on."""
    turn: Annotated[int, Field(ge=0)] = 0
    """0 for the first time within the cycle; more where the standard's clock starts again, as for every hand-over. Of
    an event that stands for itself a number made of its source and id; of presence the second of the last sign."""
    arrived_at: Millis
    """When the journey arrived; figures are attributed to this instant."""
    late: bool = Field(
        default=False, description="About a past that was over when it was reported; page nobody for it."
    )


class Measurement(Verdict):
    """
    A clock that ended.

    ``met`` is empty where the clock was not stopped (abandoned, cancelled, expired, retired) or its value is
    implausible.
    ``state`` is ``withdrawn`` where a late event showed that this clock never was.
    """

    state: Literal["standing", "withdrawn"] = "standing"
    """`withdrawn` where a late event showed that this clock never was."""
    started_at: Millis
    """When the clock started."""
    ended_at: Millis
    """When it ended."""
    ended_by: EndedBy
    """What ended it."""
    value_ms: Annotated[int, Field(ge=0)]
    """What it measured, pauses left out."""
    paused_ms: Annotated[int, Field(ge=0)]
    """How long it stood still."""
    limit_ms: Annotated[int, Field(ge=0)]
    """What the standard allows."""
    validity: Literal["plausible", "too_short", "too_long"]
    """Whether the value is plausible."""
    met: bool | None
    """Whether the promise was kept; null where the clock says nothing about it."""
    short_abandon: bool
    """Whether the customer left so early that it says nothing about the service."""
    trail: Annotated[tuple[TrailEntry, ...], Field(strict=False)]
    """The events that the verdict rests on, in order."""
    segments: Annotated[tuple[Segment, ...], Field(strict=False)]
    """The stretches of the clock, in order."""
    band: Name | None = None
    """The grade of the value, where the standard has grades."""
    calendar: LongName | None = None
    """In whose hours it ran: id and version of the calendar, and the time zone."""
    kind: Literal["clock", "rate", "score", "sequence"] = "clock"
    """What was measured: a running time, something counted, a score, or steps."""
    score: Points = None
    minimum: Points = None
    reason: Name | None = None
    """The reason that its event stated, where one event stands for itself."""
    course: Name | None = None
    """Which of several courses a sequence took."""
    faults: Faults = ()
    """What was wrong with the steps of a sequence, in the order of time."""


class Violation(Verdict):
    """
    A standard not kept: by one journey, by many together over a window, or (``at_risk``) about to be.

    That of a journey is opened at the instant the limit passed, updated, retracted with its reason when a late event
    shows that it never was, closed when the clock ended. The other kinds are live verdicts: they say what one could
    know at ``as_of`` and are closed, never retracted. An objective or a burn is about a ``scope`` and a ``window``;
    it has no journey, and a site only where its scope lies in one.
    """

    site: SiteId | Literal[""]
    """Where; empty for a scope of several sites."""
    journey: LongName | Literal[""]
    """Which journey; empty for a scope."""
    arrived_at: Millis
    """When the journey arrived; for a scope, where its window began when the violation was opened."""
    kind: Literal["journey", "at_risk", "presence", "objective", "burn"]
    """`journey`: not kept; `at_risk`: about to be; `presence`: who should report does not; `objective`: a target missed
    over a window; `burn`: an error budget spent too fast."""
    state: Literal["opened", "updated", "retracted", "closed"]
    """Where its life stands."""
    reason: Literal[JourneyReason, ScopeReason]
    """Why it came into this state."""
    opened_at: Millis
    """The instant at which the limit (or warning) passed; for a scope, from when on it was known."""
    closed_at: Millis | None
    """When the clock ended, or the scope's figure no longer said so; null while it runs."""
    detected_at: Millis
    """Up to when the engine had looked when it decided."""
    as_of: Millis
    """The present that the verdict rests on."""
    value_ms: Annotated[int, Field(ge=0)]
    """What the clock showed then; for a scope that is held to a percentile what it came to, 0 for any other."""
    limit_ms: Annotated[int, Field(ge=0)]
    """What the standard allows; 0 for a scope."""
    trail: Annotated[tuple[TrailEntry, ...], Field(strict=False)]
    """The events that the verdict rests on, in order."""
    score: Points = None
    minimum: Points = None
    course: Name | None = None
    """Which of several courses a sequence took."""
    faults: Faults = ()
    """What was wrong with the steps of a sequence, in the order of time."""
    scope: Annotated[str, Field(max_length=300)] | None = None
    """What an objective or burn is about: `queue:SITE/QUEUE`, `site:SITE`, `region:PATH` or `organisation`."""
    window: Annotated[str, Field(max_length=160)] | None = None
    """Over which window, like `rolling:1h` or `calendar:month`; for a burn, the window whose budget it is."""
    metric: MetricName | None = None
    """The objective's metric."""
    target: int | None = None
    """What it should reach: basis points of a share, or milliseconds."""
    good: int | None = None
    """Numerator of the metric over the window at ``as_of``; for a burn, over its long window; of a percentile, how many
    were within its target."""
    total: int | None = None
    """Its denominator."""
    n: int | None = None
    """How many journeys the figure is of."""
    burn_tier: Annotated[str, Field(max_length=64)] | None = None
    """Which condition fired, by its two windows: `1h/5m`."""
    severity: Literal["page", "ticket"] | None = None
    """Whether somebody should be called for a burn, or find it in the morning."""
    exhaustion_ms: int | None = None
    """After how much time from ``as_of`` nothing of the budget is left at this pace; 0: nothing is; null: it lasts."""


ValueCount = Annotated[
    tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)]],
    Field(strict=False),
]
"""A value in milliseconds, and how many had it."""


class Attainment(Contract):
    """
    One standard in one scope (a queue of a site) and minute of arrival: sums that add up over scopes and minutes.

    ``good`` of ``total`` is the objective's metric, from the counts beside it, so every other named metric can be
    computed from the same row. Of a percentile they are the values within its target and all values. A zero ``total``
    has no value, neither 0 % nor 100 %.
    """

    id: OutcomeId
    """What the row is about, readable; of two with one id the later revision holds."""
    standard: Slug
    """Id of the standard."""
    version: Annotated[int, Field(ge=1)]
    """Its version."""
    rev_offset: int
    """First half of the revision: offset of the record that produced it."""
    rev_watermark: Millis
    """Second half: the time that produced it."""
    site: SiteId
    """Where."""
    queue: Name | None
    """In which line; null for journeys without one."""
    minute: Millis
    """The minute of arrival: its first instant."""
    metric: MetricName
    """The objective's metric."""
    good: int
    """Numerator of the metric (for asa: sum of waits in milliseconds; for nps below 0 where detractors prevail)."""
    total: Annotated[int, Field(ge=0)]
    """Denominator of the metric."""
    answered: Annotated[int, Field(ge=0)]
    """N: journeys that were answered."""
    answered_within: Annotated[int, Field(ge=0)]
    """A_T: of these, within the limit."""
    abandoned: Annotated[int, Field(ge=0)]
    """B: journeys whose customer left."""
    abandoned_within: Annotated[int, Field(ge=0)]
    """B_T: of these, within the limit."""
    abandoned_short: Annotated[int, Field(ge=0)]
    """B_s: of these, within the short-abandon limit."""
    answered_wait_ms: Annotated[int, Field(ge=0)]
    """Sum of the times of the answered, in milliseconds."""
    implausible: Annotated[int, Field(ge=0)]
    """Clocks whose value is not plausible; counted apart."""
    cancelled: Annotated[int, Field(ge=0)]
    """Clocks that were made void; counted apart."""
    expired: Annotated[int, Field(ge=0)]
    """Clocks that lost their ending; counted apart."""
    retired: Annotated[int, Field(ge=0)] = 0
    """Clocks that were still running when their standard was retired; counted apart."""
    n: Annotated[int, Field(ge=0)] = 0
    """Of scores: answers, or checklists of which an item applied."""
    earned: Annotated[int, Field(ge=0)] = 0
    """Of checklists: weight of what was passed."""
    possible: Annotated[int, Field(ge=0)] = 0
    """Of checklists: weight of what applied."""
    score_sum: Annotated[int, Field(ge=0)] = 0
    """Sum of the scores, in hundredths."""
    score_sum_squares: Annotated[int, Field(ge=0)] = 0
    """Sum of their squares."""
    promoters: Annotated[int, Field(ge=0)] = 0
    """Of answers on a scale to 10: 9 and 10."""
    detractors: Annotated[int, Field(ge=0)] = 0
    """Of answers on a scale to 10: 6 and less."""
    top2: Annotated[int, Field(ge=0)] = 0
    """Answers in the two highest boxes."""
    failed_critical: Annotated[int, Field(ge=0)] = 0
    """Checklists with a critical item that was failed."""
    distribution: Annotated[tuple[ValueCount, ...], Field(strict=False)] = ()
    """Where the metric is a percentile: the values that count, in milliseconds, rising, each with how many had it."""


MEASUREMENTS: Final[TypeAdapter[Measurement]] = TypeAdapter(Measurement)
VIOLATIONS: Final[TypeAdapter[Violation]] = TypeAdapter(Violation)
ATTAINMENTS: Final[TypeAdapter[Attainment]] = TypeAdapter(Attainment)
