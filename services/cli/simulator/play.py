"""
Plays all sites at once: reports in the order in which they are sent, as CloudEvents.
"""

import heapq
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, Final

from schemas.base import format_instant
from schemas.events import PREFIX
from services.cli.simulator.duty import STATE_CHANGED, duty_of_line
from services.cli.simulator.faults import Fault, Faults, Report, reports_of
from services.cli.simulator.lines import Day, facts_of_line
from services.cli.simulator.sites import Line, SimulatedSite

__all__ = ["as_event", "play"]

_PROMPTLY_MS: Final = 100


def play(seed: int | str, day: Day, sites: Sequence[SimulatedSite], faults: Faults) -> Iterator[Report]:
    """
    Play the sites until their day ends, if it does; yield the reports by the time at which they are sent.

    What is never sent comes too, at the time at which it would have been, so that the player knows the truth.
    """
    lines = [(site, line) for site in sites for line in site.lines]
    customers = [_line(seed, day, site, line, faults) for site, line in lines]
    staff = [_duty(day, site, line) for site, line in lines if site.tells_duty]
    return heapq.merge(*customers, *staff, key=_order)


def _order(report: Report) -> tuple[int, str, int]:
    return (report.fact.at if report.sent_at is None else report.sent_at, report.fact.journey, report.fact.place)


def _line(seed: int | str, day: Day, site: SimulatedSite, line: Line, faults: Faults) -> Iterator[Report]:
    # Customers and faults draw from generators of their own: with other faults, the same customers come.
    name = f"{seed}/{site.id}/{line.queue}"
    mishaps = Random(f"{name}/faults")  # noqa: S311  (a play, no secrets)
    underway: list[tuple[tuple[int, str, int], int, Report]] = []
    number = 0
    for fact in facts_of_line(site, line, day, Random(name)):  # noqa: S311  (same)
        # Nothing is sent before it happened, so what is due before this fact can go.
        while underway and underway[0][0][0] < fact.at:
            yield heapq.heappop(underway)[2]
        for report in reports_of(fact, day, faults, mishaps):
            number += 1
            heapq.heappush(underway, (_order(report), number, report))
    while underway:
        yield heapq.heappop(underway)[2]


def _duty(day: Day, site: SimulatedSite, line: Line) -> Iterator[Report]:
    for fact in duty_of_line(site, line, day):
        yield Report(fact, fact.at + _PROMPTLY_MS, fact.at, ())


def as_event(report: Report, site: str) -> dict[str, Any]:
    """
    Write a report as a structured CloudEvent; its id follows from the customer and the step, so a copy has the same.
    """
    fact = report.fact
    data = {"site": site, **dict(fact.attributes)}
    if Fault.MISSPELT in report.faults:
        data["queu"] = data.pop("queue")
    return {
        "specversion": "1.0",
        "id": f"{fact.journey}/{fact.place}",
        "source": fact.source,
        "type": PREFIX + fact.type,
        # What staff do belongs to no customer's journey.
        **({} if fact.type == STATE_CHANGED else {"subject": fact.journey}),
        "time": format_instant(report.says_at),
        "datacontenttype": "application/json",
        "data": data,
    }
