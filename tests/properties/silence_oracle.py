"""
Silences that come again, worked out slowly: every time from the first one on, each held against a walk along the wall
clock; and the silences that it is tried on.
"""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.alert_routes import Silence
from schemas.base import format_instant, from_millis, to_millis
from tests.properties.calendar_oracle import CHANGES, DAY, HOUR, MINUTE, ZONES
from tests.properties.on_call_oracle import walk

__all__ = ["RULES", "Span", "World", "silences", "walked_spans"]

_SILENCES: Final = TypeAdapter(Silence)
_MINUTES: Final = (1, 15, 30, 60, 90, 24 * 60, 25 * 60, 7 * 24 * 60)
_RULES: Final = (
    "FREQ=HOURLY", "FREQ=HOURLY;INTERVAL=5", "FREQ=HOURLY;BYMINUTE=45", "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;BYHOUR=0,2,3;BYMINUTE=30", "FREQ=DAILY;BYHOUR=1,2,23;BYSETPOS=-1", "FREQ=DAILY;BYDAY=SU,MO",
    "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO,FR",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO,SA", "FREQ=WEEKLY;BYMONTHDAY=1,2,3", "FREQ=MONTHLY",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=-1SU,2SU,1FR", "FREQ=MONTHLY;INTERVAL=5;BYDAY=FR,SU",
    "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1,-1", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=3,4,9,10", "FREQ=YEARLY;BYDAY=MO",
    "FREQ=YEARLY;INTERVAL=2;BYMONTH=3,10;BYDAY=-1SU", "FREQ=YEARLY;BYMONTHDAY=29,30,31", "FREQ=YEARLY;BYDAY=5SU,-2MO",
)  # fmt: skip


_OF_WHOLE_WEEKS: Final = ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR,SU;BYSETPOS=2,4",)
"""The second of a week counts from its Monday, also in the week in which the silence begins."""
RULES: Final = (*_RULES, *_OF_WHOLE_WEEKS)


class Span(NamedTuple):
    """
    From when to when it is silent.
    """

    begin: int
    end: int


class World(NamedTuple):
    """
    A silence that comes again, and an instant near which something happens to the clocks.
    """

    silence: Silence
    near: int


def walked_spans(silence: Silence, begin: int, end: int) -> list[Span]:
    """
    Every time of a silence that may touch what lies between two instants, which are whole minutes.
    """
    again = silence.again
    assert again is not None
    first = to_millis(silence.begin)
    last = to_millis(silence.until) if silence.until is not None else 1 << 60
    local = from_millis(first).astimezone(ZoneInfo(again.zone)).replace(tzinfo=None)
    if again.rule in _OF_WHOLE_WEEKS:
        local -= timedelta(days=local.weekday())
    walked = list(walk(again.zone, begin - again.duration // MINUTE * MINUTE - MINUTE, end))
    times = rrulestr(again.rule, dtstart=local).between(
        walked[0][1] - timedelta(minutes=1), walked[-1][1] + timedelta(minutes=1), inc=True
    )
    found = []
    place = 0
    for time in times:
        while place < len(walked) and walked[place][1] < time:
            place += 1
        if place < len(walked) and first <= walked[place][0] < last and _is_new(walked, place, time):
            found.append(Span(walked[place][0], min(walked[place][0] + again.duration, last)))
    return found


def _is_new(walked: list[tuple[int, datetime]], place: int, time: datetime) -> bool:
    """
    Whether a time is shown first at a place; at the first one nobody knows when that was.
    """
    return place > 0 or walked[place][1] == time


@st.composite
def silences(draw: st.DrawFn) -> World:
    """
    Draw a silence that comes again around a change of the clocks, begun up to twenty years before.
    """
    zone = draw(st.sampled_from(ZONES))
    near = draw(st.sampled_from([at for at in CHANGES[zone] if at > 21 * 366 * DAY])) // MINUTE * MINUTE
    begin = near + draw(
        st.one_of(st.integers(-3 * 1_440, 1_440).map(lambda minutes: minutes * MINUTE),
                  st.integers(-20 * 365 * 24, 0).map(lambda hours: hours * HOUR))
    )  # fmt: skip
    said: dict[str, Any] = {
        "id": "again",
        "match": {"site": "a"},
        "from": format_instant(begin),
        "author": "tests",
        "reason": "drawn",
        "again": {
            "rule": draw(st.sampled_from(RULES)),
            "zone": zone,
            "duration": f"{draw(st.sampled_from(_MINUTES))}m",
        },
    }
    if draw(st.booleans()):
        until = max(begin + MINUTE, near + draw(st.integers(-2_000, 4_000)) * MINUTE)
        said["until"] = format_instant(until)
    return World(_SILENCES.validate_python(said), near)
