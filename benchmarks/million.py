"""
A million open journeys in a thousand sites: what the engine holds and writes, and how a worker saves and recovers them.
"""

from collections.abc import Iterator
from typing import Final

from benchmarks.line import Line, now_ms, running_broker
from benchmarks.measuring import Figure, progress
from benchmarks.processes import FailedError, held_open
from benchmarks.workload import arrivals

TITLE: Final = "a million open journeys in 1,000 sites"
_JOURNEYS: Final = 1_000_000
_SITES: Final = 1_000
_UNIT: Final = 10_000


def run(scale: float) -> Iterator[Figure]:
    """Measure the engine by itself, then a worker that is killed and its successor."""
    journeys, sites = int(_JOURNEYS * scale), max(1, int(_SITES * scale))
    progress(f"the engine alone, with {journeys:,}")
    told = held_open(journeys, sites)
    yield Figure("journeys held open", journeys, "journeys")
    yield Figure("memory", told["megabytes"], "MB")
    yield Figure(f"memory for {_UNIT:,}", told["megabytes"] * _UNIT / journeys, "MB", goal=10)
    yield Figure("decoding and opening one", told["opening"], "us of CPU", told["bare"])
    yield Figure("encoded", told["written"], "MB")
    yield Figure("encoded, for each journey", told["written"] * 1e6 / journeys, "bytes")
    yield Figure("the largest chunk", told["largest"] / 1e3, "kB")
    yield Figure("encoding all", told["encoding"], "s of CPU")
    yield Figure("announcing all to a successor", told["announcing"], "s of CPU")
    yield Figure("restoring all", told["restoring"], "s of CPU")
    yield Figure("all limits passing at once", told["violating"], "us of CPU/violation", told["bare"])
    yield from _killed(journeys, sites)


def _killed(journeys: int, sites: int) -> Iterator[Figure]:
    with running_broker() as (servers, folder):
        line = Line(servers, folder, "million", limit="20h")
        progress(f"the worker, with {journeys:,}")
        events = line.produce(arrivals(journeys, sites=sites, begin=now_ms()))
        with line.worker("first") as worker:
            worker.until_said("partitions_assigned")
            began = now_ms()
            line.until_committed("sqm.sla", [worker])
            yield Figure("worker: until all are open and saved", (now_ms() - began) / 1_000, "s")
            told = worker.metrics()
            if told["sqm_sla_open_journeys"] != events:
                raise FailedError(f"{events} journeys arrived, but {told['sqm_sla_open_journeys']:,.0f} are open")
            yield Figure("worker: memory", worker.resident_megabytes(), "MB")
            took, times = (told[f"sqm_sla_checkpoint_duration_seconds_{part}"] for part in ("sum", "count"))
            yield Figure("worker: checkpoints of a partition", times, "checkpoints")
            yield Figure("worker: one of them, on average", took / times, "s")
            # Every site once more, so that the worker saves everything in one go.
            line.produce(arrivals(sites * _TOUCHING, sites=sites, first=journeys, begin=now_ms()))
            line.until_committed("sqm.sla", [worker])
            told = worker.metrics()
            took, times = (
                told["sqm_sla_checkpoint_duration_seconds_sum"] - took,
                told["sqm_sla_checkpoint_duration_seconds_count"] - times,
            )
            yield Figure("worker: saving all chunks of a partition anew", took / min(times, 4), "s")
            worker.kill()
        with line.worker("second") as successor:
            successor.until_said("partitions_assigned")
            began = now_ms()
            successor.until_ready()
            yield Figure("recovery: from the assignment to ready", (now_ms() - began) / 1_000, "s")
            slowest = max(one["milliseconds"] for one in successor.said("partition_recovered"))
            yield Figure("recovery: the slowest partition, as it says", slowest / 1_000, "s")
            began = now_ms()
            line.produce(arrivals(sites * _TOUCHING, sites=sites, first=journeys + sites * _TOUCHING, begin=now_ms()))
            line.until_committed("sqm.sla", [successor])
            yield Figure("recovery: every chunk unfolded, used and saved", (now_ms() - began) / 1_000, "s")
            held = successor.metrics()["sqm_sla_open_journeys"]
            if held != events + 2 * sites * _TOUCHING:
                raise FailedError(
                    f"{events + 2 * sites * _TOUCHING} journeys are open, but the successor holds {held:,.0f}"
                )


_TOUCHING: Final = 24
"""Arrivals a site that touch nearly every chunk of it."""
