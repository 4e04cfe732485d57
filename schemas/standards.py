"""
Standards, sites and sources as their owners write them: YAML documents with ``apiVersion``, ``kind`` and ``metadata``.

A ``Standard`` is a versioned promise: whom it covers, which clock measures one journey, the limit for one, the
objective for many. Its *meaning* never changes under the same id and version; its *wording* may, as a revision.
What later versions of the product will understand is known by name here and refused with "not supported yet", so
that a document is never half obeyed.
"""

import hashlib
import json
from typing import Annotated, Final, Literal

from pydantic import (
    Discriminator,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from schemas.base import (
    BASIS_POINTS,
    Contract,
    Duration,
    Instant,
    Labels,
    LongName,
    Name,
    Percent,
    PositiveDuration,
    SiteId,
    Slug,
    SourceUri,
    Text,
    misfit,
    parse_duration,
    parse_percent,
)
from schemas.conditions import Conditions, Selector, SomeConditions

WORDING: Final = ("title", "owner", "why", "labels")
"""Metadata that may change without changing what is promised."""

_FORESEEN_KINDS: Final = ("rate", "score", "sequence", "presence")
_FORESEEN_CLOCK: Final = ("calendar", "bands", "limits", "pause_budget", "within_business_days")
_FORESEEN_OBJECTIVE: Final = ("windows", "burn_alerts", "no_data", "exclusions", "budget")

SERVICE_LEVELS: Final = (
    "sl_all_offered",
    "sl_short_excluded",
    "sl_short_credited",
    "sl_late_abandons",
    "sl_abandons_credited",
    "sl_answered_only",
)
SHARE_METRICS: Final = (*SERVICE_LEVELS, "goal_met", "abandonment", "abandonment_net")
"""Metrics whose target is a share; ``asa`` alone has a duration as its target."""
AT_MOST_METRICS: Final = ("abandonment", "abandonment_net", "asa")
"""Metrics that keep their target by staying at or below it; all others by staying at or above."""

MetricName = Literal[
    "sl_all_offered",
    "sl_short_excluded",
    "sl_short_credited",
    "sl_late_abandons",
    "sl_abandons_credited",
    "sl_answered_only",
    "goal_met",
    "abandonment",
    "abandonment_net",
    "asa",
]


def _refuse_foreseen(value: object, names: tuple[str, ...], title: str) -> object:
    """
    Refuse what a later version of the product will understand, each at its own place.
    """
    found = [name for name in names if name in value] if isinstance(value, dict) else []
    if found and isinstance(value, dict):
        raise ValidationError.from_exception_data(
            title,
            [
                {
                    "type": PydanticCustomError("not_supported_yet", "not supported yet; remove it"),
                    "loc": (name,),
                    "input": value[name],
                }
                for name in found
            ],
        )
    return value


class Validity(Contract):
    """
    The shortest and longest value that is plausible; what lies outside is counted apart.
    """

    shortest: Duration = Field(default="0s", validate_default=True)
    """Anything shorter is implausible."""
    longest: PositiveDuration | None = None
    """Anything longer is implausible."""

    @model_validator(mode="after")
    def _ordered(self) -> "Validity":
        if self.longest is not None and self.shortest > self.longest:
            raise misfit("Validity", "shortest", f"{self.shortest}ms", "must not be longer than longest")
        return self


class Clock(Contract):
    """
    A measurement of one journey: what starts it, what stops it, what makes it void, and the limit it should keep.

    ``abandon`` ends it because the customer left. Pauses belong to the journey's timeline: between a ``pause`` and
    the next ``resume`` no time counts. ``warn_at`` is the share of the limit from which a running clock is at risk.
    ``short_abandon`` is the length up to which leaving says nothing about the service. A clock that nobody ends
    expires after ``expires_after``.
    """

    start: SomeConditions
    """Events that start it."""
    stop: SomeConditions
    """Events that end it: the promise is kept or not."""
    abandon: Conditions = Field(default=("journey.abandoned",), validate_default=True)
    """Events that end it because the customer left."""
    cancel: Conditions = Field(default=("journey.cancelled", "journey.merged"), validate_default=True)
    """Events that make it void."""
    pause: Conditions = ()
    """Events from which no time counts."""
    resume: Conditions = ()
    """Events from which time counts again."""
    limit: PositiveDuration
    """The longest time that keeps the promise; exactly as long still does."""
    warn_at: Percent | None = None
    """Share of the limit from which a running clock is at risk; absent: never."""
    short_abandon: Duration = Field(default="0s", validate_default=True)
    """Who leaves within this time says nothing about the service."""
    validity: Validity = Validity()
    """Which values are plausible."""
    expires_after: PositiveDuration = Field(default="24h", validate_default=True)
    """A clock that nobody ends within this time has lost its ending: expired, counted apart."""

    @model_validator(mode="before")
    @classmethod
    def _foreseen(cls, value: object) -> object:
        return _refuse_foreseen(value, _FORESEEN_CLOCK, "Clock")

    @model_validator(mode="after")
    def _sensible(self) -> "Clock":
        if self.pause and not self.resume:
            raise misfit(
                "Clock", "pause", len(self.pause), "needs resume: a pause that nothing ends stops the clock for good"
            )
        if self.resume and not self.pause:
            raise misfit("Clock", "resume", len(self.resume), "needs pause: there is nothing to resume from")
        if self.expires_after <= self.limit:
            problem = "must be longer than the limit, or no clock could ever exceed it"
            raise misfit("Clock", "expires_after", f"{self.expires_after}ms", problem)
        if self.short_abandon > self.limit:
            raise misfit("Clock", "short_abandon", f"{self.short_abandon}ms", "must not be longer than the limit")
        if self.warn_at is not None and not 0 < self.warn_at < BASIS_POINTS:
            raise misfit("Clock", "warn_at", f"{self.warn_at // 100}%", "must lie between 0% and 100%, both excluded")
        return self


class Window(Contract):
    """
    The stretch of time over which an objective is judged: the last so-and-so long, counted back from now.
    """

    rolling: PositiveDuration
    """How far it reaches back from now."""

    @model_validator(mode="before")
    @classmethod
    def _foreseen(cls, value: object) -> object:
        return _refuse_foreseen(value, ("calendar",), "Window")


class Objective(Contract):
    """
    What many journeys together should reach: a metric by name, its target, over a window, with enough of them.
    """

    metric: MetricName
    """Which figure, by name."""
    target: Annotated[str, Field(max_length=64)]
    """What it should reach: a share like 80%, or for asa a duration like 30s."""
    minimum_n: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """With fewer journeys than this the figure says nothing."""
    window: Window = Window.model_validate({"rolling": "1h"})
    """Over which stretch of time."""

    @model_validator(mode="before")
    @classmethod
    def _foreseen(cls, value: object) -> object:
        return _refuse_foreseen(value, _FORESEEN_OBJECTIVE, "Objective")

    @model_validator(mode="after")
    def _target_fits_metric(self) -> "Objective":
        try:
            self.target_value  # noqa: B018 - raises where the target cannot be read
        except ValueError as error:
            raise misfit("Objective", "target", self.target, f"for {self.metric}: {error}") from error
        return self

    @property
    def target_value(self) -> int:
        """
        The target in the metric's own unit: basis points of a share, or milliseconds.
        """
        return parse_percent(self.target) if self.metric in SHARE_METRICS else parse_duration(self.target)


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
    category: Name = "speed_and_time"
    """What it is about."""
    effective_from: Instant
    """Journeys that arrive from here on are judged by it."""
    effective_until: Instant | None = None
    """Journeys that arrive from here on are not; absent: open."""
    why: Text
    """Why the promise is made."""
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
    clock: Clock
    """What is measured in one journey."""
    objective: Objective
    """What many journeys should reach."""

    @model_validator(mode="before")
    @classmethod
    def _foreseen(cls, value: object) -> object:
        return _refuse_foreseen(value, _FORESEEN_KINDS, "Standard")

    def meaning(self) -> str:
        """
        Digest of all that decides a verdict: equal for two texts that differ in wording alone.
        """
        document = self.model_dump(mode="json", by_alias=True)
        document["metadata"] = {k: v for k, v in document["metadata"].items() if k not in WORDING}
        document["objective"]["target"] = self.objective.target_value
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


class SiteMetadata(Contract):
    """
    Which site this is, where it lies and which clock hangs on its wall.
    """

    id: SiteId
    """Id of the site, as events carry it."""
    title: LongName
    """Name of the site for people."""
    region: Annotated[str, Field(max_length=256, pattern=r"^[^/\x00-\x1f]+(/[^/\x00-\x1f]+)*$")] | None = None
    """Where it belongs, from wide to narrow, like `north/city/harbour`."""
    zone: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$")] = "UTC"
    """IANA time zone of its clocks."""
    labels: Labels = Field(default_factory=dict)
    """Free words for sorting and routing."""


class Site(Contract):
    """
    The register's entry of a site, so that events need to carry its id only.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - as above
    """Version of this kind of document."""
    kind: Literal["Site"]
    """Which document it is."""
    metadata: SiteMetadata
    """What is known of the site."""

    @field_validator("metadata", mode="before")
    @classmethod
    def _foreseen(cls, value: object) -> object:
        return _refuse_foreseen(value, ("calendar",), "SiteMetadata")


class SourceMetadata(Contract):
    """
    Which source this is, by the prefix of its events' ``source``, and how late it is known to report.
    """

    id: SourceUri
    """How the `source` of its events begins."""
    title: LongName
    """Name of the source for people."""
    expected_delay: Duration = Field(default="0s", validate_default=True)
    """How late it is known to report; absence is judged that much later."""


class Source(Contract):
    """
    The register's entry of a source system: absence waits for its expected delay.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - as above
    """Version of this kind of document."""
    kind: Literal["Source"]
    """Which document it is."""
    metadata: SourceMetadata
    """What is known of the source."""


Document = Annotated[Standard | Site | Source, Discriminator("kind")]
DOCUMENTS: Final[TypeAdapter[Standard | Site | Source]] = TypeAdapter(Document)
"""Validates one document of any kind, as read from YAML or JSON."""


class Published(Contract):
    """
    A document as it stands on ``sqm.standards.v1``: first wins.

    The first publication of a standard's id and version fixes its meaning. A later one with the same meaning and
    other wording is the next revision; one with another meaning is ignored by every reader, and refused by ``sqm
    standards publish``.
    """

    document: Document
    """The document."""
    published_at: Annotated[int, Field(ge=0, lt=10_413_792_000_000)]
    """When it was published (milliseconds since 1970, UTC)."""
    published_by: LongName
    """Who published it."""


PUBLISHED: Final[TypeAdapter[Published]] = TypeAdapter(Published)


def document_key(document: Standard | Site | Source) -> str:
    """
    The record key of a document: its kind, id and, for a standard, version.
    """
    meta = document.metadata
    return f"{document.kind}/{meta.id}" + (f"/{meta.version}" if isinstance(meta, StandardMetadata) else "")
