"""
Open time worked out slowly: walks minute by minute and looks at the wall clock, and draws what that is tried on.

Knows of changes of the clock only what a person on the spot sees: where the clock is put back, time that was shown
already is not lived through again, so a time of the day is over once it has been shown.
"""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from schemas.base import from_millis, to_millis
from schemas.calendars import Calendar
from schemas.clocks import WEEKDAYS
from schemas.standards import DOCUMENTS

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
WEEK_MINUTES = 7 * 1_440

ZONES = (
    "Australia/Lord_Howe",  # half an hour of summer time
    "Africa/Casablanca",  # back for Ramadan, at another date each year
    "Pacific/Chatham",  # a quarter of an hour off, changes at 02:45
    "Asia/Kathmandu",  # a quarter of an hour off since 1986
    "Pacific/Apia",  # went over the date line: 30 December 2011 never was
    "America/St_Johns",  # changed at 00:01 until 2011
    "Europe/Riga",
    "America/New_York",
)


class Minute(NamedTuple):
    """
    A minute, the dates on which the intervals that it lies in began (none: closed), and the name of the exception.
    """

    at: int
    begun: tuple[date, ...]
    name: str | None


def intervals_of(calendar: Calendar, day: date) -> tuple[list[tuple[int, int]], str | None]:
    """
    What is written about a date: its intervals in minutes, and the name of its exception.
    """
    for one in calendar.exceptions:
        if one.first <= day <= one.last:
            return [interval.minutes for interval in one.hours], one.name
    week = calendar.hours
    for season in calendar.seasons:
        if season.begin <= day.isoformat() <= season.end:
            week = season.hours
    return [interval.minutes for interval in week.get(WEEKDAYS[day.weekday()], ())], None


def walk(calendar: Calendar, zone: str, begin: int, end: int) -> list[Minute]:
    """
    Every minute between two instants, which are whole minutes.
    """
    clock = ZoneInfo(zone)
    found = []
    shown = datetime.min  # noqa: DTZ901 - a local time
    at = begin - 26 * HOUR
    known: dict[date, tuple[list[tuple[int, int]], str | None]] = {}
    while at < end:
        shown = max(shown, datetime.fromtimestamp(at // 1_000, clock).replace(tzinfo=None))
        if at >= begin:
            begun: tuple[date, ...] = ()
            today = shown.date()
            of_day = shown.hour * 60 + shown.minute
            for day, minute in ((today - timedelta(days=1), of_day + 1_440), (today, of_day)):
                if day not in known:
                    known[day] = intervals_of(calendar, day)
                for first, last in known[day][0]:
                    if first <= minute < last:
                        begun = (*begun, day)
            found.append(Minute(at, begun, known[begun[0] if begun else today][1]))
        at += MINUTE
    return found


def changes(zone: str) -> list[int]:
    """
    The instants, to the minute, at which a zone changed its clocks from 1980 on, and two at which it did not.
    """
    clock = ZoneInfo(zone)
    found = [to_millis(datetime(2026, 7, 1, tzinfo=UTC)), to_millis(datetime(2024, 12, 31, 20, tzinfo=UTC))]
    at, end = to_millis(datetime(1980, 1, 1, tzinfo=UTC)), to_millis(datetime(2045, 1, 1, tzinfo=UTC))
    while at < end:
        low, high = at, at + DAY
        if from_millis(low).astimezone(clock).utcoffset() != from_millis(high).astimezone(clock).utcoffset():
            offset = from_millis(low).astimezone(clock).utcoffset()
            while high - low > MINUTE:
                middle = (low + high) // 2 // MINUTE * MINUTE
                if from_millis(middle).astimezone(clock).utcoffset() == offset:
                    low = middle
                else:
                    high = middle
            found.append(high)
        at += DAY
    return found


CHANGES = {zone: changes(zone) for zone in ZONES}

_NASTY = (0, 1, 30, 60, 90, 105, 120, 150, 165, 180, 195, 225, 240, 540, 720, 1_050, 1_320, 1_439)
"""Minutes of a day: those at which clocks change and those in the middle of what is skipped or comes twice."""


def _time(minute: int, *, closing: bool = False) -> str:
    return "24:00" if closing and minute and not minute % 1_440 else f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _interval(begin: int, end: int) -> dict[str, str]:
    return {"from": _time(begin), "until": _time(end, closing=end - begin // 1_440 * 1_440 == 1_440)}


@st.composite
def _week(draw: st.DrawFn) -> dict[str, list[dict[str, str]]]:
    points = st.builds(lambda day, minute: day * 1_440 + minute, st.integers(0, 6), st.sampled_from(_NASTY))
    drawn = sorted(draw(st.lists(points, max_size=24, unique=True)))
    goes_round = draw(st.booleans())
    if drawn and goes_round:
        drawn.append(drawn[0] + WEEK_MINUTES)
    week: dict[str, list[dict[str, str]]] = {}
    # Neighbours either touch or leave a gap.
    step = draw(st.sampled_from((1, 2)))
    for begin, end in list(itertools.pairwise(drawn))[::step]:
        first = min(end, begin + 1_440) if begin < WEEK_MINUTES else 0
        if first:
            week.setdefault(WEEKDAYS[begin // 1_440], []).append(_interval(begin, first))
    return week


@st.composite
def _day_hours(draw: st.DrawFn) -> list[dict[str, str]]:
    points = sorted(draw(st.lists(st.sampled_from(_NASTY), min_size=2, max_size=6, unique=True)))
    spans = [_interval(begin, end) for begin, end in list(itertools.pairwise(points))[::2]]
    if draw(st.booleans()):
        spans[-1] = {"from": spans[-1]["from"], "until": draw(st.sampled_from(("00:00", "24:00")))}
    return spans


class World(NamedTuple):
    """
    A calendar, the zone in which it is used, and an instant near which something happens to the clocks there.
    """

    calendar: Calendar
    zone: str
    near: int


@st.composite
def worlds(draw: st.DrawFn) -> World:
    zone = draw(st.sampled_from(ZONES))
    near = draw(st.sampled_from(CHANGES[zone]))
    today = from_millis(near).astimezone(ZoneInfo(zone)).date()
    around = st.integers(-4, 4).map(lambda days: today + timedelta(days=days))
    exceptions: list[dict[str, Any]] = []
    for place, day in enumerate(draw(st.lists(around, max_size=3, unique=True))):
        spans = draw(st.just([]) | _day_hours())
        said = {"hours": spans} if spans else {"closed": True}
        exceptions.append({"name": f"exception {place % 2}", "date": day.isoformat(), **said})
    seasons: list[dict[str, Any]] = []
    if draw(st.booleans()):
        first, last = sorted((draw(around), draw(around)))
        seasons.append({"name": "season", "from": first.isoformat(), "to": last.isoformat(), "hours": draw(_week())})
    hours = draw(_week())
    if not any(hours.values()):
        hours = {"wednesday": [{"from": "00:00", "until": "24:00"}]}
    metadata = {"id": "c", "version": 1, "title": "C", "owner": "q", "zone": "UTC"}
    made = DOCUMENTS.validate_python(
        {
            "apiVersion": "sqm/v1",
            "kind": "Calendar",
            "metadata": {"effective_from": "2020-01-01T00:00:00Z", **metadata},
            "hours": hours,
            "seasons": seasons,
            "exceptions": exceptions,
        }
    )
    assert isinstance(made, Calendar)
    return World(made, zone, near)
