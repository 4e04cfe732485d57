"""
The batch producer on a real broker.
"""

from collections import defaultdict

import pytest

from services.runtime.errors import Misconfigured, Rejected
from services.runtime.kafka import BatchProducer, Connection, LogReader, Record, TopicSpec, ensure_topics, partition_of

TOPIC = "outcomes"


async def all_of(connection: Connection, reader: LogReader) -> list[Record]:
    topic = connection.name(TOPIC)
    return await reader.read_to(topic, await reader.end_offsets(topic, await reader.partitions_of(topic)))


async def test_all_records_of_a_key_are_in_one_partition_in_order(connection: Connection, reader: LogReader) -> None:
    await ensure_topics(connection, [TopicSpec(TOPIC, 4)])
    producer = BatchProducer(connection, batch_bytes=4_096)
    await producer.start([connection.name(TOPIC)])
    try:
        for number in range(5_000):
            producer.put(connection.name(TOPIC), b"site-%d" % (number % 7), b"%06d" % number)
        await producer.flush()
        assert producer.in_flight == 0
    finally:
        await producer.stop()
    by_key: dict[bytes, list[int]] = defaultdict(list)
    for record in await all_of(connection, reader):
        assert record.key is not None
        assert record.partition == partition_of(record.key, 4)
        by_key[record.key].append(int(record.value or b""))
    assert by_key == {b"site-%d" % key: list(range(key, 5_000, 7)) for key in range(7)}


async def test_headers_and_tombstones_arrive_as_they_were_put(
    connection: Connection, producer: BatchProducer, reader: LogReader
) -> None:
    await ensure_topics(connection, [TopicSpec(TOPIC, 1)])
    producer.put(connection.name(TOPIC), b"k", b"v", headers=[("a", b"1"), ("a", b"\xff\x00")], partition=0)
    producer.put(connection.name(TOPIC), b"k", None, partition=0)
    await producer.flush()
    first, second = await all_of(connection, reader)
    assert list(first.headers) == [("a", b"1"), ("a", b"\xff\x00")]
    assert second.value is None


async def test_sending_one_record_tells_its_offset(connection: Connection, producer: BatchProducer) -> None:
    await ensure_topics(connection, [TopicSpec(TOPIC, 2)])
    topic = connection.name(TOPIC)
    for _ in range(3):
        producer.put(topic, b"k", b"v", partition=1)
    assert await producer.send(topic, b"k", b"v", partition=1) == 3
    assert await producer.send(topic, b"k", b"v", partition=0) == 0


async def test_a_record_larger_than_the_topic_allows_fails_the_flush_and_everything_after_it(
    connection: Connection,
) -> None:
    await ensure_topics(connection, [TopicSpec(TOPIC, 1, {"max.message.bytes": "2000"})])
    producer = BatchProducer(connection, compression=None)
    await producer.start([connection.name(TOPIC)])
    producer.put(connection.name(TOPIC), b"k", b"x" * 5_000)
    with pytest.raises(Rejected, match=r"max\.message\.bytes"):
        await producer.flush()
    with pytest.raises(Rejected):
        producer.put(connection.name(TOPIC), b"k", b"small")
    with pytest.raises(Rejected):
        await producer.stop()


async def test_topics_are_made_once_and_left_alone_then(connection: Connection, reader: LogReader) -> None:
    specs = [TopicSpec(TOPIC, 2, {"cleanup.policy": "compact"}), TopicSpec("others", 1)]
    await ensure_topics(connection, specs)
    await ensure_topics(connection, specs)
    assert await reader.partitions_of(connection.name(TOPIC)) == [0, 1]


async def test_a_topic_with_another_number_of_partitions_is_refused(connection: Connection) -> None:
    await ensure_topics(connection, [TopicSpec(TOPIC, 2)])
    with pytest.raises(Misconfigured, match="has 2 partitions, not 3"):
        await ensure_topics(connection, [TopicSpec(TOPIC, 3)])


async def test_a_topic_that_does_not_exist_is_named(connection: Connection, reader: LogReader) -> None:
    with pytest.raises(Misconfigured, match="does not exist"):
        await reader.partitions_of(connection.name("nowhere"))
