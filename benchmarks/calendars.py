"""
Open time by a calendar: questions a second, beside one look at the wall clock, which a slow walk does for each minute.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from benchmarks.measuring import Figure, watched
from domain.calendars import OpenHours, compile_hours
from schemas.base import to_millis
from schemas.calendars import Calendar
from schemas.clocks import WEEKDAYS
from schemas.standards import DOCUMENTS

TITLE = "open time by a calendar"
_ZONE = "Europe/Riga"
_BEGIN = to_millis(datetime(2026, 1, 1, tzinfo=ZoneInfo(_ZONE)))
_YEAR, _DAY, _HOUR = 365 * 86_400_000, 86_400_000, 3_600_000
_BARE = "one local time, us"


def calendar() -> Calendar:
    """Make the calendar of a branch: two intervals a day, twelve holidays a year for ten years."""
    week = {day: [{"from": "09:00", "until": "13:00"}, {"from": "14:00", "until": "18:00"}] for day in WEEKDAYS[:5]}
    holidays = [
        {"name": "holiday", "date": f"{year}-{month:02d}-{month + 3:02d}", "closed": True}
        for year in range(2020, 2030)
        for month in range(1, 13)
    ]
    metadata = {"id": "c", "version": 1, "title": "C", "owner": "q", "zone": _ZONE}
    made = DOCUMENTS.validate_python(
        {
            "apiVersion": "sqm/v1",
            "kind": "Calendar",
            "metadata": {"effective_from": "2020-01-01T00:00:00Z", **metadata},
            "hours": week,
            "exceptions": holidays,
        }
    )
    assert isinstance(made, Calendar)
    return made


def run(scale: float) -> Iterator[Figure]:
    """Ask about random instants of a year, as a replay of it does, and of ten years."""
    drawn = random.Random(7)
    count = max(1_000, int(200_000 * scale))
    instants = [_BEGIN + drawn.randrange(_YEAR) for _ in range(count)]
    lengths = [drawn.randrange(5 * _DAY) for _ in range(count)]
    decades = [_BEGIN - drawn.randrange(6 * _YEAR) for _ in range(count)]
    limits = [drawn.randrange(40 * _HOUR) for _ in range(count)]
    clock = ZoneInfo(_ZONE)
    bare = _microseconds(lambda at, _: datetime.fromtimestamp(at // 1_000, clock), instants, lengths)

    document = calendar()
    years = range(max(2, int(10 * scale)))
    compiled = [compile_hours(document) for _ in years]
    with watched() as watch:
        for hours in compiled:
            hours.is_open(_BEGIN)
    yield Figure("compile a year", watch.cpu_microseconds(len(compiled)) / 1_000, "ms of CPU")
    hours = compile_hours(document)
    _agree(hours, instants[:100], limits[:100])
    _microseconds(lambda at, _: hours.is_open(at), decades, lengths)
    questions: tuple[tuple[str, Callable[[int, int], object], list[int], list[int]], ...] = (
        ("is it open", lambda at, _: hours.is_open(at), instants, limits),
        ("elapsed, up to five days", lambda at, length: hours.elapsed(at, at + length), instants, lengths),
        ("elapsed, up to six years", lambda at, _: hours.elapsed(at, _BEGIN), decades, lengths),
        ("add a limit", hours.add, instants, limits),
        ("take back from a limit", lambda at, limit: hours.add(at, -limit), instants, limits),
        ("next opening", lambda at, _: hours.next_opening(at), instants, limits),
        ("close of the third business day", lambda at, _: hours.close_of_business_day(at, 3), instants, limits),
        ("segments of five days", lambda at, length: hours.segments(at, at + length), instants[:20_000], lengths),
    )
    for name, ask, first, second in questions:
        cost = _microseconds(ask, first, second)
        yield Figure(name, cost, "us of CPU", bare, _BARE)
        yield Figure(f"{name}: questions", 1e6 / cost, "a second of CPU")


def _microseconds(ask: Callable[[int, int], object], first: list[int], second: list[int]) -> float:
    with watched() as watch:
        for at, other in zip(first, second, strict=False):
            ask(at, other)
    return watch.cpu_microseconds(len(first))


def _agree(hours: OpenHours, instants: list[int], limits: list[int]) -> None:
    for at, limit in zip(instants, limits, strict=True):
        assert hours.elapsed(at, hours.add(at, limit)) == limit
