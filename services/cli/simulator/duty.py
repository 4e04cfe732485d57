"""
Who is on duty: what the system of a call centre reports of its agents when they log on, go on a break and come back.

Taken from the plan of the line, so it draws no random numbers: the same customers come whether it is told or not.
"""

import heapq
from collections.abc import Iterator
from itertools import count

from schemas.base import HOUR_MS
from services.cli.simulator.lines import Day, Fact, name_of_play
from services.cli.simulator.sites import Line, SimulatedSite

__all__ = ["STATE_CHANGED", "duty_of_line"]

STATE_CHANGED = "staff.state_changed"
_SHIFT_MS = 8 * HOUR_MS
"""Every so often all say anew what they do, as at a change of shifts."""


def duty_of_line(site: SimulatedSite, line: Line, day: Day) -> Iterator[Fact]:
    """
    Tell for ever who is on duty in one line, in the order in which it happens.
    """
    return heapq.merge(*(_of_place(site, line, day, place) for place in range(line.places)))


def _of_place(site: SimulatedSite, line: Line, day: Day, place: int) -> Iterator[Fact]:
    employee = f"{line.queue}-{place + 1}"
    away = sorted(
        (day.live_at + one.begins_ms, day.live_at + one.begins_ms + one.lasts_ms)
        for one in line.breaks
        if place in one.places
    )
    shifts = ((day.begins_at + number * _SHIFT_MS, "available") for number in count())
    breaks = ((at, state) for one in away for at, state in zip(one, ("break", "available"), strict=True))
    for number, (at, state) in enumerate(heapq.merge(shifts, breaks), start=1):
        attributes = (("queue", line.queue), ("employee", employee), ("team", site.team), ("state", state))
        yield Fact(at, f"duty-{employee}-{name_of_play(day)}", number, STATE_CHANGED, site.place_source, attributes)
