"""
One suite for whatever stands behind `Publisher`: the list in the tests, and the producer on a real broker.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from services.ingest.shell.publishing import BrokerPublisher
from services.runtime.clock import SystemClock
from services.runtime.errors import Rejected, Transient
from services.runtime.kafka import Connection, LogReader, TopicSpec, ensure_topics, partition_of
from services.runtime.kafka.acknowledging import AcknowledgingProducer, Outgoing
from tests.fakes.publishers import FakeProducer
from tests.fakes.waiting import until

PARTITIONS = 3
TOPIC = "publisher"
Read = Callable[[], Awaitable[list[Outgoing]]]
Subject = tuple[FakeProducer | AcknowledgingProducer, str, Read]


async def everything_in(connection: Connection, topic: str) -> list[Outgoing]:
    reader = LogReader(connection)
    await reader.start()
    try:
        records = await reader.read_to(topic, await reader.end_offsets(topic, range(PARTITIONS)))
    finally:
        await reader.stop()
    for record in records:
        if record.key is not None:
            assert record.partition == partition_of(record.key, PARTITIONS)
    return [Outgoing(record.topic, record.key, record.value, tuple(record.headers)) for record in records]


@pytest.fixture(params=["fake", "kafka"])
async def subject(request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
    if request.param == "fake":
        fake = FakeProducer()

        async def read() -> list[Outgoing]:
            return fake.records

        yield fake, TOPIC, read
        return
    name = "".join(letter for letter in request.node.name if letter.isalnum())
    connection = Connection(request.getfixturevalue("kafka"), prefix=f"{name}.")
    await ensure_topics(connection, [TopicSpec(TOPIC, PARTITIONS, {})])
    topic = connection.name(TOPIC)
    producer = AcknowledgingProducer(connection, SystemClock(), batch_bytes=16_384)
    await producer.start([topic])
    try:
        yield producer, topic, lambda: everything_in(connection, topic)
    finally:
        await producer.stop()


def record(topic: str, number: int, size: int = 20) -> Outgoing:
    value = f"{number:06}".encode() * (size // 6 + 1)
    return Outgoing(topic, f"site-{number % 5}".encode(), value, (("n", str(number).encode()),))


async def test_what_is_published_is_there_byte_for_byte_when_publish_returns(subject: Subject) -> None:
    publisher, topic, read = subject
    sent = [record(topic, number) for number in range(500)]
    await publisher.publish(sent)
    assert sorted(await read()) == sorted(sent)


async def test_records_of_a_key_keep_their_order(subject: Subject) -> None:
    publisher, topic, read = subject
    for start in range(0, 200, 20):
        await publisher.publish([record(topic, number) for number in range(start, start + 20)])
    seen: dict[bytes | None, list[Outgoing]] = {}
    for one in await read():
        seen.setdefault(one.key, []).append(one)
    assert len(seen) == 5
    for records in seen.values():
        assert records == sorted(records, key=lambda one: one.value or b"")


async def test_many_callers_at_once_each_get_their_own_records_acknowledged(subject: Subject) -> None:
    publisher, topic, read = subject

    async def caller(number: int) -> None:
        sent = [record(topic, number * 100 + one, size=3_000) for one in range(10)]
        await publisher.publish(sent)
        there = set(await read())
        assert there.issuperset(sent)

    await asyncio.gather(*(caller(number) for number in range(8)))
    assert len(await read()) == 80


async def test_no_key_no_value_and_no_records_are_fine(subject: Subject) -> None:
    publisher, topic, read = subject
    sent = [Outgoing(topic, None, b"no key"), Outgoing(topic, b"k", None), Outgoing(topic, b"k", b"")]
    await publisher.publish([])
    await publisher.publish(sent)
    assert sorted((one.value or b"", one.key or b"") for one in await read()) == [
        (b"", b"k"),
        (b"", b"k"),
        (b"no key", b""),
    ]


async def test_nothing_waits_when_all_is_acknowledged(subject: Subject) -> None:
    publisher, topic, _ = subject
    await publisher.publish([record(topic, number) for number in range(50)])
    assert (publisher.in_flight, publisher.waiting_ms()) == (0, 0)
    publisher.check()


async def test_after_a_refused_batch_a_new_connection_takes_the_next_records(kafka: str) -> None:
    connection = Connection(kafka, prefix="refusedbatch.")
    await ensure_topics(connection, [TopicSpec(TOPIC, PARTITIONS, {"max.message.bytes": "2000"})])
    topic = connection.name(TOPIC)
    publisher = BrokerPublisher(lambda: AcknowledgingProducer(connection, SystemClock(), compression=None), [topic])
    stop = asyncio.Event()
    keeping = asyncio.get_running_loop().create_task(publisher.keep_connected(stop))

    async def taken(one: Outgoing) -> bool:
        try:
            await publisher.publish([one])
        except Transient:
            return False
        return True

    try:
        await until(lambda: not publisher.missing())
        assert await taken(record(topic, 1))
        with pytest.raises(Rejected):
            await publisher.publish([record(topic, 1, size=5_000)])
        assert publisher.missing()
        await until(lambda: not publisher.missing())
        for number in range(10):
            assert await taken(record(topic, number))
        assert len(await everything_in(connection, topic)) == 11
    finally:
        stop.set()
        await keeping
