"""
The engine alone: processor time an event, the share of garbage collection, and memory for open journeys.
"""

import time
from collections.abc import Iterator

from benchmarks.measuring import Figure, watched, yardstick
from benchmarks.processes import held_open
from benchmarks.workload import Sent, book, events, newest
from services.runtime.process import calm_garbage_collector
from services.sla.engine import Partition, Policy, Record, decode_event, drain_attainment, fold

TITLE = "the engine alone"
_FETCH = 500
_OPEN = 100_000
_UNIT = 10_000


def run(scale: float) -> Iterator[Figure]:
    """Fold a log of events as fetches bring them: decoded a moment before, which is not counted."""
    made = events(int(300_000 * scale))
    # The log is read later than all of them happened, so that no clock runs out meanwhile.
    begin = newest(made)
    calm_garbage_collector()
    bare = yardstick(one.value for one in made)
    state, standards = Partition(Policy()), book()
    said, decoding = 0, 0.0
    with watched() as watch:
        for first in range(0, len(made), _FETCH):
            before = time.process_time()
            records = _records(made, first, begin)
            decoding += time.process_time() - before
            decision = fold(state, records, standards)
            said += len(decision.measurements) + len(decision.violations)
    folding = watch.spent.cpu_seconds - decoding
    yield Figure("fold", folding * 1e6 / len(made), "us of CPU/event", bare, goal=4)
    share = 100 * watch.spent.collecting_seconds / watch.spent.wall_seconds
    yield Figure("of which garbage collection", share, "% of the time")
    yield Figure("outcomes", said / len(made), "an event")
    with watched() as watch:
        drained = len(drain_attainment(state, standards))
    yield Figure("drain attainment", watch.cpu_microseconds(drained), "us of CPU/row", bare)
    dirty = state.dirty()
    with watched() as watch:
        written = sum(len(state.encode(*one)) for one in dirty)
    yield Figure("encode for a checkpoint", watch.cpu_microseconds(len(made) // 3), "us of CPU/journey", bare)
    yield Figure("written for each ended journey", written / (len(made) // 3), "bytes")
    yield from _open_journeys(scale)


def _records(made: list[Sent], first: int, begin: int) -> list[Record]:
    fetch = enumerate(made[first : first + _FETCH], start=first)
    return [(place, begin + place // 90, decode_event(one.value)) for place, one in fetch]


def _open_journeys(scale: float) -> Iterator[Figure]:
    count = max(_UNIT // 10, int(_OPEN * scale))
    told = held_open(count, count // 100)
    yield Figure(f"memory for {_UNIT:,} open journeys", told["megabytes"] * _UNIT / count, "MB", goal=10)
    yield Figure("violation by absence", told["violating"], "us of CPU/violation", told["bare"])
