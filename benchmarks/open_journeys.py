"""
Holds open journeys in a process of its own and says what they cost: `python -m benchmarks.open_journeys COUNT SITES`,
with `kinds` behind it under ten standards of all kinds.

Memory can only be told in a fresh process: elsewhere the journeys move into what earlier work has left behind. Events
are decoded one fetch at a time and not kept, as in the worker.
"""

import gc
import json
import sys
from itertools import islice

from benchmarks.kinds import all_kinds
from benchmarks.measuring import resident_megabytes, watched, yardstick
from benchmarks.workload import arrivals, book
from services.runtime.process import calm_garbage_collector
from services.sla.engine import Book, Partition, Policy, advance, decode_event, fold, peek

_FETCH = 500


def main(count: int, sites: int, standards: Book) -> dict[str, float]:
    """Open, save, load and let all of them run out; return what each took."""
    bare = yardstick([one.value for one in arrivals(20_000, sites=sites)])
    state = Partition(Policy())
    # What the first events of every kind bring into being once is not the price of a journey.
    for one in arrivals(_FETCH, sites=sites, first=count + 1):
        fold(state, [(0, one.at, decode_event(one.value))], standards)
    state = Partition(Policy())
    calm_garbage_collector()
    before = resident_megabytes()
    events = arrivals(count, sites=sites)
    offset = last = 0
    opening = 0.0
    while fetch := list(islice(events, _FETCH)):
        last = fetch[-1].at
        with watched() as watch:
            fold(state, [(offset + n, last, decode_event(one.value)) for n, one in enumerate(fetch)], standards)
        opening += watch.spent.cpu_seconds
        offset += len(fetch)
    gc.collect()
    grown = resident_megabytes() - before
    held = state.gauges().open_journeys
    if held != count:
        raise SystemExit(f"{count} journeys arrived, but {held} are open")
    with watched() as encoding:
        blobs = {name: state.encode(*name) for name in state.dirty()}
    restored = Partition(Policy())
    with watched() as restoring:
        for (site, part), blob in blobs.items():
            restored.restore(site, part, blob, standards)
    if restored.gauges().open_journeys != count:
        raise SystemExit(f"{count} journeys were saved, but {restored.gauges().open_journeys} came back")
    with watched() as announcing:
        lazy = Partition(Policy())
        for (site, part), blob in blobs.items():
            lazy.register(site, part, peek(blob))
    del restored, lazy
    with watched() as ending:
        violations = len(advance(state, standards, last + 60_000).timed)
    return {
        "bare": bare,
        "megabytes": grown,
        "opening": opening * 1e6 / count,
        "chunks": len(blobs),
        "largest": max(map(len, blobs.values())),
        "written": sum(map(len, blobs.values())) / 1e6,
        "encoding": encoding.spent.cpu_seconds,
        "restoring": restoring.spent.cpu_seconds,
        "announcing": announcing.spent.cpu_seconds,
        "violations": violations,
        "violating": ending.cpu_microseconds(violations),
    }


if __name__ == "__main__":
    held = all_kinds() if sys.argv[3:] == ["kinds"] else book()
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]), held)) + "\n")
