"""
Open time: how much of it has passed between two instants, and when so much of it will have.

A calendar is compiled for one zone, year by year as years are asked for. Instants are integer milliseconds since the
epoch (UTC), durations integer milliseconds of real time, so they are exact over changes of the clock (the rule for
local times that are skipped or come twice stands in `domain.openings`). A question costs one or two bisections, and
one addition for each whole year in between.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from domain.openings import EARLIEST, FAR, LATEST, NamedDay, Plan, Year, compile_year, first_instant
from schemas.base import DAY_MS, from_millis
from schemas.calendars import Calendar

__all__ = ["FAR", "REACH_MS", "OpenHours", "Stretch", "compile_hours"]

REACH_MS: Final = 7_305 * DAY_MS
"""Twenty years: what open time does not reach within them is never reached."""


class Stretch(NamedTuple):
    """
    A stretch of time that is open or closed as a whole; an exception of the calendar that makes it so, by name.
    """

    from_at: int
    to_at: int
    open: bool
    name: str | None


class OpenHours:
    """
    A calendar compiled for one zone. It only ever remembers years, so it may be shared.
    """

    def __init__(self, calendar: Calendar, zone: str | None = None) -> None:
        meta = calendar.metadata
        self.zone = zone or meta.zone
        self.key = f"{meta.id}@{meta.version}" + ("" if self.zone == meta.zone else f"/{self.zone}")
        self._clock = ZoneInfo(self.zone)
        self._plan = Plan(calendar)
        begin_at = first_instant(datetime(EARLIEST, 1, 1), self._clock)  # noqa: DTZ001 - a local time
        end_at = first_instant(datetime(LATEST + 1, 1, 1), self._clock)  # noqa: DTZ001 - a local time
        before, after = Year(EARLIEST - 1, -2 * FAR, begin_at), Year(LATEST + 1, end_at, 2 * FAR)
        self._years = {before.number: before, after.number: after}
        self._before, self._after = before, after
        self._latest = before

    def is_open(self, at: int) -> bool:
        return self._of(at).is_open(at)

    def elapsed(self, begin: int, end: int) -> int:
        """
        Open milliseconds from an instant up to another one; 0 where that is not later.
        """
        if end <= begin:
            return 0
        first, last = self._of(begin), self._of(end)
        if first is last:
            return last.counted(end) - first.counted(begin)
        between = sum(self._numbered(number).total for number in range(first.number + 1, last.number))
        return first.total - first.counted(begin) + between + last.counted(end)

    def add(self, at: int, counted: int) -> int:
        """
        Return the earliest instant by which so many open milliseconds have passed since another one.

        A negative number looks back: the latest instant since which so many have passed. FAR, with the sign of
        `counted`, where twenty years do not hold as many.
        """
        if not counted:
            return at
        return self._later(at, counted) if counted > 0 else self._earlier(at, -counted)

    def next_opening(self, at: int) -> int:
        """
        Return the first instant from here on that is open; FAR where none is within twenty years.
        """
        year, latest = self._of(at), at + REACH_MS
        if year.is_open(at):
            return at
        place = bisect_right(year.starts, at)
        while place == len(year.starts):
            if year.end_at > latest:
                return FAR
            year, place = self._numbered(year.number + 1), 0
        return year.starts[place] if year.starts[place] <= latest else FAR

    def close_of_business_day(self, at: int, number: int) -> int:
        """
        Return the last closing of a business day: the first, second … after the local date of an instant.

        A business day is a local date on which an opening begins. FAR where there are not as many within twenty
        years. Raises ValueError for a number below one.
        """
        if number < 1:
            raise ValueError("business days are counted from one")
        first = self._of(at)
        if not EARLIEST <= first.number <= LATEST:
            return FAR
        today = from_millis(at).astimezone(self._clock).date().toordinal()
        year, latest = first, at + REACH_MS
        place = bisect_right(year.days, today) + number - 1
        while place >= len(year.days):
            if year.end_at > latest:
                return FAR
            place -= len(year.days)
            year = self._numbered(year.number + 1)
        return year.closings[place] if year.closings[place] <= latest else FAR

    def segments(self, begin: int, end: int) -> tuple[Stretch, ...]:
        """
        List what lies between two instants without a gap: each opening, and what is closed before and after it.

        Days with a name are told apart from the closed time around them. Nothing, where `end` is not later.
        """
        found: list[Stretch] = []
        if end <= begin:
            return ()
        at = begin
        for number in range(self._of(begin).number, self._of(end - 1).number + 1):
            year = self._numbered(number)
            # From the first opening that has not ended to the last one that begins before the end.
            for place in range(bisect_right(year.ends, at), bisect_left(year.starts, end)):
                first, last = max(year.starts[place], at), min(year.ends[place], end)
                _close(found, at, first, year.named)
                _put(
                    found, Stretch(first, last, open=True, name=year.names[place]), goes_on=place == 0 and year.carried
                )
                at = last
            rest = min(year.end_at, end)
            _close(found, at, rest, year.named)
            at = max(at, rest)
        return tuple(found)

    def _later(self, at: int, counted: int) -> int:
        year, latest = self._of(at), at + REACH_MS
        wanted = year.counted(at) + counted
        while wanted > year.total:
            if year.end_at > latest:
                return FAR
            wanted -= year.total
            year = self._numbered(year.number + 1)
        reached = year.reached(wanted)
        return reached if reached <= latest else FAR

    def _earlier(self, at: int, counted: int) -> int:
        year, earliest = self._of(at), at - REACH_MS
        wanted = year.counted(at) - counted
        while wanted < 0:
            if year.begin_at < earliest:
                return -FAR
            year = self._numbered(year.number - 1)
            wanted += year.total
        left = year.left(wanted)
        return left if left >= earliest else -FAR

    def _of(self, at: int) -> Year:
        """
        Return the local year of an instant. Questions come in the order of time, so mostly it is that of the last one.
        """
        year = self._latest
        if year.begin_at <= at < year.end_at:
            return year
        if at < self._before.end_at:
            return self._before
        if at >= self._after.begin_at:
            return self._after
        # The local year is that of UTC but for some hours at its ends.
        year = self._numbered(min(max(from_millis(at).year, EARLIEST), LATEST))
        if at < year.begin_at:
            year = self._numbered(year.number - 1)
        elif at >= year.end_at:
            year = self._numbered(year.number + 1)
        self._latest = year
        return year

    def _numbered(self, number: int) -> Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = compile_year(number, self._plan, self._clock)
        return year


def compile_hours(calendar: Calendar, zone: str | None = None) -> OpenHours:
    """
    Compile a calendar for the zone of a site, or for its own. Callers keep what they get: years are worked out once.

    Raises ValueError for a draft with imports, whose days are not known yet.
    """
    if not calendar.frozen:
        raise ValueError("a calendar is frozen before it is used")
    return OpenHours(calendar, zone)


def _close(found: list[Stretch], begin: int, end: int, named: list[NamedDay]) -> None:
    """
    Put closed time at the end of the list, day by day where days have a name.
    """
    place = max(bisect_right(named, begin, key=lambda day: day.begin_at) - 1, 0)
    for day in named[place : bisect_left(named, end, key=lambda day: day.begin_at)]:
        first, last = max(day.begin_at, begin), min(day.end_at, end)
        if first >= last:
            continue
        _put(found, Stretch(begin, first, open=False, name=None), goes_on=True)
        _put(found, Stretch(first, last, open=False, name=day.name), goes_on=True)
        begin = last
    _put(found, Stretch(begin, end, open=False, name=None), goes_on=True)


def _put(found: list[Stretch], stretch: Stretch, *, goes_on: bool) -> None:
    """
    Put a stretch at the end of the list, if it is one; where it may go on from a last one that is alike, it does.
    """
    if stretch.from_at >= stretch.to_at:
        return
    if goes_on and found and found[-1][2:] == stretch[2:]:
        stretch = found.pop()._replace(to_at=stretch.to_at)
    found.append(stretch)
