"""
Periods by their names, as people say them: `2026-03`, `2026-W12`, `last-week`; and the period before each.

A day begins at midnight in the period's zone, whatever clocks were set forward or back in it.
"""

import re
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from schemas.base import EPOCH, LAST, from_millis, to_millis
from services.runtime.errors import Misconfigured

__all__ = ["ALL", "NAMES", "Period", "read_period"]

ALL: Final = "all"
NAMES: Final = (
    "2026, 2026-Q1, 2026-03, 2026-W12, 2026-03-14, today, yesterday, this-week, last-week, this-month, last-month, "
    "this-quarter, last-quarter, this-year, last-year, last-30-days or all"
)
"""How periods may be named, for help and for errors."""
_WRITTEN: Final = (
    ("year", re.compile(r"(\d{4})")),
    ("quarter", re.compile(r"(\d{4})-Q([1-4])")),
    ("month", re.compile(r"(\d{4})-(\d{2})")),
    ("week", re.compile(r"(\d{4})-W(\d{2})")),
    ("day", re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
)
_RELATIVE: Final = re.compile(r"(this|last)-(week|month|quarter|year)")
_LAST_DAYS: Final = re.compile(r"last-(\d{1,4})-days")
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
_DAYS: Final = {"day": 1, "week": 7}
_YEAR_MONTHS: Final = 12


class Period(NamedTuple):
    """
    A stretch of time by its name; milliseconds, the end is not part of it, None is open.

    ``unit`` is that of the calendar (day, week, month, quarter, year), `days` of so many days, or empty.
    """

    name: str
    from_ms: int | None
    until_ms: int | None
    zone: ZoneInfo
    unit: str = ""

    @property
    def length_ms(self) -> int | None:
        """
        How long it is; None where it is open.
        """
        return None if self.from_ms is None or self.until_ms is None else self.until_ms - self.from_ms

    def before(self) -> "Period | None":
        """
        The period before: of the calendar the one before, else as long as this one; None where this one is open.
        """
        length = self.length_ms
        if self.from_ms is None or length is None:
            return None
        if not self.unit:
            return Period("", self.from_ms - length, self.from_ms, self.zone)
        begin = from_millis(self.from_ms).astimezone(self.zone).date()
        if self.unit == "days":
            end = from_millis(self.until_ms or 0).astimezone(self.zone).date()
            return _days("", begin - (end - begin), begin, self.zone)
        return _of(self.unit, _moved(begin, self.unit, -1), self.zone)


def read_period(text: str, zone: ZoneInfo, now_ms: int) -> Period:
    """
    Read a name. Raises Misconfigured where it is none, or lies where events cannot.
    """
    try:
        found = _read(text.strip(), zone, from_millis(now_ms).astimezone(zone).date())
        if found is not None and found.until_ms is not None and found.until_ms >= to_millis(LAST):
            found = None
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise Misconfigured(f"{text[:40]!r} is no period; write it like {NAMES}")
    return found


def _read(text: str, zone: ZoneInfo, today: date) -> Period | None:
    if text == ALL:
        return Period(ALL, None, None, zone)
    if text in {"today", "yesterday"}:
        return _of("day", today - timedelta(days=text == "yesterday"), zone)
    relative, last = _RELATIVE.fullmatch(text), _LAST_DAYS.fullmatch(text)
    if relative is not None:
        which, unit = relative.groups()
        begin = _begin(unit, today)
        return _of(unit, _moved(begin, unit, -1) if which == "last" else begin, zone)
    if last is not None and int(last[1]):
        return _days(text, today - timedelta(days=int(last[1])), today, zone)
    for unit, pattern in _WRITTEN:
        match = pattern.fullmatch(text)
        if match is not None:
            return _of(unit, _first_day(unit, [int(one) for one in match.groups()]), zone)
    return None


def _first_day(unit: str, numbers: list[int]) -> date:
    year, *more = numbers
    if unit == "week":
        return date.fromisocalendar(year, more[0], 1)
    if unit == "quarter":
        return date(year, 3 * more[0] - 2, 1)
    month, day = [*more, 1, 1][:2]
    return date(year, month, day)


def _begin(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return date(day.year, (day.month - 1) // _MONTHS[unit] * _MONTHS[unit] + 1, 1)


def _moved(begin: date, unit: str, by: int) -> date:
    if unit in _DAYS:
        return begin + timedelta(days=by * _DAYS[unit])
    year, month = divmod(begin.year * _YEAR_MONTHS + begin.month - 1 + by * _MONTHS[unit], _YEAR_MONTHS)
    return date(year, month + 1, 1)


def _of(unit: str, begin: date, zone: ZoneInfo) -> Period:
    year, week, _ = begin.isocalendar()
    name = {
        "year": f"{begin:%Y}",
        "quarter": f"{begin:%Y}-Q{begin.month // 3 + 1}",
        "month": f"{begin:%Y-%m}",
        "week": f"{year}-W{week:02}",
        "day": begin.isoformat(),
    }[unit]
    return _days(name, begin, _moved(begin, unit, 1), zone)._replace(unit=unit)


def _days(name: str, begin: date, end: date, zone: ZoneInfo) -> Period:
    if begin < EPOCH.date():
        raise ValueError(name)
    return Period(name, _midnight(begin, zone), _midnight(end, zone), zone, "days")


def _midnight(day: date, zone: ZoneInfo) -> int:
    return to_millis(datetime(day.year, day.month, day.day, tzinfo=zone))
