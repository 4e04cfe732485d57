"""
The openings of one year in one zone, worked out from a calendar and summed up, so that a question costs one bisection.

A local time stands for the first instant at which the clock on the wall shows it or a later time. So what the clock
skips in spring begins and ends at the moment of the change, and of what it shows twice in autumn the first time
counts: openings that touch on paper touch in fact, none is counted twice, and what counts is real elapsed time.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from schemas.base import SECOND_MS, to_millis
from schemas.calendars import Calendar, Interval, Week
from schemas.clocks import WEEKDAYS

__all__ = ["EARLIEST", "FAR", "LATEST", "NamedDay", "Plan", "Year", "compile_year", "first_instant"]

FAR: Final = 1 << 61
"""An instant that is never reached; negative: one before all time."""

EARLIEST: Final = 1950
LATEST: Final = 2320
"""The years that are known: those of service events, and twenty on either side."""

_Spans = tuple[tuple[int, int], ...]


class NamedDay(NamedTuple):
    """
    A day that is unlike the others, from its midnight to the next, and why.
    """

    begin_at: int
    end_at: int
    name: str


class Plan:
    """
    What a calendar says about a date: the intervals that begin on it, in minutes, and the name of its exception.
    """

    def __init__(self, calendar: Calendar) -> None:
        self._week = _of_week(calendar.hours)
        seasons = sorted(calendar.seasons, key=lambda season: season.begin)
        self._seasons = [(_ordinal(season.begin), _ordinal(season.end), _of_week(season.hours)) for season in seasons]
        self._season_begins = [season[0] for season in self._seasons]
        exceptions = sorted(calendar.exceptions, key=lambda one: one.first)
        self._exceptions = [
            (one.first.toordinal(), one.last.toordinal(), _spans(one.hours), one.name) for one in exceptions
        ]
        self._exception_begins = [one[0] for one in self._exceptions]

    def of(self, ordinal: int) -> tuple[_Spans, str | None]:
        """
        Say it of a date, which is given by its ordinal.
        """
        place = bisect_right(self._exception_begins, ordinal) - 1
        if place >= 0 and ordinal <= self._exceptions[place][1]:
            return self._exceptions[place][2:]
        weekday = (ordinal - 1) % len(WEEKDAYS)
        place = bisect_right(self._season_begins, ordinal) - 1
        if place >= 0 and ordinal <= self._seasons[place][1]:
            return self._seasons[place][2][weekday], None
        return self._week[weekday], None


class Year:
    """
    The openings of a year, clipped to it, disjoint and in order, with the open time before each.

    ``days`` are the ordinals of the dates on which one begins, ``closings`` the last closing of each, unclipped.
    """

    __slots__ = ("begin_at", "carried", "closings", "days", "end_at", "ends", "named", "names", "number", "starts",
                 "sums", "total")  # fmt: skip

    def __init__(self, number: int, begin_at: int, end_at: int) -> None:
        self.number = number
        self.begin_at = begin_at
        self.end_at = end_at
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.names: list[str | None] = []
        self.sums: list[int] = [0]
        self.total = 0
        self.carried = False
        """Whether the first opening goes on from the year before."""
        self.days: list[int] = []
        self.closings: list[int] = []
        self.named: list[NamedDay] = []

    def take(self, begin_at: int, end_at: int, name: str | None) -> None:
        """
        Add an opening behind the others; only what lies in the year and not in an opening before it.
        """
        first = max(begin_at, self.begin_at, self.ends[-1] if self.ends else self.begin_at)
        last = min(end_at, self.end_at)
        if first >= last:
            return
        if not self.starts:
            self.carried = begin_at < self.begin_at
        self.starts.append(first)
        self.ends.append(last)
        self.names.append(name)
        self.total += last - first
        self.sums.append(self.total)

    def counted(self, at: int) -> int:
        """
        Open milliseconds from the beginning of the year to an instant of it.
        """
        place = bisect_right(self.starts, at) - 1
        if place < 0:
            return 0
        return self.sums[place] + min(self.ends[place], at) - self.starts[place]

    def is_open(self, at: int) -> bool:
        place = bisect_right(self.starts, at) - 1
        return place >= 0 and at < self.ends[place]

    def reached(self, counted: int) -> int:
        """
        Return the earliest instant at which so much has been counted: more than 0, at most the total.
        """
        place = bisect_left(self.sums, counted) - 1
        return self.starts[place] + counted - self.sums[place]

    def left(self, counted: int) -> int:
        """
        Return the latest instant up to which no more than so much has been counted: at least 0, less than the total.
        """
        place = bisect_right(self.sums, counted) - 1
        return self.starts[place] + counted - self.sums[place]


def compile_year(number: int, plan: Plan, zone: ZoneInfo) -> Year:
    """
    Work out the openings of a year; what begins on the last evening of the year before may reach into it.
    """
    first = date(number, 1, 1).toordinal()
    last = date(number, 12, 31).toordinal()
    year = Year(number, _midnight(first, zone), _midnight(last + 1, zone))
    for ordinal in range(first - 1, last + 1):
        spans, name = plan.of(ordinal)
        if name is not None and ordinal >= first:
            year.named.append(NamedDay(_midnight(ordinal, zone), _midnight(ordinal + 1, zone), name))
        if not spans:
            continue
        openings = [(_at(ordinal, begin, zone), _at(ordinal, end, zone)) for begin, end in spans]
        for begin_at, end_at in openings:
            year.take(begin_at, end_at, name)
        if ordinal >= first and any(begin_at < end_at for begin_at, end_at in openings):
            year.days.append(ordinal)
            year.closings.append(max(end_at for _, end_at in openings))
    return year


def first_instant(local: datetime, zone: ZoneInfo) -> int:
    """
    Return the first instant (ms since the epoch) at which the clocks of a zone show a local time or a later one.
    """
    # PEP 495: in a gap fold=0 reads the time with the offset before it, which lands behind it, and fold=1 the other
    # way round; where a time comes twice, fold=0 is the first.
    behind = to_millis(local.replace(tzinfo=zone))
    before = to_millis(local.replace(tzinfo=zone, fold=1))
    if before >= behind:
        return behind
    low, high = before // SECOND_MS, behind // SECOND_MS
    while low < high:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).replace(tzinfo=None) < local:
            low = middle + 1
        else:
            high = middle
    return low * SECOND_MS


def _midnight(ordinal: int, zone: ZoneInfo) -> int:
    return _at(ordinal, 0, zone)


def _at(ordinal: int, minute: int, zone: ZoneInfo) -> int:
    return first_instant(datetime.fromordinal(ordinal) + timedelta(minutes=minute), zone)


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _spans(intervals: tuple[Interval, ...]) -> _Spans:
    return tuple(sorted(interval.minutes for interval in intervals))


def _of_week(week: Week) -> tuple[_Spans, ...]:
    return tuple(_spans(week.get(day, ())) for day in WEEKDAYS)
