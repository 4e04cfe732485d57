"""
The batching transport on a real broker: the assumptions about Faust and aiokafka that the worker's guarantee rests on.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import faust
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from services.runtime.errors import Misconfigured
from services.runtime.kafka import (
    BatchingConsumer,
    BatchProducer,
    BatchSchema,
    Connection,
    Record,
    TopicSpec,
    batching_app,
    ensure_topics,
)
from services.runtime.kafka.batching import PINNED, refuse_other_version

TOPIC = "numbers"
GROUP = "readers"
PATIENCE_SECONDS = 60


class Reading:
    """
    A Faust app that notes what it is handed, marking each fetch as done where `marking` says so.
    """

    def __init__(self, connection: Connection, *, marking: Callable[[int], bool] = lambda _offset: True) -> None:
        self.topic = connection.name(TOPIC)
        self.app: faust.App = batching_app(
            connection, group=GROUP, batched_topics=[TOPIC], max_records=100, commit_interval_ms=100
        )
        self.batches: list[Sequence[Record]] = []
        self._marking = marking
        self._changed = asyncio.Event()
        self.app.agent(self.app.topic(self.topic, schema=BatchSchema()), name="arrivals")(self._take)

    async def _take(self, stream: faust.StreamT[list[Record]]) -> None:
        async for event in stream.events():
            records = event.value
            self.batches.append(records)
            if self._marking(records[-1].offset):
                consumer_of(self.app).mark_done(self.topic, records[-1].partition, records[-1].offset + 1)
            self._changed.set()

    async def until(self, records: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while sum(map(len, self.batches)) < records:
                self._changed.clear()
                await self._changed.wait()

    def offsets(self) -> dict[int, list[int]]:
        seen: dict[int, list[int]] = defaultdict(list)
        for batch in self.batches:
            seen[batch[0].partition].extend(record.offset for record in batch)
        return dict(seen)

    async def read(self, records: int) -> None:
        await self.app.start()
        try:
            await self.until(records)
        finally:
            await self.app.stop()


def consumer_of(app: faust.App) -> BatchingConsumer:
    assert isinstance(app.consumer, BatchingConsumer)
    return app.consumer


async def committed(connection: Connection) -> dict[int, int]:
    admin = AIOKafkaAdminClient(**connection.client_options())
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(connection.name(GROUP))
        return {place.partition: one.offset for place, one in offsets.items() if one.offset >= 0}
    finally:
        await admin.close()


async def members(connection: Connection) -> int:
    admin = AIOKafkaAdminClient(**connection.client_options())
    await admin.start()
    try:
        (response,) = await admin.describe_consumer_groups([connection.name(GROUP)])
        (group,) = response.groups
        return len(group[5])
    finally:
        await admin.close()


async def fill(connection: Connection, producer: BatchProducer, *, partitions: int, records: int) -> dict[int, int]:
    await ensure_topics(connection, [TopicSpec(TOPIC, partitions)])
    for number in range(records):
        producer.put(connection.name(TOPIC), b"k", b"%d" % number, partition=number % partitions)
    await producer.flush()
    return {number: len(range(number, records, partitions)) for number in range(partitions)}


def names_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


async def test_every_record_arrives_once_and_in_order(connection: Connection, producer: BatchProducer) -> None:
    ends = await fill(connection, producer, partitions=3, records=2_000)
    reading = Reading(connection)
    await reading.read(2_000)
    assert reading.offsets() == {number: list(range(end)) for number, end in ends.items()}


async def test_one_fetch_is_one_message(connection: Connection, producer: BatchProducer) -> None:
    await fill(connection, producer, partitions=1, records=500)
    reading = Reading(connection)
    await reading.read(500)
    assert len(reading.batches) <= 500 // 100 + 1
    assert max(map(len, reading.batches)) == 100


async def test_nothing_is_left_where_the_process_stands(
    connection: Connection, producer: BatchProducer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(connection, producer, partitions=1, records=10)
    monkeypatch.chdir(tmp_path)
    await Reading(connection).read(10)
    assert names_in(tmp_path) == []


async def test_what_is_committed_is_what_was_marked_and_the_group_is_left(
    connection: Connection, producer: BatchProducer
) -> None:
    ends = await fill(connection, producer, partitions=3, records=999)
    await Reading(connection).read(999)
    assert await committed(connection) == ends
    assert await members(connection) == 0


async def test_what_is_not_marked_is_never_committed_and_comes_again(
    connection: Connection, producer: BatchProducer
) -> None:
    await fill(connection, producer, partitions=1, records=300)
    first = Reading(connection, marking=lambda offset: offset < 100)
    await first.read(300)
    assert await committed(connection) == {0: 100}
    second = Reading(connection)
    await second.read(200)
    assert second.offsets() == {0: list(range(100, 300))}


async def test_offsets_that_hold_no_record_are_passed_over(connection: Connection) -> None:
    await ensure_topics(connection, [TopicSpec(TOPIC, 1)])
    # The end of each transaction takes an offset, as a compacted record leaves one: nothing is ever read there.
    producer = AIOKafkaProducer(**connection.client_options(), transactional_id="gaps")
    await producer.start()
    try:
        for number in range(20):
            async with producer.transaction():
                await producer.send(connection.name(TOPIC), b"%d" % number, partition=0)
    finally:
        await producer.stop()
    reading = Reading(connection)
    await reading.read(20)
    assert [int(record.value or b"") for batch in reading.batches for record in batch] == list(range(20))
    assert reading.offsets()[0] == list(range(0, 40, 2))
    assert await committed(connection) == {0: 39}


async def test_the_committed_offset_of_an_assigned_partition_can_be_asked_for(
    connection: Connection, producer: BatchProducer
) -> None:
    await fill(connection, producer, partitions=1, records=50)
    await Reading(connection).read(50)
    again = Reading(connection)
    asked: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def ask(*_args: object, **_extra: object) -> None:
        # Not from within the rebalance, which the answer would wait for.
        tasks.append(asyncio.create_task(answer()))

    async def answer() -> None:
        asked.set_result(await consumer_of(again.app).committed(again.topic, 0))

    tasks: list[asyncio.Task[None]] = []
    again.app.on_partitions_assigned.connect(ask)
    await again.app.start()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await asked == 50
    finally:
        await again.app.stop()


def test_another_version_of_faust_is_refused_with_the_one_to_install() -> None:
    with pytest.raises(Misconfigured, match=f"install faust-streaming=={PINNED}"):
        refuse_other_version("0.11.3")


def test_the_pinned_version_is_the_installed_one() -> None:
    refuse_other_version(version("faust-streaming"))
