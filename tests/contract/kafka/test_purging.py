"""
What is purged is gone for readers; what comes later, and the topic's own settings, stay.
"""

from services.runtime.kafka import BatchProducer, ClusterAdmin, Connection, LogReader, TopicSpec, ensure_topics, purge

MARK = ("mark", b"")


async def test_records_before_an_offset_are_deleted_and_the_settings_are_as_before(
    connection: Connection, producer: BatchProducer, reader: LogReader
) -> None:
    own = {"retention.ms": "604800000", "segment.bytes": "2000000"}
    await ensure_topics(connection, [TopicSpec("facts", 2, own, 1)])
    topic = connection.name("facts")
    for number in range(3):
        await producer.send(topic, None, str(number).encode(), partition=1)
    async with ClusterAdmin.open(connection) as admin:
        # As somebody left it who was killed in the middle.
        await admin.replace_settings(topic, own | {"segment.ms": "1"})
        await purge(connection, topic, {1: 2}, MARK)
        assert await admin.settings(topic) == own
    assert await reader.first_offsets(topic, [0, 1]) == {0: 0, 1: 2}
    left = await reader.read_to(topic, await reader.end_offsets(topic, [0, 1]))
    assert [(one.partition, one.offset, one.value, list(one.headers)) for one in left] == [
        (1, 2, b"2", []), (1, 3, None, [MARK]),
    ]  # fmt: skip
