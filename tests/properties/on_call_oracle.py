"""
Who is on call, worked out slowly: walks minute by minute, looks at the wall clock, and counts turns on paper.

As with calendars, time that the clock has shown already is not lived through again; so a handover in the hour that
comes twice happens once, and one in the hour that is skipped when that is over.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.base import format_instant, from_millis, to_millis
from schemas.clocks import WEEKDAYS, DayPart
from schemas.on_call import Layer, Override, Schedule
from services.alerts.engine import Shift
from tests.properties.calendar_oracle import CHANGES, DAY, HOUR, MINUTE, ZONES

__all__ = ["World", "ten_years_of", "walk", "walked_shifts", "worlds"]

_SCHEDULES: Final = TypeAdapter(Schedule)
_OVERRIDES: Final = TypeAdapter(tuple[Override, ...])
PEOPLE: Final = ("anna", "boris", "carla", "dace")
TIMES: Final = (
    "00:00", "00:01", "00:30", "01:00", "01:45", "02:00", "02:30", "02:45", "03:15", "03:45", "04:00", "08:00",
    "12:00", "20:00", "22:30", "23:00", "23:30", "23:59",
)  # fmt: skip
"""Those at which clocks change, those in the middle of what is skipped or comes twice, and some of usual life."""


class World(NamedTuple):
    """
    A schedule, who stands in as commands said later, and an instant near which something happens to the clocks.
    """

    schedule: Schedule
    stands: tuple[Override, ...]
    near: int


def walk(zone: str, begin: int, end: int) -> Iterator[tuple[int, datetime]]:
    """
    Every minute between two instants, which are whole minutes, with the latest that the clock has shown by then.
    """
    clock = ZoneInfo(zone)
    shown = datetime.min  # noqa: DTZ901 - a local time
    for at in range(begin - 26 * HOUR, end, MINUTE):
        shown = max(shown, datetime.fromtimestamp(at // 1_000, clock).replace(tzinfo=None))
        if at >= begin:
            yield at, shown


def walked_shifts(world: World, begin: int, end: int) -> list[Shift]:
    """
    Who is on call from minute to minute, put together where it stays the same.
    """
    found: list[Shift] = []
    overrides = [
        (to_millis(one.begin), to_millis(one.until), one) for one in (*world.schedule.overrides, *world.stands)
    ]
    layers = [_layer(layer) for layer in world.schedule.layers]
    for at, shown in walk(world.schedule.zone, begin, end):
        now = _now(layers, overrides, at, shown)
        if found and found[-1][2:] == now:
            found[-1] = found[-1]._replace(to_at=at + MINUTE)
        else:
            found.append(Shift(at, at + MINUTE, *now))
    return found


class _Layer(NamedTuple):
    said: Layer
    first: datetime
    turn: timedelta
    since: int
    until: int


def _layer(layer: Layer) -> _Layer:
    rotation = layer.rotation
    return _Layer(
        layer,
        datetime.combine(date.fromisoformat(rotation.start), time.fromisoformat(rotation.handover)),
        timedelta(days=rotation.every) if rotation.unit == "day" else timedelta(weeks=rotation.every),
        to_millis(layer.since) if layer.since is not None else 0,
        to_millis(layer.until) if layer.until is not None else 1 << 60,
    )


def _now(
    layers: Sequence[_Layer], overrides: Sequence[tuple[int, int, Override]], at: int, shown: datetime
) -> tuple[str | None, str | None]:
    usual: tuple[str | None, str | None] = (None, None)
    for said, first, turn, since, until in layers:
        on_duty = since <= at < until and (not said.hours or any(_covers(part, shown) for part in said.hours))
        if on_duty and shown >= first:
            usual = (said.people[(shown - first) // turn % len(said.people)], said.id)
    now = usual
    for begin, end, override in overrides:
        if begin <= at < end and (override.replaces is None or override.replaces == usual[0]):
            now = (override.person, "override")
    return now


def _covers(part: DayPart, shown: datetime) -> bool:
    today, yesterday = WEEKDAYS[shown.weekday()], WEEKDAYS[shown.weekday() - 1]
    now = f"{shown:%H:%M}"
    if part.begin < part.until:
        return today in part.days and part.begin <= now < part.until
    return (today in part.days and now >= part.begin) or (yesterday in part.days and now < part.until)


def _parts() -> st.SearchStrategy[list[dict[str, Any]]]:
    part = st.fixed_dictionaries(
        {
            "name": st.just("part"),
            "from": st.sampled_from(TIMES),
            "until": st.sampled_from(TIMES),
            "days": st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True),
        }
    )
    return st.lists(part, max_size=3)


@st.composite
def _layers(draw: st.DrawFn, near: int, today: date) -> dict[str, Any]:
    said: dict[str, Any] = {
        "people": draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4)),
        "rotation": {
            "every": draw(st.integers(1, 3)),
            "unit": draw(st.sampled_from(("day", "week"))),
            "start": (today - timedelta(days=draw(st.integers(-3, 40)))).isoformat(),
            "handover": draw(st.sampled_from(TIMES)),
        },
        "hours": draw(_parts()),
    }
    for name in ("since", "until"):
        if draw(st.integers(0, 3)) == 0:
            said[name] = format_instant(near + draw(st.integers(-3_000, 3_000)) * MINUTE)
    return said


@st.composite
def _overrides(draw: st.DrawFn, near: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(0, 3))):
        begin = near + draw(st.integers(-4_000, 4_000)) * MINUTE
        until = begin + draw(st.integers(1, 3_000)) * MINUTE
        found.append(
            {
                "person": draw(st.sampled_from((*PEOPLE, None))),
                "from": format_instant(begin),
                "until": format_instant(until),
                "replaces": draw(st.sampled_from((*PEOPLE, None))),
            }
        )
    return found


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """
    Draw a schedule in one of the zones, with layers and overrides around a change of its clocks.
    """
    zone = draw(st.sampled_from(ZONES))
    near = draw(st.sampled_from(CHANGES[zone])) // MINUTE * MINUTE
    today = from_millis(near).astimezone(ZoneInfo(zone)).date()
    layers = [draw(_layers(near, today)) | {"id": f"layer-{number}"} for number in range(draw(st.integers(1, 3)))]
    schedule = _SCHEDULES.validate_python(
        {"id": "floor", "title": "Floor", "zone": zone, "layers": layers, "overrides": draw(_overrides(near))}
    )
    return World(schedule, _OVERRIDES.validate_python(draw(_overrides(near)), strict=False), near)


def ten_years_of(zone: str) -> Schedule:
    """
    A schedule with everything: weeks handed over where the clock is skipped or comes twice, nights, and a top layer.
    """
    days = WEEKDAYS[:5]
    return _SCHEDULES.validate_python(
        {
            "id": "floor",
            "title": "Floor",
            "zone": zone,
            "layers": [
                {"id": "weeks", "people": PEOPLE, "rotation": {"start": "2009-01-04", "handover": "02:30"}},
                {
                    "id": "nights",
                    "people": PEOPLE[:3],
                    "rotation": {"every": 2, "unit": "day", "start": "2009-02-01", "handover": "00:00"},
                    "hours": [{"name": "night", "from": "22:30", "until": "02:45", "days": days}],
                },
                {
                    "id": "mornings",
                    "people": PEOPLE[2:],
                    "rotation": {"unit": "day", "start": "2009-03-01", "handover": "00:01"},
                    "hours": [{"name": "early", "from": "00:00", "until": "01:45", "days": WEEKDAYS[5:]}],
                },
            ],
            "overrides": [
                {
                    "person": "dace" if number % 3 else None,
                    "from": format_instant(change + 2 * HOUR),
                    "until": format_instant(change + DAY),
                    "replaces": PEOPLE[number % 4] if number % 2 else None,
                }
                for number, change in enumerate(CHANGES[zone])
            ],
        }
    )
