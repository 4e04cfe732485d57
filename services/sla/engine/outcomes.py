"""
Decisions: what the engine hands to the shell, in the fields of ``schemas.outcomes``.

These are the cheap twins of the contract's models: a test holds both against each other, field by field.
"""

from enum import StrEnum
from typing import Final

import msgspec


class Reason(StrEnum):
    """Why the engine did not simply take an event; the same name goes to log, metric, dead letter and test."""

    DUPLICATE = "duplicate"
    CONFLICT = "same_id_other_content"
    REVISED = "revised"
    """A higher revision of an event took its place."""
    OUTDATED = "outdated"
    """A higher revision of the event stands already."""
    OUT_OF_ORDER = "out_of_order"
    ALREADY_APPLIED = "already_applied"
    NOT_A_JOURNEY = "not_a_journey"
    UNKNOWN_STANDARD = "unknown_standard"
    UNCOVERED = "uncovered"
    NO_PROMISE = "no_promise"
    """A standard holds the journey to the time that was promised, and nothing was."""
    NO_CALENDAR = "no_calendar"
    """A standard runs in the hours of a calendar, and none was in force when the journey arrived."""
    OTHER_SCALE = "other_scale"
    """An answer was given on another scale than that of a standard, which leaves it out."""
    TOO_LATE = "too_late"
    IN_THE_FUTURE = "in_the_future"
    SITE_FULL = "site_full"
    JOURNEY_FULL = "journey_full"
    TOO_MANY_SITES = "too_many_sites"


class TrailEntry(msgspec.Struct, gc=False):
    """See ``schemas.outcomes.TrailEntry``."""

    at: int
    type: str
    source: str
    id: str
    role: str


class StepFault(msgspec.Struct, gc=False):
    """See ``schemas.outcomes.StepFault``."""

    step: str
    fault: str
    at: int


class Segment(msgspec.Struct, gc=False, omit_defaults=True):
    """See ``schemas.outcomes.Segment``."""

    from_at: int
    to_at: int
    counts: bool
    why: str | None = None
    name: str | None = None


class Measurement(msgspec.Struct, gc=False, omit_defaults=True):
    """See ``schemas.outcomes.Measurement``; the optional fields stand last, so that it can be made by position."""

    id: str
    standard: str
    version: int
    rev_offset: int
    rev_watermark: int
    site: str
    journey: str
    arrived_at: int
    state: str
    started_at: int
    ended_at: int
    ended_by: str
    value_ms: int
    paused_ms: int
    limit_ms: int
    validity: str
    met: bool | None
    short_abandon: bool
    trail: list[TrailEntry]
    segments: tuple[Segment, ...]
    queue: str | None = None
    channel: str | None = None
    service: str | None = None
    segment: str | None = None
    priority: str | None = None
    employee: str | None = None
    team: str | None = None
    cycle: int = 0
    late: bool = False
    turn: int = 0
    band: str | None = None
    calendar: str | None = None
    kind: str = "clock"
    score: int | None = None
    minimum: int | None = None
    reason: str | None = None
    course: str | None = None
    faults: tuple[StepFault, ...] = ()


class Violation(msgspec.Struct, gc=False, omit_defaults=True):
    """See ``schemas.outcomes.Violation``; the optional fields stand last, so that it can be made by position."""

    id: str
    standard: str
    version: int
    rev_offset: int
    rev_watermark: int
    site: str
    journey: str
    arrived_at: int
    kind: str
    state: str
    reason: str
    opened_at: int
    closed_at: int | None
    detected_at: int
    as_of: int
    value_ms: int
    limit_ms: int
    trail: list[TrailEntry]
    queue: str | None = None
    channel: str | None = None
    service: str | None = None
    segment: str | None = None
    priority: str | None = None
    employee: str | None = None
    team: str | None = None
    cycle: int = 0
    late: bool = False
    turn: int = 0
    score: int | None = None
    minimum: int | None = None
    course: str | None = None
    faults: tuple[StepFault, ...] = ()
    scope: str | None = None
    window: str | None = None
    metric: str | None = None
    target: int | None = None
    good: int | None = None
    total: int | None = None
    n: int | None = None
    burn_tier: str | None = None
    severity: str | None = None
    exhaustion_ms: int | None = None


class Attainment(msgspec.Struct, gc=False, omit_defaults=True):
    """See ``schemas.outcomes.Attainment``."""

    id: str
    standard: str
    version: int
    rev_offset: int
    rev_watermark: int
    site: str
    queue: str | None
    minute: int
    metric: str
    good: int
    total: int
    answered: int
    answered_within: int
    abandoned: int
    abandoned_within: int
    abandoned_short: int
    answered_wait_ms: int
    implausible: int
    cancelled: int
    expired: int
    retired: int
    n: int = 0
    earned: int = 0
    possible: int = 0
    score_sum: int = 0
    score_sum_squares: int = 0
    promoters: int = 0
    detractors: int = 0
    top2: int = 0
    failed_critical: int = 0
    distribution: tuple[tuple[int, int], ...] = ()


Outcome = Measurement | Violation | Attainment


class Decision(msgspec.Struct):
    """
    What follows from events or from the passing of time; the shell applies all of it in one place.

    ``timed`` holds what time alone caused: each leaves the worker only after the checkpoint of its chunk, the part of
    its site in ``timed_parts``, is durable. ``rejected`` pairs a record's offset with the reason for which it goes to
    the dead letters.
    """

    measurements: list[Measurement]
    violations: list[Violation]
    timed: list[Measurement | Violation]
    timed_parts: list[int]
    rejected: list[tuple[int, Reason]]
    notes: dict[Reason, int]

    @classmethod
    def empty(cls) -> "Decision":
        """Begin a decision in which nothing happened."""
        return cls([], [], [], [], [], {})

    def note(self, reason: Reason) -> None:
        """Count one occurrence of a reason."""
        self.notes[reason] = self.notes.get(reason, 0) + 1


encode_outcome: Final = msgspec.json.Encoder().encode
"""Write one outcome as JSON."""
decode_row: Final = msgspec.json.Decoder(Attainment).decode
"""Read a row of attainment as it was written. Raises msgspec.MsgspecError where it is none."""
