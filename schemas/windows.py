"""
Windows and scopes of objectives: over which stretch of time, and about whom, many journeys are looked at together.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from schemas.base import DAY_MS, HOUR_MS, WEEK_MS, AtLeastOne, Contract, PositiveDuration, Zone, misfit

CalendarUnit = Literal["hour", "day_part", "day", "week", "month"]
ScopeKind = Literal["queue", "site", "region", "organisation"]

_NOMINAL_MS: dict[CalendarUnit, int] = {
    "hour": HOUR_MS, "day_part": DAY_MS, "day": DAY_MS, "week": WEEK_MS, "month": 30 * DAY_MS,
}  # fmt: skip


class Window(Contract):
    """
    The stretch of time over which an objective is judged: the last so-and-so long, counted back from now, or an hour,
    day-part, day, week or month of the calendar.
    """

    rolling: PositiveDuration | None = None
    """How far it reaches back from now."""
    calendar: CalendarUnit | None = None
    """Which unit of the calendar; a day-part is one of the clock's own `day_parts`, a week begins on Monday."""
    zone: Zone | None = None
    """By the wall clock of which time zone; absent: that of the site, UTC for wider scopes."""

    @model_validator(mode="after")
    def _one_kind(self) -> "Window":
        if (self.rolling is None) == (self.calendar is None):
            raise misfit("Window", "rolling", self.rolling, "a window is either rolling or calendar: write one of them")
        if self.zone is not None and self.calendar is None:
            raise misfit("Window", "zone", self.zone, "belongs to calendar: a rolling window needs no zone")
        return self

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # A window of the first version of this contract reads as it did then: meanings are compared as they are dumped.
        return {name: value for name, value in handler(self).items() if value is not None}

    @property
    def nominal_ms(self) -> int:
        """
        How long it is; of a unit of the calendar how long it usually is (a month 30 days).
        """
        return _NOMINAL_MS[self.calendar] if self.calendar is not None else self.rolling or 0


Scopes = Annotated[tuple[ScopeKind, ...], Field(max_length=4, strict=False), AtLeastOne]
"""Kinds of scopes, each judged by itself."""


__all__ = ["CalendarUnit", "ScopeKind", "Scopes", "Window"]
