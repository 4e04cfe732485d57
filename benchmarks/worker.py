"""
The worker on a real Kafka: everything is in the topic when it starts, and it is done when all is durable.

What it costs is read from outside, from the assignment of the partitions to the commit of the last offset. A commit
follows the checkpoint, which follows the acknowledgement of every outcome; so nothing is left out.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from benchmarks.line import PARTITIONS, Bare, Line, now_ms, running_broker
from benchmarks.measuring import Figure, progress
from benchmarks.processes import FailedError, Service
from benchmarks.workload import EVENTS_A_JOURNEY, span_ms, stream
from schemas.topics import ATTAINMENT, MEASUREMENTS, VIOLATIONS
from services.sla.app import CHECKPOINTS

TITLE: Final = "the worker on a real Kafka"
_EVENTS: Final = 1_000_000
_GROUP: Final = "sqm.sla"
_BARE: Final = "bare aiokafka and decoding"


class _Run(NamedTuple):
    events: int
    cpu_seconds: float
    wall_seconds: float
    megabytes: float
    checkpoint_bytes: float
    checkpoint_seconds: float
    bare: Bare


def run(scale: float) -> Iterator[Figure]:
    """Let one worker do the work, then two share the same work."""
    with running_broker() as (servers, folder):
        one = _decided(Line(servers, folder, "one"), int(_EVENTS * scale), 1)
        cost = one.cpu_seconds * 1e6 / one.events
        yield Figure("events", one.events, "events")
        yield Figure("one worker", cost, "us of CPU/event", one.bare.cpu_microseconds, f"{_BARE}, us/event", goal=10)
        yield Figure(
            "one worker, first to last record durable", one.events / one.wall_seconds, "events/s",
            one.bare.events_a_second, f"{_BARE}, events/s", goal=90_000, more_is_better=True,
        )  # fmt: skip
        yield Figure("its share of one core", 100 * one.cpu_seconds / one.wall_seconds, "%")
        yield Figure("its memory at the end", one.megabytes, "MB")
        yield Figure("written by its checkpoints", one.checkpoint_bytes / 1e6, "MB")
        yield Figure("time in its checkpoints", 100 * one.checkpoint_seconds / one.wall_seconds, "% of the time")
        two = _decided(Line(servers, folder, "two"), int(_EVENTS * scale), 2)
        both = two.cpu_seconds * 1e6 / two.events
        yield Figure("two workers", both, "us of CPU/event", two.bare.cpu_microseconds, f"{_BARE}, us/event")
        yield Figure("CPU an event with two workers against one", both / cost, "times", goal=1.1)
        yield Figure("two workers, first to last record durable", two.events / two.wall_seconds, "events/s")


def _decided(line: Line, count: int, workers: int) -> _Run:
    """Fill the topic, start the workers together, and look at the clock when everything is durable."""
    progress(f"filling the topic with {count:,} events")
    begin = now_ms() - span_ms(count) - 60_000
    events = line.produce(stream(count, begin=begin))
    bare = line.bare()
    progress(f"deciding them with {workers} of the workers")
    started: list[Service] = []
    try:
        started = [line.worker(f"worker-{number}") for number in range(workers)]
        spent = 0.0
        first = 0
        for worker in started:
            share = worker.until_said("partitions_assigned")["partitions"]
            first = first or now_ms()
            spent -= worker.cpu_seconds()
            if len(share) != PARTITIONS // workers:
                raise FailedError(
                    f"{worker.name} was given the partitions {share}, not {PARTITIONS // workers}: noise?"
                )
        line.until_committed(_GROUP, started)
        spent += sum(worker.cpu_seconds() for worker in started)
        megabytes = sum(worker.resident_megabytes() for worker in started)
        told = [worker.metrics() for worker in started]
    finally:
        for worker in started:
            worker.stop()
    # The records' own times are finer than the interval of commits.
    last = line.last_written_ms(MEASUREMENTS.name, VIOLATIONS.name, ATTAINMENT.name, CHECKPOINTS)
    _check(line, events)
    return _Run(
        events=events,
        cpu_seconds=spent,
        wall_seconds=(last - first) / 1_000,
        megabytes=megabytes,
        checkpoint_bytes=sum(one["sqm_sla_checkpoint_size_bytes_sum"] for one in told),
        checkpoint_seconds=max(one["sqm_sla_checkpoint_duration_seconds_sum"] for one in told),
        bare=bare,
    )


def _check(line: Line, events: int) -> None:
    journeys = events // EVENTS_A_JOURNEY
    measured, violated = line.count(MEASUREMENTS.name), line.count(VIOLATIONS.name)
    if measured != journeys:
        raise FailedError(f"{journeys} journeys ended, but {measured} measurements came out")
    if not journeys * 0.15 < violated < journeys * 0.5:
        raise FailedError(f"about a fifth of {journeys} journeys are in violation, but {violated} violations came out")
