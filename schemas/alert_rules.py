"""
Rules of alerts: which violations become an alert, how steady they must be, and how grave it is.

An alert is known by its rule's scope: one standard at one place (a line, a site, a region, the organisation). The
version of the standard is not part of it, so that a revision does not fork an alert that is open.
"""

from typing import Annotated

from pydantic import Field, model_validator

from schemas.alert_labels import By, Matcher, Severity
from schemas.base import URL, AtLeastOne, Contract, Duration, Name, PositiveDuration, Slug, Text, misfit

__all__ = ["AlertRule", "Count", "Flapping", "Grade"]

Some = Annotated[int, Field(ge=1, le=100_000)]


class Count(Contract):
    """
    How many violations must have been opened within a time: N in M minutes.
    """

    violations: Some
    """How many."""
    within: PositiveDuration
    """In which time, up to now."""


class Flapping(Contract):
    """
    When an alert counts as flapping: from then on people are told once, and again when it is steady.
    """

    changes: Annotated[int, Field(ge=2, le=100)] = 6
    """How often it was raised or cleared."""
    within: PositiveDuration = Field(default="1h", validate_default=True)
    """In which time, up to now; steady is what has not changed for this long."""


class Grade(Contract):
    """
    One step of gravity: what must be true for it. All that is said must be.
    """

    severity: Severity
    """How grave it is then."""
    open: Some | None = None
    """So many violations are open at once."""
    overrun: Duration | None = None
    """The oldest open violation has lasted so long."""
    band: Name | None = None
    """The clock of an open violation has reached this band of its standard, or a later one."""
    burn: Severity | None = None
    """The standard gives the burn this severity."""

    @model_validator(mode="after")
    def _says_when(self) -> "Grade":
        if self.open is None and self.overrun is None and self.band is None and self.burn is None:
            raise misfit("Grade", "severity", self.severity, "says when: one of open, overrun, band or burn")
        return self


class AlertRule(Contract):
    """
    Which violations become an alert, and how steady they must be.

    Of all rules of which the matcher fits a violation, the first one takes it.
    """

    id: Slug
    """Id of the rule."""
    match: Matcher = Matcher()
    """Which violations; of the labels only those of the violation and its standard are known here."""
    severity: Severity = "ticket"
    """How grave it is, unless a grade says otherwise."""
    grades: Annotated[tuple[Grade, ...], Field(max_length=20, strict=False)] = ()
    """Of those that are true, the gravest holds."""
    by: Annotated[tuple[By, ...], Field(max_length=4, strict=False)] = ()
    """By what journeys of one line are told apart into alerts of their own; else one alert stands for the line."""
    late: bool = False
    """Whether violations about a past that was over when it was reported count too: yesterday's file at night."""
    steady: Duration = Field(default="0s", validate_default=True, alias="for")
    """How long it must be true before people are told."""
    keep_firing_for: Duration = Field(default="5m", validate_default=True)
    """How long it must have been quiet before it counts as over."""
    count: Count | None = None
    """It is raised by so many within a time, instead of by the first."""
    raise_at: Some = 1
    """It is raised when so many violations are open at once."""
    clear_below: Some = 1
    """It is quiet when fewer than so many are open: below `raise_at`, so that it does not flicker."""
    flapping: Flapping | None = Flapping()
    """When it counts as flapping; null: never."""
    correlate_by: Annotated[tuple[Name, ...], Field(max_length=6, strict=False)] = ()
    """Labels by which alerts of one cause at many places are seen together, without being made one."""
    do: Text | None = None
    """What to do about it, for whoever is told, where its standard does not say so."""
    runbook: Annotated[str, Field(max_length=500, pattern=URL)] | None = None
    """Where that is written at length, where its standard does not say so."""

    @model_validator(mode="after")
    def _sensible(self) -> "AlertRule":
        if self.clear_below > self.raise_at:
            problem = "must not be more than raise_at, else it is raised and quiet at once"
            raise misfit("AlertRule", "clear_below", self.clear_below, problem)
        if self.count is not None and self.raise_at != 1:
            raise misfit("AlertRule", "raise_at", self.raise_at, "is not said beside count: one of the two raises it")
        return self


Rules = Annotated[tuple[AlertRule, ...], Field(max_length=500, strict=False), AtLeastOne]
