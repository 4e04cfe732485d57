"""
On call: who is on duty at an instant, worked out from layers, rotations and overrides.

A local time stands for the first instant at which the clock on the wall shows it or a later time, as with calendars: a
turn that begins in the hour which the clock skips begins at the change, and none begins twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from domain.openings import first_instant
from schemas.base import from_millis, to_millis
from schemas.clocks import WEEKDAYS, DayPart, TimeOfDay
from schemas.on_call import Layer, Override, Schedule

__all__ = ["OnCall", "Shift", "Stands", "on_call", "shifts"]

Stands = Mapping[str, Sequence[Override]]
"""By schedule, who stands in for whom, as commands said it while running: in the order in which they were given."""
_DAY: Final = timedelta(days=1)


class OnCall(NamedTuple):
    """
    Who is on call, and by what: the id of a layer, or `override`; nobody has no layer either.
    """

    person: str | None
    by: str | None


class Shift(NamedTuple):
    """
    Who is on call from one instant up to another one.
    """

    from_at: int
    to_at: int
    person: str | None
    by: str | None


def on_call(schedule: Schedule, at: int, stands: Sequence[Override] = ()) -> OnCall:
    """
    Say who is on call at an instant: at most one. `stands` are overrides given later than those of the schedule.

    Of the overrides that hold the last one counts; else the topmost layer that is on duty.
    """
    zone = ZoneInfo(schedule.zone)
    usual = next((OnCall(who, layer.id) for layer in reversed(schedule.layers) if (who := _of(layer, at, zone))), None)
    person = usual.person if usual is not None else None
    for override in reversed((*schedule.overrides, *stands)):
        holds = to_millis(override.begin) <= at < to_millis(override.until)
        if holds and override.replaces in {None, person}:
            return OnCall(override.person, "override")
    return usual or OnCall(None, None)


def shifts(schedule: Schedule, begin: int, end: int, stands: Sequence[Override] = ()) -> tuple[Shift, ...]:
    """
    List who is on call from one instant up to a later one, without a gap: nobody is listed too.
    """
    found: list[Shift] = []
    places = sorted({begin, *(at for at in _changes(schedule, begin, end, stands) if begin < at < end)})
    for at, until in pairwise([*places, end]):
        now = on_call(schedule, at, stands)
        if found and found[-1][2:] == now:
            found[-1] = found[-1]._replace(to_at=until)
        else:
            found.append(Shift(at, until, *now))
    return tuple(found)


def _of(layer: Layer, at: int, zone: ZoneInfo) -> str | None:
    """
    Whose turn it is in a layer, where it is on duty.
    """
    if (layer.since is not None and at < to_millis(layer.since)) or (
        layer.until is not None and at >= to_millis(layer.until)
    ):
        return None
    today = from_millis(at).astimezone(zone).date()
    # Where the clock was put back over midnight, tomorrow has begun already.
    days = (today + _DAY, today, today - _DAY)
    if layer.hours and not any(_on_duty(part, days, at, zone) for part in layer.hours):
        return None
    rotation = layer.rotation
    day = next(day for day in days if _instant(day, rotation.handover, zone) <= at)
    passed = (day - date.fromisoformat(rotation.start)).days
    turn = passed // (rotation.every * (len(WEEKDAYS) if rotation.unit == "week" else 1))
    return layer.people[turn % len(layer.people)] if passed >= 0 else None


def _on_duty(part: DayPart, days: Iterable[date], at: int, zone: ZoneInfo) -> bool:
    """
    Whether an instant lies in hours that began on one of some days.
    """
    for day in days:
        if WEEKDAYS[day.weekday()] in part.days:
            begin, end = _bounds(part, day, zone)
            if begin <= at < end:
                return True
    return False


def _bounds(part: DayPart, day: date, zone: ZoneInfo) -> tuple[int, int]:
    last = day if part.until > part.begin else day + _DAY
    return _instant(day, part.begin, zone), _instant(last, part.until, zone)


def _instant(day: date, at: TimeOfDay, zone: ZoneInfo) -> int:
    return first_instant(datetime.combine(day, time.fromisoformat(at)), zone)


def _changes(schedule: Schedule, begin: int, end: int, stands: Sequence[Override]) -> Iterator[int]:
    """
    Every instant between two others at which it may be somebody else's turn.
    """
    zone = ZoneInfo(schedule.zone)
    for override in (*schedule.overrides, *stands):
        yield to_millis(override.begin)
        yield to_millis(override.until)
    for layer in schedule.layers:
        yield from (to_millis(one) for one in (layer.since, layer.until) if one is not None)
    day = from_millis(begin).astimezone(zone).date() - _DAY
    last = from_millis(end).astimezone(zone).date() + _DAY
    while day <= last:
        for layer in schedule.layers:
            yield _instant(day, layer.rotation.handover, zone)
            for part in layer.hours:
                yield from _bounds(part, day, zone)
        day += _DAY
