"""
A real broker with topics of its own, and what a benchmark does with it: filling, counting, starting services on it.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from benchmarks.measuring import watched
from benchmarks.processes import FailedError, Service
from benchmarks.workload import Sent, published
from schemas.standards import PUBLISHED, document_key
from schemas.topics import EVENTS, STANDARDS, TOPICS
from services.runtime.broker import BrokerKind, BrokerOptions, start_broker
from services.runtime.kafka import BatchProducer, Connection, changelog_topic, ensure_topics, specs_of
from services.sla.app import CHECKPOINTS
from services.sla.engine import decode_event

__all__ = ["PARTITIONS", "Bare", "Line", "now_ms", "running_broker"]

PARTITIONS: Final = 4
_STEP: Final = 500
_AHEAD: Final = 20_000
_JOIN_MS: Final = 6_000


def now_ms() -> int:
    """Return the time of the machine; a benchmark stands where the sources of events stand."""
    return time.time_ns() // 1_000_000


@contextmanager
def running_broker() -> Iterator[tuple[str, Path]]:
    """
    Run a Kafka of one node while the block runs; gives its address and a folder, which goes away with it.

    A group waits for further members before its first assignment, so that two workers begin with their final share.
    """
    folder = Path(tempfile.mkdtemp(prefix="sqm-bench-"))
    options = BrokerOptions(
        kind=BrokerKind.KAFKA,
        folder=folder / "kafka",
        heap_megabytes=1_024,
        properties={"group.initial.rebalance.delay.ms": str(_JOIN_MS)},
    )
    try:
        with start_broker(options) as broker:
            yield broker.bootstrap_servers, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Bare(NamedTuple):
    """What reading a topic costs with nothing done but decoding."""

    cpu_microseconds: float
    events_a_second: float


class Line:
    """
    One set of topics under a prefix of its own.
    """

    def __init__(self, bootstrap_servers: str, folder: Path, prefix: str, limit: str = "20s") -> None:
        self.connection = Connection(bootstrap_servers, client_id="benchmark", prefix=f"{prefix}.")
        self.folder = folder / prefix
        self.folder.mkdir()
        asyncio.run(self._prepare(limit))

    async def _prepare(self, limit: str) -> None:
        specs = specs_of(TOPICS, partitions=PARTITIONS, replication=1)
        await ensure_topics(self.connection, [*specs, changelog_topic(CHECKPOINTS, PARTITIONS, 1)])
        one = published(limit)
        producer = BatchProducer(self.connection)
        topic = self.connection.name(STANDARDS.name)
        await producer.start([topic])
        producer.put(topic, document_key(one.document).encode(), PUBLISHED.dump_json(one, by_alias=True))
        await producer.stop()

    def service(self, name: str, module: str, settings: Mapping[str, str] | None = None) -> Service:
        """Start a service on this line."""
        return Service(
            name,
            [module],
            {
                "SQM_KAFKA__BOOTSTRAP_SERVERS": self.connection.bootstrap_servers,
                "SQM_KAFKA__TOPIC_PREFIX": self.connection.prefix,
                **(settings or {}),
            },
            self.folder,
        )

    def worker(self, name: str, settings: Mapping[str, str] | None = None) -> Service:
        """Start an SLA worker on this line."""
        return self.service(name, "services.sla", {"SQM_SLA_HTTP_PORT": "0", **(settings or {})})

    def produce(self, events: Iterable[Sent], topic: str = EVENTS.name) -> int:
        """Write events to the topic of events, as ingest would; return how many."""
        return asyncio.run(self._produce(events, self.connection.name(topic)))

    async def _produce(self, events: Iterable[Sent], topic: str) -> int:
        producer = BatchProducer(self.connection)
        await producer.start([topic])
        count = 0
        keys: dict[str, bytes] = {}
        try:
            for count, event in enumerate(events, start=1):
                producer.put(topic, keys.setdefault(event.site, event.site.encode()), event.value)
                if count % _STEP == 0:
                    await asyncio.sleep(0)
                    while producer.in_flight > _AHEAD:  # noqa: ASYNC110  (the producer only counts)
                        await asyncio.sleep(0.002)
        finally:
            await producer.stop()
        return count

    def bare(self, topic: str = EVENTS.name) -> Bare:
        """Read the whole topic with aiokafka alone and decode each event: what any consumer in Python has to pay."""
        return asyncio.run(self._bare(self.connection.name(topic)))

    async def _bare(self, topic: str) -> Bare:
        async with _reader(self.connection) as consumer:
            places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
            wanted = sum((await consumer.end_offsets(places)).values())
            consumer.assign(places)
            await consumer.seek_to_beginning(*places)
            count = 0
            with watched() as watch:
                while count < wanted:
                    for records in (await consumer.getmany(timeout_ms=500, max_records=4_000)).values():
                        for record in records:
                            decode_event(record.value)
                        count += len(records)
        return Bare(watch.cpu_microseconds(count), count / watch.spent.wall_seconds)

    def count(self, *topics: str) -> int:
        """Return how many records topics have taken so far."""

        async def counted() -> int:
            async with _reader(self.connection) as consumer:
                places = [TopicPartition(self.connection.name(one), n) for one in topics for n in range(PARTITIONS)]
                return sum((await consumer.end_offsets(places)).values())

        return asyncio.run(counted())

    def last_written_ms(self, *topics: str) -> int:
        """Return when the last record of topics was written by its sender."""
        return asyncio.run(self._last_written_ms([self.connection.name(one) for one in topics]))

    async def _last_written_ms(self, topics: list[str]) -> int:
        async with _reader(self.connection) as consumer:
            places = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
            waiting = {place: end for place, end in (await consumer.end_offsets(places)).items() if end > 0}
            consumer.assign(list(waiting))
            for place, end in waiting.items():
                consumer.seek(place, end - 1)
            last = 0
            while waiting:
                for place, records in (await consumer.getmany(timeout_ms=500)).items():
                    last = max(last, *(record.timestamp for record in records))
                    waiting.pop(place, None)
            return last

    def until_committed(
        self, group: str, workers: list[Service], topic: str = EVENTS.name, seconds: float = 600
    ) -> None:
        """Wait until a group has committed all of a topic, which its workers do once everything is durable."""
        asyncio.run(self._until_committed(group, workers, topic, seconds))

    async def _until_committed(self, group: str, workers: list[Service], topic: str, seconds: float) -> None:
        name = self.connection.name(topic)
        wanted = await _ends(self.connection, name)
        admin = AIOKafkaAdminClient(**self.connection.client_options())
        await admin.start()
        deadline = time.monotonic() + seconds
        done: dict[int, int] = {}
        try:
            while any(done.get(number, 0) < end for number, end in wanted.items()):
                for worker in workers:
                    worker.check()
                if time.monotonic() > deadline:
                    raise FailedError(f"{group} had not committed {topic} after {seconds:g} s: {done} of {wanted}")
                await asyncio.sleep(0.05)
                committed = await admin.list_consumer_group_offsets(self.connection.name(group))
                done = {place.partition: one.offset for place, one in committed.items() if place.topic == name}
        finally:
            await admin.close()


async def _ends(connection: Connection, topic: str) -> dict[int, int]:
    async with _reader(connection) as consumer:
        places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        return {place.partition: end for place, end in (await consumer.end_offsets(places)).items()}


def _reader(connection: Connection) -> Any:  # noqa: ANN401  (aiokafka has no types)
    return AIOKafkaConsumer(
        **connection.client_options(), enable_auto_commit=False, max_partition_fetch_bytes=1_048_576
    )
