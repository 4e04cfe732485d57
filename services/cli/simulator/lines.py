"""
Plays one line of a site: customers arrive by the hour's rate, wait their turn, lose patience or are served.

Everything follows from the random numbers that were handed in and the time at which the line opens; no clock is
read, so the same seed and start give the same day, however fast it is played.
"""

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from schemas.base import DAY_MS, HOUR_MS
from services.cli.simulator.sites import Line, SimulatedSite

__all__ = ["Day", "Fact", "facts_of_line", "name_of_play", "rate_at"]

_SHORTEST_SHARE = 0.3
_LONGEST_SHARE = 4.0


@dataclass(frozen=True)
class Day:
    """
    When the play begins, when it goes live, and what the clocks on the sites' walls show when it does.
    """

    begins_at: int
    live_at: int
    wall_clock_ms: int
    """Milliseconds since the sites' midnight at `live_at`: a demo at night must not show a closed branch."""
    ends_at: int | None = None
    """From when on nobody comes any more; who has come is served. None: people come for ever."""

    def time_of_day(self, at: int) -> int:
        return (at - self.live_at + self.wall_clock_ms) % DAY_MS


@dataclass(frozen=True, order=True)
class Fact:
    """
    Something that truly happened: when, to which customer, what, and which system will report it.
    """

    at: int
    journey: str
    place: int
    """Position in the customer's journey: 0 the arrival, 1 the next event …"""
    type: str
    source: str
    attributes: tuple[tuple[str, str], ...]


def rate_at(rates: Sequence[float], time_of_day: int) -> float:
    """
    Return the arrivals per hour at a time of day, running straight from the middle of one hour to that of the next.
    """
    position = time_of_day / HOUR_MS - 0.5
    hour = math.floor(position)
    share = position - hour
    return rates[hour % 24] * (1 - share) + rates[(hour + 1) % 24] * share


def facts_of_line(site: SimulatedSite, line: Line, day: Day, chance: Random) -> Iterator[Fact]:
    """
    Play one line until its day ends, its facts in the order in which they happen.
    """
    free_from = [day.begins_at] * line.places
    waiting: list[Fact] = []
    suffix = name_of_play(day)
    for number, arrived_at in enumerate(_arrivals(line, day, chance), start=1):
        while waiting and waiting[0].at <= arrived_at:
            yield heapq.heappop(waiting)
        journey = f"{line.letter}{number:04d}-{suffix}"
        for fact in _journey(site, line, day, chance, free_from, journey, arrived_at):
            heapq.heappush(waiting, fact)
    while waiting:
        yield heapq.heappop(waiting)


def _arrivals(line: Line, day: Day, chance: Random) -> Iterator[int]:
    busiest = max(line.arrivals_per_hour)
    at = float(day.begins_at)
    while True:
        at += chance.expovariate(busiest / HOUR_MS)
        if day.ends_at is not None and at >= day.ends_at:
            return
        if chance.random() * busiest < rate_at(line.arrivals_per_hour, day.time_of_day(int(at))):
            yield int(at)


def _journey(
    site: SimulatedSite, line: Line, day: Day, chance: Random, free_from: list[int], journey: str, arrived_at: int
) -> Iterator[Fact]:
    common = (
        ("channel", site.channel),
        ("queue", line.queue),
        ("segment", chance.choice(line.segments)),
        ("service", chance.choice(line.services)),
    )
    gives_up_at = arrived_at + round(chance.expovariate(1 / line.patience_ms))
    handling = _handling(line, chance)
    # Nobody is called at the very moment of arriving: a ticket is printed, a telephone rings.
    ready_at = arrived_at + chance.randint(1_500, 6_000)
    yield Fact(arrived_at, journey, 0, "journey.arrived", site.arrival_source, common)
    begins_at, server = min(
        (_free(line, day, place, max(ready_at, free_from[place])), place) for place in range(line.places)
    )
    if begins_at > gives_up_at:
        yield Fact(gives_up_at, journey, 1, "journey.abandoned", site.arrival_source, common)
        return
    free_from[server] = begins_at + handling
    own_source = site.place_source != site.arrival_source
    source = f"{site.place_source}-{server + 1}" if own_source else site.place_source
    served = (*common, ("employee", f"{line.queue}-{server + 1}"), ("team", site.team))
    for place, step in enumerate(line.steps, start=1):
        attributes = (*served, ("milestone", step.milestone)) if step.milestone else served
        yield Fact(begins_at + round(handling * step.share), journey, place, step.type, source, attributes)


def _free(line: Line, day: Day, place: int, at: int) -> int:
    for away in line.breaks:
        leaves_at = day.live_at + away.begins_ms
        if place in away.places and leaves_at <= at < leaves_at + away.lasts_ms:
            return leaves_at + away.lasts_ms
    return at


def _handling(line: Line, chance: Random) -> int:
    stretch = math.exp(chance.gauss(0.0, line.handling_spread) - line.handling_spread**2 / 2)
    return round(line.handling_ms * min(max(stretch, _SHORTEST_SHARE), _LONGEST_SHARE))


def name_of_play(day: Day) -> str:
    """
    Name a play by when it begins, so that ids of one are not those of another.
    """
    return _base36(day.begins_at // 1000)


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = digits[digit] + text
    return text or "0"
