"""
The work that is measured: service events of many sites, a fifth of the journeys beyond their limit.

A journey is an arrival, a call and a completion; events of all sites are mixed in the order of time, as a log has them.
"""

import heapq
import random
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec

from schemas.base import format_instant
from schemas.standards import DOCUMENTS, Published
from services.sla.engine import Book

LIMIT_MS: Final = 20_000
BEGIN: Final = 1_790_000_000_000
EVENTS_A_JOURNEY: Final = 3
_SHARE_LATE: Final = 0.2

STANDARD: Final[dict[str, Any]] = {
    "apiVersion": "sqm/v1",
    "kind": "Standard",
    "metadata": {
        "id": "answered-in-time",
        "version": 1,
        "title": "Called within 20 s",
        "owner": "benchmarks",
        "effective_from": "2020-01-01T00:00:00Z",
        "why": "To have something to measure.",
    },
    "clock": {"start": "journey.arrived", "stop": "journey.called", "limit": "20s", "short_abandon": "1s"},
    "objective": {"metric": "sl_all_offered", "target": "80%"},
}


class Sent(NamedTuple):
    """One event as it goes into the log: its site (the key), when it happened, and its bytes."""

    site: str
    at: int
    value: bytes


def published(limit: str = "20s") -> Published:
    """Return the one standard of all benchmarks, as its topic carries it."""
    document = {**STANDARD, "clock": {**STANDARD["clock"], "limit": limit}}
    return Published(document=DOCUMENTS.validate_python(document), published_at=0, published_by="benchmarks")


def book() -> Book:
    """Return the book that holds it."""
    return Book.of([published()])


def journeys(
    count: int, *, sites: int = 500, queues: int = 3, apart_ms: int = 33, seed: int = 1, begin: int = BEGIN
) -> Iterator[list[Sent]]:
    """Make whole journeys, one after the other by arrival; a fifth wait longer than the limit."""
    draw = random.Random(seed)
    for number in range(count):
        site = f"site-{draw.randrange(sites):04d}"
        queue = f"counter-{draw.randrange(queues)}"
        at = begin + number * apart_ms
        late = draw.random() < _SHARE_LATE
        wait = draw.randrange(LIMIT_MS + 1_000, 2 * LIMIT_MS) if late else draw.randrange(1_000, LIMIT_MS)
        served = at + wait + draw.randrange(30_000, 120_000)
        yield [
            sent("journey.arrived", number, at, site, queue),
            sent("journey.called", number, at + wait, site, queue),
            sent("service.completed", number, served, site, queue),
        ]


def stream(count: int, *, sites: int = 500, seed: int = 1, begin: int = BEGIN) -> Iterator[Sent]:
    """Make about so many events (whole journeys), in the order of time, without holding them all."""
    coming: list[tuple[int, int, Sent]] = []
    made = 0
    for journey in journeys(count // EVENTS_A_JOURNEY, sites=sites, seed=seed, begin=begin):
        while coming and coming[0][0] <= journey[0].at:
            yield heapq.heappop(coming)[2]
        for one in journey:
            made += 1
            heapq.heappush(coming, (one.at, made, one))
    while coming:
        yield heapq.heappop(coming)[2]


def events(count: int, *, sites: int = 500, seed: int = 1) -> list[Sent]:
    """Make about so many events (whole journeys), in the order of time."""
    return list(stream(count, sites=sites, seed=seed))


def arrivals(count: int, *, sites: int, first: int = 0, begin: int = BEGIN, apart_ms: int = 0) -> Iterator[Sent]:
    """Make arrivals only: journeys that stay open."""
    for number in range(first, first + count):
        site, queue = f"site-{number % sites:04d}", f"counter-{number % 3}"
        yield sent("journey.arrived", number, begin + number * apart_ms, site, queue)


def span_ms(count: int, apart_ms: int = 33) -> int:
    """Return how long the events of a stream take, from the first arrival to after the last completion."""
    return count // EVENTS_A_JOURNEY * apart_ms + 2 * LIMIT_MS + 120_000


def sent(kind: str, number: int, at: int, site: str, queue: str) -> Sent:
    """Make one event as ingest passes it on."""
    event = said(kind, number, at, site, queue)
    event["receivedat"] = format_instant(at + 40)
    return Sent(site, at, msgspec.json.encode(event))


def said(kind: str, number: int, at: int, site: str, queue: str) -> dict[str, Any]:
    """Make one event as its source system sends it."""
    return {
        "specversion": "1.0",
        "id": f"{kind}-{number:09d}",
        "source": f"/branches/{site}/tickets",
        "type": f"sqm.{kind}",
        "subject": f"visit-{number:09d}",
        "time": format_instant(at),
        "datacontenttype": "application/json",
        "data": {"site": site, "queue": queue, "channel": "walk_in", "service": "counter", "segment": "regular"},
    }


def newest(made: list[Sent]) -> int:
    """Return when the last event happened, in milliseconds."""
    return max(one.at for one in made)
