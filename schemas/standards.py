"""
Standards, calendars, sites and sources as their owners write them: YAML with ``apiVersion``, ``kind`` and ``metadata``.

A ``Standard`` is a versioned promise: whom it covers, which clock measures one journey, the limit for one, the
objective for many. Its *meaning* never changes under the same id and version; its *wording* may, as a revision.
A field that is not known here is refused, so that a document is never half obeyed.
"""

from typing import Annotated, Final, Literal

from pydantic import Discriminator, Field, TypeAdapter, model_validator

from schemas.base import URL, Contract, Instant, Labels, LongName, Name, Slug, Text, digest_of, misfit
from schemas.calendars import Calendar, CalendarMetadata
from schemas.clocks import Clock
from schemas.conditions import Selector
from schemas.corrective_actions import CorrectiveAction
from schemas.exclusions import Exclusion
from schemas.objectives import ANSWER_METRICS, CHECKLIST_METRICS, CLOCK_METRICS, RATE_METRICS, Objective
from schemas.presences import Presence
from schemas.rates import Rate
from schemas.register import Site, Source
from schemas.retirements import Retirement
from schemas.scores import Score
from schemas.sequences import Sequence

WORDING: Final = ("title", "owner", "agreement", "why", "do", "runbook", "labels")
"""Metadata that may change without changing what is promised."""

KINDS: Final = ("clock", "rate", "score", "sequence", "presence")
"""The kinds of standard, each by the field that says what is measured."""


class StandardMetadata(Contract):
    """
    Which promise this is, whose, since when, and why it exists.
    """

    id: Slug
    """Name of the promise for machines; stays the same over versions."""
    version: Annotated[int, Field(ge=1, le=100_000)]
    """Another meaning is another version."""
    title: LongName
    """Name of the promise for people."""
    owner: LongName
    """Who answers for it."""
    agreement: Literal["customer", "internal", "supplier"] = "customer"
    """To whom it is promised: to customers; to colleagues, as an operational level agreement; or by a supplier, in a
    contract that holds up what is promised to others."""
    category: Name = "speed_and_time"
    """What it is about."""
    effective_from: Instant
    """Journeys that arrive from here on are judged by it."""
    effective_until: Instant | None = None
    """Journeys that arrive from here on are not; absent: open."""
    why: Text
    """Why the promise is made."""
    do: Text | None = None
    """What to do when it is not kept, for whoever is told; else what the rule of its alerts says."""
    runbook: Annotated[str, Field(max_length=500, pattern=URL)] | None = None
    """Where that is written at length; else what the rule of its alerts says."""
    labels: Labels = Field(default_factory=dict)
    """Free words for sorting and routing."""

    @model_validator(mode="after")
    def _ordered(self) -> "StandardMetadata":
        if self.effective_until is not None and self.effective_until <= self.effective_from:
            problem = "must be later than effective_from"
            raise misfit("StandardMetadata", "effective_until", self.effective_until.isoformat(), problem)
        return self


class Standard(Contract):
    """
    A standard of service, version by version.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - the name that such documents use everywhere
    """Version of this kind of document."""
    kind: Literal["Standard"]
    """Which document it is."""
    metadata: StandardMetadata
    """Which promise, whose, since when."""
    applies_to: Selector = Selector()
    """Whom it covers; absent: everyone."""
    clock: Clock | None = None
    """A running time of one journey."""
    rate: Rate | None = None
    """How many of how many."""
    score: Score | None = None
    """Answers on a scale, or checklists."""
    sequence: Sequence | None = None
    """Steps in order, each within its time."""
    presence: Presence | None = None
    """Who should report, and how often."""
    objective: Objective = Objective(metric="rate", target="100%")
    """What many together should reach; presence alone has none."""

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> "Standard":
        said = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(said) != 1:
            problem = f"says one of {', '.join(KINDS)}; this one says {' and '.join(said) or 'none'}"
            raise misfit("Standard", said[1] if said else "kind", len(said), problem)
        if self.kind_of == "presence":
            return self
        if "objective" not in self.model_fields_set:
            raise misfit("Standard", self.kind_of, None, "needs an objective: what many together should reach")
        allowed = self._metrics()
        if self.objective.metric not in allowed:
            problem = f"no metric of a {self.kind_of}; it can be held to {', '.join(allowed)}"
            raise misfit("Standard", ("objective", "metric"), self.objective.metric, problem)
        return self

    @property
    def kind_of(self) -> str:
        """
        Which kind of standard it is: a word of ``KINDS``.
        """
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    def _metrics(self) -> tuple[str, ...]:
        if self.score is not None:
            return CHECKLIST_METRICS if self.score.checklists else ANSWER_METRICS
        return CLOCK_METRICS if self.clock is not None else RATE_METRICS if self.rate is not None else ("rate",)

    @model_validator(mode="after")
    def _day_parts_are_known(self) -> "Standard":
        by_part = any(window.calendar == "day_part" for window in self.objective.all_windows)
        if by_part and not (self.clock and self.clock.day_parts):
            raise misfit(
                "Standard", "objective", "day_part", "needs the clock's day_parts: there is no part of the day"
            )
        return self

    def meaning(self) -> str:
        """
        Digest of all that decides a verdict: equal for two texts that differ in wording alone.
        """
        document = self.model_dump(mode="json", by_alias=True)
        document["metadata"] = {k: v for k, v in document["metadata"].items() if k not in WORDING}
        document["objective"]["target"] = self.objective.target_value
        if self.clock is not None:
            document["clock"]["expires_after"] = self.clock.expiry
        return digest_of(document)


Versioned = Standard | Calendar
"""What has versions, whose meaning never changes."""
AnyDocument = Standard | Calendar | Site | Source | Retirement | Exclusion | CorrectiveAction
Document = Annotated[AnyDocument, Discriminator("kind")]
DOCUMENTS: Final[TypeAdapter[AnyDocument]] = TypeAdapter(Document)
"""Validates one document of any kind, as read from YAML or JSON."""


class Published(Contract):
    """
    A document as it stands on ``sqm.standards.v1``: first wins.

    The first publication of an id and version (of a standard or a calendar) fixes its meaning. A later one with the
    same meaning and other wording is the next revision; one with another meaning is ignored by every reader, and
    refused by ``sqm standards publish``.
    """

    document: Document
    """The document."""
    published_at: Annotated[int, Field(ge=0, lt=10_413_792_000_000)]
    """When it was published (milliseconds since 1970, UTC)."""
    published_by: LongName
    """Who published it."""

    @model_validator(mode="after")
    def _without_imports(self) -> "Published":
        if isinstance(self.document, Calendar) and not self.document.frozen:
            raise self.document.unfrozen()
        return self


PUBLISHED: Final[TypeAdapter[Published]] = TypeAdapter(Published)


def document_key(document: AnyDocument) -> str:
    """
    The record key of a document: its kind, id and, for a standard or a calendar, version.
    """
    meta = document.metadata
    return f"{document.kind}/{meta.id}" + (
        f"/{meta.version}" if isinstance(meta, StandardMetadata | CalendarMetadata) else ""
    )
