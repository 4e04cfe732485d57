"""
The clock of a standard: what starts, stops and pauses it in one journey, and which limit holds for whom.

A clock says one limit, or a table of limits by the journey's attributes and by day-part, or takes the time that the
customer was promised.
"""

from itertools import pairwise
from typing import Annotated, Final, Literal, get_args

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from schemas.base import (
    BASIS_POINTS,
    DAY_MS,
    Contract,
    Duration,
    Name,
    Percent,
    PositiveDuration,
    Slug,
    misfit,
    parse_duration,
    positive,
)
from schemas.conditions import AtArrival, Conditions, SomeConditions

PROMISED: Final = "promised"
_MOST_ROWS: Final = 200
_TIMES_THE_LIMIT: Final = 10
_TEN_YEARS_MS: Final = 3_650 * DAY_MS
_LONGEST_WEEKS_MS: Final = 400 * DAY_MS
SITE_CALENDAR: Final = "site"
"""In place of a calendar's id: that of the journey's site."""
_MOST_BANDS: Final = 10

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)
TIME_OF_DAY: Final = r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"
TimeOfDay = Annotated[str, Field(pattern=TIME_OF_DAY)]


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


class Band(Contract):
    """
    A grade of a value: the first band that a value fits in is its grade.
    """

    name: Name
    """What the grade is called, like A."""
    within: PositiveDuration | None = None
    """The longest value of the band; the last may have none: it takes the rest."""


Bands = Annotated[tuple[Band, ...], Field(max_length=_MOST_BANDS, strict=False)]


def _check_bands(model: str, bands: tuple[Band, ...]) -> None:
    for before, after in pairwise(bands):
        if before.within is None or (after.within is not None and after.within <= before.within):
            problem = f"ascend, and only the last may leave out within: {before.name!r} stands before {after.name!r}"
            raise misfit(model, "bands", len(bands), problem)
    if len({band.name for band in bands}) < len(bands):
        raise misfit(model, "bands", len(bands), "have different names")


class DayPart(Contract):
    """
    A named part of the day, in the time zone of the site.
    """

    name: Name
    """What it is called, like lunch."""
    begin: TimeOfDay = Field(alias="from")
    """From when on, local time."""
    until: TimeOfDay
    """Up to when, excluded; at or before `from`, it ends on the next day."""
    days: Annotated[tuple[Weekday, ...], Field(max_length=7, strict=False)] = WEEKDAYS
    """On which days it begins; all, if not said."""


class LimitCase(AtArrival):
    """
    Whom a row of the table of limits is for: attributes at arrival, each with globs, and the day-part of the arrival.
    """

    day_part: Name | None = None
    """The part of the day in which the journey arrived."""


class LimitRow(Contract):
    """
    One row of the table of limits: whom it is for, and the limit and grades that hold for them.
    """

    when: LimitCase
    """Whom it is for; of several rows that fit the first one holds."""
    limit: PositiveDuration
    """The longest time that keeps the promise."""
    bands: Bands = ()
    """Grades of the value; those of the clock, if not said."""

    @model_validator(mode="after")
    def _graded(self) -> "LimitRow":
        _check_bands("LimitRow", self.bands)
        return self


def _read_limit(value: object) -> object:
    return value if value == PROMISED else positive(parse_duration(value))


Limit = Annotated[
    int | Literal["promised"],
    BeforeValidator(_read_limit, json_schema_input_type=Duration | Literal["promised"]),
    PlainSerializer(lambda limit: limit if isinstance(limit, str) else f"{limit}ms", return_type=str, when_used="json"),
]


class Clock(Contract):
    """
    A measurement of one journey: what starts it, what stops it, what makes it void, and the limit it should keep.

    ``abandon`` ends it because the customer left. Pauses belong to the journey's timeline: between a ``pause`` and
    the next ``resume`` no time counts, up to the ``pause_budget``. With a ``calendar`` only open time counts: a journey
    that starts out of hours begins to count at the next opening. ``warn_at`` is the share of the limit from which a
    running clock is at risk. ``short_abandon`` is the length up to which leaving says nothing about the service. A
    clock that nobody ends expires after ``expires_after``. One that ``repeats`` starts anew when its start comes again
    after its end; an event that both ends and starts it does both.
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
    pause_budget: PositiveDuration | None = None
    """The longest time that all pauses together may take; what goes beyond counts."""
    calendar: Slug | None = None
    """Id of the calendar in whose open time it runs, or `site` for that of the journey's site; absent: round the
    clock."""
    limit: Limit | None = None
    """The longest time that keeps the promise, exactly as long still does; `promised`: up to the time that the
    customer was promised (`promised_at`)."""
    within_business_days: Annotated[int, Field(ge=1, le=250)] | None = None
    """In place of a limit: by the close of that business day following the one on which the clock starts."""
    limits: Annotated[tuple[LimitRow, ...], Field(max_length=_MOST_ROWS, strict=False)] = ()
    """Limits that depend on the journey; `limit` holds for whom no row fits."""
    day_parts: Annotated[tuple[DayPart, ...], Field(max_length=24, strict=False)] = ()
    """Parts of the day that the rows name."""
    bands: Bands = ()
    """Grades of the value, from the best on; they say more than kept or broken, and change neither."""
    warn_at: Percent | None = None
    """Share of the limit from which a running clock is at risk; absent: never."""
    short_abandon: Duration = Field(default="0s", validate_default=True)
    """Who leaves within this time says nothing about the service."""
    validity: Validity = Validity()
    """Which values are plausible."""
    expires_after: PositiveDuration | None = None
    """
    A clock that nobody ends within this time has lost its ending: expired, counted apart. Not said: 24 hours, or ten
    times the longest limit where that is longer; ten years for a promised time, 400 open days for business days.
    """
    repeats: bool = False
    """Whether it starts again in the same journey, as for every hand-over or every message."""

    @model_validator(mode="after")
    def _has_a_limit(self) -> "Clock":
        if (self.limit is None) == (self.within_business_days is None):
            problem = "say either limit or within_business_days, and one of them"
            raise misfit("Clock", "limit", self.limit and str(self.limit), problem)
        if self.within_business_days is not None and self.calendar is None:
            problem = "needs a calendar: it says which days are business days"
            raise misfit("Clock", "within_business_days", self.within_business_days, problem)
        if self.limit == PROMISED and self.calendar is not None:
            raise misfit("Clock", "calendar", self.calendar, "a promised time is an instant, whether open or not")
        return self

    @model_validator(mode="after")
    def _sensible(self) -> "Clock":
        if self.pause and not self.resume:
            raise misfit(
                "Clock", "pause", len(self.pause), "needs resume: a pause that nothing ends stops the clock for good"
            )
        if self.resume and not self.pause:
            raise misfit("Clock", "resume", len(self.resume), "needs pause: there is nothing to resume from")
        if self.pause_budget is not None and not self.pause:
            raise misfit("Clock", "pause_budget", f"{self.pause_budget}ms", "needs pause: there is nothing to bound")
        if self.limits and not isinstance(self.limit, int):
            raise misfit("Clock", "limits", len(self.limits), "needs a limit for those whom no row fits")
        longest = max(self.all_limits(), default=0)
        if self.expires_after is not None and self.expires_after <= longest:
            problem = "must be longer than the limit, or no clock could ever exceed it"
            raise misfit("Clock", "expires_after", f"{self.expires_after}ms", problem)
        if self.short_abandon and any(self.short_abandon > limit for limit in self.all_limits()):
            raise misfit("Clock", "short_abandon", f"{self.short_abandon}ms", "must not be longer than the limit")
        if self.warn_at is not None and not 0 < self.warn_at < BASIS_POINTS:
            raise misfit("Clock", "warn_at", f"{self.warn_at // 100}%", "must lie between 0% and 100%, both excluded")
        _check_bands("Clock", self.bands)
        known = {part.name for part in self.day_parts}
        for place, row in enumerate(self.limits):
            if row.when.day_part is not None and row.when.day_part not in known:
                problem = f"row {place + 1} names the day-part {row.when.day_part!r}, which day_parts does not have"
                raise misfit("Clock", "limits", row.when.day_part, problem)
        return self

    @property
    def expiry(self) -> int:
        """
        After how many milliseconds a clock that nobody ended has lost its ending.
        """
        if self.expires_after is not None:
            return self.expires_after
        if not isinstance(self.limit, int):
            return _TEN_YEARS_MS if self.limit == PROMISED else _LONGEST_WEEKS_MS
        return max(DAY_MS, _TIMES_THE_LIMIT * max(self.all_limits()))

    def all_limits(self) -> tuple[int, ...]:
        """
        Every limit that is written, in milliseconds; none where the promise is an instant.
        """
        own = (self.limit,) if isinstance(self.limit, int) else ()
        return (*own, *(row.limit for row in self.limits))


__all__ = [
    "PROMISED",
    "SITE_CALENDAR",
    "TIME_OF_DAY",
    "WEEKDAYS",
    "Band",
    "Clock",
    "DayPart",
    "LimitCase",
    "LimitRow",
    "Validity",
]
