"""
Calendar windows: hours, day-parts, days, weeks and months by the wall clock of a zone.

Where clocks go back, the hour that is shown twice is one window; where they go forward, one that is never shown is
none. Every instant lies in one window of a unit, but for day-parts, between which there are gaps.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from schemas.base import MINUTE_MS, from_millis, to_millis
from schemas.clocks import WEEKDAYS, DayPart
from services.sla.engine.buckets import Buckets, Delta, Sums, add, nothing

_A_WEEK: Final = 8
"""Days in which each weekday comes at least once, counted from any."""


class Period(NamedTuple):
    """One window of a calendar; ``inside`` is False for the gap between two day-parts."""

    begin: int
    end: int
    inside: bool = True


class Calendar(NamedTuple):
    """A unit of the calendar in a zone."""

    label: str
    unit: str
    zone: str
    part: DayPart | None = None

    def period(self, instant: int) -> Period:
        """Find the window that an instant lies in."""
        zone = ZoneInfo(self.zone)
        local = from_millis(instant).astimezone(zone)
        if self.part is not None:
            return _in_part(self.part, instant, local.date(), zone)
        begin, following = _UNITS[self.unit](local.replace(tzinfo=None, fold=0))
        return Period(_instant(begin, zone), _instant(following, zone))


def _hour(local: datetime) -> tuple[datetime, datetime]:
    begin = local.replace(minute=0, second=0, microsecond=0)
    return begin, begin + timedelta(hours=1)


def _day(local: datetime) -> tuple[datetime, datetime]:
    begin = datetime.combine(local.date(), time())
    return begin, begin + timedelta(days=1)


def _week(local: datetime) -> tuple[datetime, datetime]:
    begin = datetime.combine(local.date() - timedelta(days=local.weekday()), time())
    return begin, begin + timedelta(days=7)


def _month(local: datetime) -> tuple[datetime, datetime]:
    begin = datetime.combine(local.date().replace(day=1), time())
    # The 1st of a month plus 31 days always lies in the month that follows it.
    return begin, (begin + timedelta(days=31)).replace(day=1)


_UNITS: Final[dict[str, Callable[[datetime], tuple[datetime, datetime]]]] = {
    "hour": _hour, "day": _day, "week": _week, "month": _month,
}  # fmt: skip


def _instant(local: datetime, zone: ZoneInfo) -> int:
    return to_millis(local.replace(tzinfo=zone))


def _in_part(part: DayPart, instant: int, day: date, zone: ZoneInfo) -> Period:
    gap_from, gap_until = instant - instant % MINUTE_MS, instant + _A_WEEK * 24 * 60 * MINUTE_MS
    for begin, end in _of_part(part, day, zone):
        if begin <= instant < end:
            return Period(begin, end)
        if end <= instant:
            gap_from = end
        else:
            gap_until = begin
            break
    return Period(gap_from, gap_until, inside=False)


def _of_part(part: DayPart, day: date, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    first, last = time.fromisoformat(part.begin), time.fromisoformat(part.until)
    for offset in range(-_A_WEEK, _A_WEEK + 1):
        begins_on = day + timedelta(days=offset)
        if WEEKDAYS[begins_on.weekday()] in part.days:
            ends_on = begins_on if first < last else begins_on + timedelta(days=1)
            begin = _instant(datetime.combine(begins_on, first), zone)
            yield begin, _instant(datetime.combine(ends_on, last), zone)


class Closed(NamedTuple):
    """A window that is over."""

    period: Period
    sums: Sums


class CalendarState:
    """What the window of now holds, and those that are over and may still be corrected."""

    __slots__ = ("changed", "closed", "period", "sums", "window")

    def __init__(self, window: Calendar, now: int) -> None:
        """Begin empty."""
        self.window = window
        self.period = window.period(now)
        self.sums: Sums = nothing()
        self.closed: dict[int, Closed] = {}
        self.changed = False

    def correct(self, minute: int, delta: Delta) -> None:
        """Take a change of a minute that has been reached, in the window that it lies in."""
        period = self.period if minute >= self.period.begin else self.window.period(minute)
        if not period.inside:
            return
        if period.begin == self.period.begin:
            add(self.sums, delta)
            self.changed = True
        else:
            add(self.closed.setdefault(period.begin, Closed(period, nothing())).sums, delta)

    def move(self, now: int, buckets: Buckets) -> None:
        """Take in the minute that ended."""
        entering = buckets.minutes.get(now - MINUTE_MS)
        if entering is not None and self.period.inside:
            add(self.sums, entering)
            self.changed = True

    def is_over(self, now: int) -> bool:
        """Tell whether the window of now has ended."""
        return now >= self.period.end

    def turn(self, now: int) -> None:
        """Begin the next window."""
        if self.period.inside:
            held = self.closed.setdefault(self.period.begin, Closed(self.period, nothing()))
            add(held.sums, self.sums)
        self.period, self.sums, self.changed = self.window.period(now), nothing(), False

    def settle(self, before: int) -> list[Closed]:
        """Give up what was over at an instant: it can no longer change."""
        ripe = [begin for begin in sorted(self.closed) if self.closed[begin].period.end <= before]
        return [self.closed.pop(begin) for begin in ripe]

    def empty(self) -> bool:
        """Tell whether nothing is counted in any of them."""
        return not any(self.sums) and not self.closed

    def written(self) -> list[Any]:
        """Return all that is remembered."""
        closed = [[*self.closed[begin].period[:2], self.closed[begin].sums] for begin in sorted(self.closed)]
        return [list(self.period), self.sums, self.changed, closed]

    def restore(self, written: list[Any]) -> None:
        """Take back what was written."""
        period, sums, self.changed, closed = written
        self.period, self.sums = Period(*period), list(sums)
        self.closed = {begin: Closed(Period(begin, end), list(held)) for begin, end, held in closed}


__all__ = ["Calendar", "CalendarState", "Closed", "Period"]
