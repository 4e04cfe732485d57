"""
Calendars as their owners write them: when people are served, in the local time of a place, day by day.

An interval belongs to the day on which it begins, also where it ends on the next one. Of what is said about a day the
most special holds: an exception before a season, a season before the usual week.
"""

import itertools
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from schemas.base import Contract, Instant, Labels, LongName, Name, Slug, Text, Zone, digest_of, misfit
from schemas.clocks import WEEKDAYS, TimeOfDay, Weekday

_DAY_MINUTES: Final = 1_440
_WEEK_MINUTES: Final = 7 * _DAY_MINUTES
_LONGEST_DAYS: Final = 400
_MOST_YEARS: Final = 30
_IMPORTS: Final = ("import_holidays", "import_ics")
"""What only drafts have: publishing turns it into exceptions."""


def _possible(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        problem = "no such day is in the calendar; write year, month and day, like 2026-12-24"
        raise PydanticCustomError("misfit", "{problem}", {"problem": problem}) from error
    return text


DAY: Final = r"^(?:19[7-9][0-9]|2[0-2][0-9]{2})-[0-9]{2}-[0-9]{2}$"
Day = Annotated[str, Field(pattern=DAY, examples=["2026-12-24"]), AfterValidator(_possible)]
"""A day of the calendar of a place, without a time."""
CLOSING_TIME: Final = r"^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
ClosingTime = Annotated[str, Field(pattern=CLOSING_TIME)]
COUNTRY: Final = r"^[A-Z]{2}$"
Year = Annotated[int, Field(ge=1970, le=2299)]


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


class Interval(Contract):
    """
    A stretch of a day in which people are served.
    """

    begin: TimeOfDay = Field(alias="from")
    """When it opens, local time."""
    until: ClosingTime
    """When it closes, excluded; at or before `from`, it closes on the next day. `24:00` is the end of the day."""

    @property
    def minutes(self) -> tuple[int, int]:
        """
        Opening and closing, in minutes of the wall clock since the day began.
        """
        begin, until = _minutes(self.begin), _minutes(self.until)
        return begin, until if until > begin else until + _DAY_MINUTES


def _apart(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    _keep_apart([(place, *interval.minutes, (place,)) for place, interval in enumerate(intervals)])
    return intervals


def _keep_apart(spans: list[tuple[int, int, int, tuple[str | int, ...]]]) -> None:
    """
    Refuse an interval that begins before an earlier one ends; each is (order of writing, begin, end, place).
    """
    spans.sort(key=lambda span: span[1])
    for before, after in itertools.pairwise(spans):
        if after[1] < before[2]:
            later = max(before, after)
            raise misfit("Hours", later[3], later[0], "overlaps another interval; let it begin where that one ends")


Intervals = Annotated[tuple[Interval, ...], Field(max_length=24, strict=False), AfterValidator(_apart)]
Week = dict[Weekday, Intervals]


def _week_apart(week: Week) -> Week:
    spans: list[tuple[int, int, int, tuple[str | int, ...]]] = []
    for number, day in enumerate(WEEKDAYS):
        for place, interval in enumerate(week.get(day, ())):
            begin, end = interval.minutes
            first = number * _DAY_MINUTES
            spans.append((len(spans), first + begin, first + end, (day, place)))
    if spans:
        # The week goes round: what begins late on Sunday may end on Monday.
        _, begin, end, place_of_first = min(spans, key=lambda span: span[1])
        spans.append((-1, begin + _WEEK_MINUTES, end + _WEEK_MINUTES, place_of_first))
        _keep_apart(spans)
    return week


Hours = Annotated[Week, AfterValidator(_week_apart)]
"""The intervals of each day of the week; closed on a day that is not named."""


class Season(Contract):
    """
    A stretch of days with another week, like a summer.
    """

    name: Name
    """What it is called."""
    begin: Day = Field(alias="from")
    """Its first day."""
    end: Day = Field(alias="to")
    """Its last day, included."""
    hours: Hours
    """The week that holds meanwhile."""

    @model_validator(mode="after")
    def _ordered(self) -> "Season":
        if self.end < self.begin:
            raise misfit("Season", "to", self.end, "must not lie before from")
        return self


class CalendarException(Contract):
    """
    A day, or several in a row, that are unlike the others: closed, or open at other hours.
    """

    name: LongName
    """Why, as people say it, like the name of the holiday."""
    day: Day | None = Field(default=None, alias="date")
    """Which day."""
    begin: Day | None = Field(default=None, alias="from")
    """The first of several days."""
    end: Day | None = Field(default=None, alias="to")
    """The last of several days, included."""
    closed: bool = False
    """Nobody is served."""
    hours: Intervals = ()
    """When people are served on each of these days, in place of the usual hours."""

    @model_validator(mode="after")
    def _sensible(self) -> "CalendarException":
        if (self.day is None) == (self.begin is None) or (self.begin is None) != (self.end is None):
            raise misfit("CalendarException", "date", self.day, "say either one date, or from and to")
        if self.last < self.first:
            raise misfit("CalendarException", "to", self.end, "must not lie before from")
        if (self.last - self.first).days >= _LONGEST_DAYS:
            raise misfit("CalendarException", "to", self.end, f"at most {_LONGEST_DAYS} days; longer is a season")
        if self.closed == bool(self.hours):
            raise misfit("CalendarException", "closed", self.closed, "say either `closed: true`, or hours")
        return self

    @property
    def first(self) -> date:
        return date.fromisoformat(self.day or self.begin or "")

    @property
    def last(self) -> date:
        return date.fromisoformat(self.day or self.end or "")


class Years(Contract):
    """
    Which years are looked up.
    """

    begin: Year = Field(alias="from")
    """The first."""
    end: Year = Field(alias="to")
    """The last, included."""

    @model_validator(mode="after")
    def _ordered(self) -> "Years":
        if self.end < self.begin:
            raise misfit("Years", "to", self.end, "must not lie before from")
        if self.end - self.begin >= _MOST_YEARS:
            raise misfit("Years", "to", self.end, f"at most {_MOST_YEARS} years: nobody knows the holidays beyond")
        return self


class HolidayImport(Contract):
    """
    Public holidays of a country, looked up when the calendar is published, and closed from then on.
    """

    country: Annotated[str, Field(pattern=COUNTRY)]
    """ISO 3166 code of the country."""
    subdivision: Name | None = None
    """A part of it with holidays of its own, by its ISO 3166-2 code without the country's."""
    years: Years
    """Which years."""
    language: Name | None = None
    """Language of the names, like en_US; absent: that of the country."""
    category: Name = "public"
    """Which of its holidays: public, bank, government and others, as the country has them."""


class IcsImport(Contract):
    """
    The all-day events of an iCalendar file, read when the calendar is published, and closed from then on.
    """

    file: Annotated[str, Field(min_length=1, max_length=512)]
    """Path of the file, beside the document."""
    years: Years
    """Which years, since an event may come again for ever."""


class CalendarMetadata(Contract):
    """
    Which calendar this is, whose, where its clocks hang, and since when it holds.
    """

    id: Slug
    """Name of the calendar for machines; stays the same over versions."""
    version: Annotated[int, Field(ge=1, le=100_000)]
    """Other hours are another version."""
    title: LongName
    """Name of the calendar for people."""
    owner: LongName
    """Who answers for it."""
    zone: Zone
    """IANA time zone in which its hours are meant, where a site does not say another."""
    effective_from: Instant
    """Journeys that arrive from here on are measured by it."""
    effective_until: Instant | None = None
    """Journeys that arrive from here on are not; absent: open."""
    why: Text | None = None
    """Why the hours are what they are."""
    labels: Labels = Field(default_factory=dict)
    """Free words for sorting and routing."""

    @model_validator(mode="after")
    def _ordered(self) -> "CalendarMetadata":
        if self.effective_until is not None and self.effective_until <= self.effective_from:
            problem = "must be later than effective_from"
            raise misfit("CalendarMetadata", "effective_until", self.effective_until.isoformat(), problem)
        return self


class Calendar(Contract):
    """
    When people are served: a week, seasons with other weeks, and days that are unlike the others.

    A calendar that is published holds its exceptions one by one; what it imports exists in drafts only.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - the name that such documents use everywhere
    """Version of this kind of document."""
    kind: Literal["Calendar"]
    """Which document it is."""
    metadata: CalendarMetadata
    """Which calendar, whose, where, since when."""
    hours: Hours = Field(default_factory=dict)
    """The usual week: intervals by day; closed on a day that is not named."""
    seasons: Annotated[tuple[Season, ...], Field(max_length=200, strict=False)] = ()
    """Stretches of days with other weeks."""
    exceptions: Annotated[tuple[CalendarException, ...], Field(max_length=2_000, strict=False)] = ()
    """Days that are unlike the others; each day in one of them at most."""
    import_holidays: Annotated[tuple[HolidayImport, ...], Field(max_length=10, strict=False)] = ()
    """Public holidays to look up, in drafts only; an exception that is written here takes precedence."""
    import_ics: Annotated[tuple[IcsImport, ...], Field(max_length=10, strict=False)] = ()
    """iCalendar files to read, in drafts only; an exception that is written here takes precedence."""

    @model_validator(mode="after")
    def _sensible(self) -> "Calendar":
        weeks = (self.hours, *(season.hours for season in self.seasons))
        if not any(any(week.values()) for week in weeks) and not any(one.hours for one in self.exceptions):
            raise misfit("Calendar", "hours", None, "is never open: nothing would ever be measured")
        seasons = [(one.begin, one.end, place) for place, one in enumerate(self.seasons)]
        if twice := _first_shared(seasons):
            raise misfit("Calendar", ("seasons", twice[0], "from"), twice[1], "a day of it is in another season too")
        exceptions = [(one.first.isoformat(), one.last.isoformat(), place) for place, one in enumerate(self.exceptions)]
        if twice := _first_shared(exceptions):
            problem = f"{twice[1]} is in another exception too; keep one for each day"
            field = "date" if self.exceptions[twice[0]].day else "from"
            raise misfit("Calendar", ("exceptions", twice[0], field), twice[1], problem)
        return self

    @property
    def frozen(self) -> bool:
        """
        Whether every day is written down, so that it can be published.
        """
        return not self.import_holidays and not self.import_ics

    def unfrozen(self) -> ValidationError:
        """
        The fault of a draft that stands where only a published calendar may.
        """
        field = next(name for name in _IMPORTS if getattr(self, name))
        problem = "exists in drafts only: `sqm calendar freeze` writes the days down"
        return misfit("Calendar", ("document", field), len(getattr(self, field)), problem)

    def meaning(self) -> str:
        """
        Digest of all that decides when people are served: equal for two texts that differ in wording alone.

        The name of an exception counts: it is told with every verdict in which the day matters.
        """
        document: dict[str, Any] = self.model_dump(mode="json", by_alias=True)
        for name in ("title", "owner", "why", "labels"):
            del document["metadata"][name]
        return digest_of(document)


def _first_shared(spans: list[tuple[str, str, int]]) -> tuple[int, str] | None:
    """
    Find the first day that two spans (first, last, place) share; return the place of the one written later.
    """
    spans.sort()
    for before, after in itertools.pairwise(spans):
        if after[0] <= before[1]:
            return max(before[2], after[2]), after[0]
    return None


__all__ = ["CLOSING_TIME", "COUNTRY", "DAY", "Calendar", "CalendarException", "CalendarMetadata",
           "HolidayImport", "IcsImport", "Interval", "Intervals", "Season", "Week", "Years"]  # fmt: skip
