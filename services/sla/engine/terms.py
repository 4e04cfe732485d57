"""
Terms: what one journey's clock is held to, chosen at its arrival and kept for its life.

A standard may say one limit for all or a table of them; which row holds for a journey follows from its arrival alone.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from domain.calendars import OpenHours
from schemas.base import BASIS_POINTS, from_millis
from schemas.clocks import WEEKDAYS, Band, Clock, DayPart
from services.sla.engine.events import Attributes
from services.sla.engine.patterns import Tests, compile_tests, fits

FOR_EVER: Final = 1 << 62
"""An instant after all others, and a duration longer than all others."""
Grades = tuple[tuple[str, int], ...]
"""Names of grades from the best on, each with the longest value that still has it."""


class Terms(NamedTuple):
    """What a clock is held to. Durations are milliseconds."""

    key: str
    """Which row of the table, and which calendar: enough to find the same terms again."""
    limit: int
    """0 where it depends on the journey: a promised time, or the close of a business day."""
    warn: int
    """From which counted time on it is at risk; 0: never said, or a share of a limit that is not known yet."""
    expires: int
    grades: Grades
    hours: OpenHours | None = None
    """In whose open time it runs; None: round the clock."""

    def after(self, since: int, counted: int) -> int:
        """Say when so much will have counted since an instant."""
        return since + counted if self.hours is None else self.hours.add(since, counted)

    def elapsed(self, begin: int, end: int) -> int:
        """Say how much counts between two instants."""
        return end - begin if self.hours is None else self.hours.elapsed(begin, end)

    def grade(self, value: int) -> str | None:
        """Name the grade of a value; None where no grade takes it."""
        return next((name for name, longest in self.grades if value <= longest), None)


class _Row(NamedTuple):
    """One row of the table of limits, compiled."""

    tests: Tests
    day_part: str | None
    limit: int
    grades: Grades

    def fits(self, attributes: Attributes, day_part: str | None) -> bool:
        """Tell whether the row is for a journey with these attributes that arrived in this part of the day."""
        return self.day_part in (None, day_part) and fits(self.tests, attributes)


class TermsOf:
    """The terms that a clock standard offers."""

    __slots__ = ("_clock", "_known", "_rows", "fixed")

    def __init__(self, clock: Clock) -> None:
        """Compile the table of limits."""
        self._clock = clock
        self._rows = tuple(
            _Row(compile_tests(row.when), row.when.day_part, row.limit, _graded(row.bands or clock.bands))
            for row in clock.limits
        )
        own = clock.limit if isinstance(clock.limit, int) else 0
        self._known = {
            str(place): self._make(str(place), row.limit, row.grades) for place, row in enumerate(self._rows)
        }
        self._known[""] = self._make("", own, _graded(clock.bands))
        self.fixed = None if self._rows or clock.calendar else self._known[""]
        """The terms of every journey, where all have the same."""

    @property
    def calendar(self) -> str | None:
        """Id of the calendar that it asks for."""
        return self._clock.calendar

    def edges(self) -> set[int]:
        """Name every limit and every end of a grade that it says, where it does not depend on the journey."""
        ends = {end for terms in self._known.values() for _, end in terms.grades}
        return ({terms.limit for terms in self._known.values()} | ends) - {0, FOR_EVER}

    def choose(self, attributes: Attributes, arrived_at: int, zone: str, hours: OpenHours | None) -> Terms:
        """Choose the terms of a journey by its arrival; ``zone`` is its site's, ``hours`` those in force then."""
        part = _day_part(self._clock.day_parts, arrived_at, zone)
        place = next((str(n) for n, row in enumerate(self._rows) if row.fits(attributes, part)), "")
        return self._known[place] if hours is None else self._within(place, hours)

    def again(self, key: str, find: Callable[[str], OpenHours]) -> Terms:
        """Return the terms that a written journey was frozen with; ``find`` knows hours by their key."""
        place, _, named = key.partition("|")
        return self._within(place, find(named)) if named else self._known[place]

    def _within(self, place: str, hours: OpenHours) -> Terms:
        key = f"{place}|{hours.key}"
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._known[place]._replace(key=key, hours=hours)
        return known

    def _make(self, key: str, limit: int, grades: Grades) -> Terms:
        return Terms(key, limit, limit * (self._clock.warn_at or 0) // BASIS_POINTS, self._clock.expiry, grades)


def _graded(bands: tuple[Band, ...]) -> Grades:
    return tuple((band.name, FOR_EVER if band.within is None else band.within) for band in bands)


def _day_part(parts: tuple[DayPart, ...], at: int, zone: str) -> str | None:
    """Name the first part of the day in which an instant lies, by the wall clock of a zone."""
    if not parts:
        return None
    local = from_millis(at).astimezone(ZoneInfo(zone))
    time = f"{local.hour:02d}:{local.minute:02d}"
    return next((part.name for part in parts if _lies_in(part, local, time)), None)


def _lies_in(part: DayPart, local: datetime, time: str) -> bool:
    today, yesterday = WEEKDAYS[local.weekday()], WEEKDAYS[local.weekday() - 1]
    if part.begin < part.until:
        return today in part.days and part.begin <= time < part.until
    return (today in part.days and time >= part.begin) or (yesterday in part.days and time < part.until)
