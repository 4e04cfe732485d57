"""
The engine alone: processor time an event, the share of garbage collection, and memory for open journeys.
"""

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
    """Fold a log of events, already decoded, as fetches bring them."""
    made = events(int(300_000 * scale))
    records = _records(made)
    calm_garbage_collector()
    bare = yardstick(one.value for one in made)
    state, standards = Partition(Policy()), book()
    said = 0
    with watched() as watch:
        for begin in range(0, len(records), _FETCH):
            decision = fold(state, records[begin : begin + _FETCH], standards)
            said += len(decision.measurements) + len(decision.violations)
    yield Figure("fold", watch.cpu_microseconds(len(records)), "us of CPU/event", bare, goal=4)
    share = 100 * watch.spent.collecting_seconds / watch.spent.wall_seconds
    yield Figure("of which garbage collection", share, "% of the time")
    yield Figure("outcomes", said / len(records), "an event")
    with watched() as watch:
        drained = len(drain_attainment(state, standards))
    yield Figure("drain attainment", watch.cpu_microseconds(drained), "us of CPU/row", bare)
    dirty = state.dirty()
    with watched() as watch:
        written = sum(len(state.encode(*one)) for one in dirty)
    yield Figure("encode for a checkpoint", watch.cpu_microseconds(len(made) // 3), "us of CPU/journey", bare)
    yield Figure("written for each ended journey", written / (len(made) // 3), "bytes")
    yield from _open_journeys(scale)


def _records(made: list[Sent]) -> list[Record]:
    """Put events into a log that is read later than all of them happened, so that no clock runs out meanwhile."""
    begin = newest(made)
    return [(place, begin + place // 90, decode_event(one.value)) for place, one in enumerate(made)]


def _open_journeys(scale: float) -> Iterator[Figure]:
    count = max(_UNIT // 10, int(_OPEN * scale))
    told = held_open(count, count // 100)
    yield Figure(f"memory for {_UNIT:,} open journeys", told["megabytes"] * _UNIT / count, "MB", goal=10)
    yield Figure("violation by absence", told["violating"], "us of CPU/violation", told["bare"])
