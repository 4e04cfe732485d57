"""
How soon a violation is known: from producing the event that causes it to reading it from its topic, at 10,000 events a
second; and how long after its limit the absence of an event is.
"""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Iterator
from typing import Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.line import PARTITIONS, Line, now_ms, running_broker
from benchmarks.measuring import Figure, progress
from benchmarks.processes import FailedError, Service
from benchmarks.workload import sent
from schemas.topics import EVENTS, VIOLATIONS
from services.runtime.kafka import BatchProducer

TITLE: Final = "latency at 10,000 events a second"
_RATE: Final = 10_000
_SECONDS: Final = 30
_LEAST_SECONDS: Final = 4
_TICK_MS: Final = 10
_LIMIT_MS: Final = 2_000
_LATE_MS: Final = 10_000
_CALLED_AFTER: Final = 30
"""Ticks from a journey's arrival to its call, and again to its completion."""
_SETTLE_SECONDS: Final = 6
_WARM_SHARE: Final = 0.2


class _Arrival(NamedTuple):
    """A violation that was read, and the log's times of its way: its cause appended, itself written."""

    seen: float
    seen_ms: int
    caused_ms: int
    written_ms: int


class _Seen(NamedTuple):
    by_record: list[float]
    by_absence: list[float]
    sent: int
    expected: int
    behind_ms: float
    echo: list[float]
    deciding: list[float]
    reading: list[float]


def run(scale: float) -> Iterator[Figure]:
    """Send at the rate; note when the causes were put and when the violations came."""
    seconds = max(_LEAST_SECONDS, _SECONDS * scale)
    with running_broker() as (servers, folder):
        line = Line(servers, folder, "latency", limit=f"{_LIMIT_MS // 1_000}s")
        with line.worker("worker") as worker:
            worker.until_ready()
            progress(f"sending for {seconds:g} s")
            before = worker.cpu_seconds()
            seen = asyncio.run(_watched(line, worker, seconds))
            cpu = worker.cpu_seconds() - before
    if len(seen.by_record) < seen.expected * 0.99:
        raise FailedError(f"{seen.expected} violations by record were due, {len(seen.by_record)} came")
    records, absences, echo = sorted(seen.by_record), sorted(seen.by_absence), sorted(seen.echo)
    yield Figure("sent", seen.sent / seconds, "events/s")
    yield Figure("the sender at most behind its plan", seen.behind_ms, "ms")
    yield Figure("violations by a record", len(records), "violations")
    through, through_p99 = _share(echo, 50), _share(echo, 99)
    yield Figure("produce to violation, p50", _share(records, 50), "ms", through, "through Kafka alone, p50, ms")
    yield Figure(
        "produce to violation, p99", _share(records, 99), "ms", through_p99, "through Kafka alone, p99, ms", goal=50
    )
    yield Figure("of it: cause in the log to violation written, p50", _share(sorted(seen.deciding), 50), "ms")
    yield Figure("of it: cause in the log to violation written, p99", _share(sorted(seen.deciding), 99), "ms")
    yield Figure("of it: violation written to read, p50", _share(sorted(seen.reading), 50), "ms")
    yield Figure("violations by absence", len(absences), "violations")
    yield Figure("limit to violation by absence, p50", _share(absences, 50), "ms")
    yield Figure("limit to violation by absence, p99", _share(absences, 99), "ms", goal=1_000)
    yield Figure("the worker at this rate", 100 * cpu / seconds, "% of one core")


def _share(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


class _Sender:
    """
    What every ten milliseconds bring: arrivals, the calls of those before, the completions of those before these.

    A fifth of the arrivals lie ten seconds back, so their call shows that they waited too long. Of every tick's
    arrivals one is never heard of again.
    """

    def __init__(self) -> None:
        self.called_at: dict[str, float] = {}
        self.due_at: dict[str, int] = {}
        self.late = 0
        self.count = 0
        self._draw = random.Random(4)
        self._journeys = 0
        self._coming: dict[int, list[tuple[str, int, str, bool]]] = {}

    def tick(self, number: int, now: int, warm: bool) -> Iterator[tuple[bytes, bytes]]:  # noqa: FBT001  (one caller)
        todo = self._coming.pop(number, [])
        for kind, journey, site, late in todo:
            event = sent(kind, journey, now, site, "counter-1")
            if kind == "journey.called":
                self._coming.setdefault(number + _CALLED_AFTER, []).append(("service.completed", journey, site, late))
                if late and warm:
                    self.late += 1
                    self.called_at[f"visit-{journey:09d}"] = time.monotonic()
            yield site.encode(), event.value
        for place in range(_RATE * _TICK_MS // 1_000 - len(todo)):
            self._journeys += 1
            site = f"site-{self._draw.randrange(500):04d}"
            late = self._draw.random() < 0.2
            lost = place == 0
            at = now - _LATE_MS if late and not lost else now
            if not lost:
                self._coming.setdefault(number + _CALLED_AFTER, []).append(
                    ("journey.called", self._journeys, site, late)
                )
            elif warm:
                self.due_at[f"visit-{self._journeys:09d}"] = at + _LIMIT_MS
            yield site.encode(), sent("journey.arrived", self._journeys, at, site, "counter-1").value
        self.count += _RATE * _TICK_MS // 1_000


async def _watched(line: Line, worker: Service, seconds: float) -> _Seen:
    topic = line.connection.name(EVENTS.name)
    sender = _Sender()
    echo: list[float] = []
    arrived: dict[str, _Arrival] = {}
    stop = asyncio.Event()
    reading = [
        asyncio.create_task(_violations(line, arrived, stop)),
        asyncio.create_task(_echoes(line, sender, echo, stop)),
    ]
    producer = BatchProducer(line.connection)
    await producer.start([topic])
    await asyncio.sleep(1)
    ticks = int(seconds * 1_000 / _TICK_MS)
    behind = 0.0
    begin = time.monotonic()
    try:
        for number in range(ticks):
            due = begin + number * _TICK_MS / 1_000
            behind = max(behind, time.monotonic() - due)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            for key, value in sender.tick(number, now_ms(), number > ticks * _WARM_SHARE):
                producer.put(topic, key, value)
        await asyncio.sleep(_SETTLE_SECONDS)
        worker.check()
    finally:
        stop.set()
        await producer.stop()
        await asyncio.gather(*reading)
    by_record = [1_000 * (arrived[one].seen - at) for one, at in sender.called_at.items() if one in arrived]
    by_absence = [float(arrived[one].seen_ms - at) for one, at in sender.due_at.items() if one in arrived]
    caused = [arrived[one] for one in sender.called_at if one in arrived]
    deciding = [float(one.written_ms - one.caused_ms) for one in caused]
    read = [float(one.seen_ms - one.written_ms) for one in caused]
    if len(by_absence) < len(sender.due_at):
        raise FailedError(f"{len(sender.due_at)} journeys were never heard of again, {len(by_absence)} were noticed")
    return _Seen(by_record, by_absence, sender.count, sender.late, 1_000 * behind, echo, deciding, read)


async def _violations(line: Line, arrived: dict[str, _Arrival], stop: asyncio.Event) -> None:
    async for value, written in _read(line, VIOLATIONS.name, stop):
        violation = json.loads(value)
        now = _Arrival(time.monotonic(), now_ms(), violation["rev_watermark"], written)
        arrived.setdefault(violation["journey"], now)


async def _echoes(line: Line, sender: _Sender, echo: list[float], stop: asyncio.Event) -> None:
    """The yardstick: the same events, read back from their own topic by a bare consumer."""
    async for value, _ in _read(line, EVENTS.name, stop):
        if b"journey.called" in value[:80]:
            at = sender.called_at.get(value.partition(b'"subject":"')[2][:15].decode())
            if at is not None:
                echo.append(1_000 * (time.monotonic() - at))


async def _read(line: Line, topic: str, stop: asyncio.Event) -> AsyncIterator[tuple[bytes, int]]:
    consumer = AIOKafkaConsumer(**line.connection.client_options(), enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(line.connection.name(topic), number) for number in range(PARTITIONS)]
        consumer.assign(places)
        await consumer.seek_to_end(*places)
        while not stop.is_set():
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    yield record.value, record.timestamp
    finally:
        await consumer.stop()
