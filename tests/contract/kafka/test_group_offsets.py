"""
How far a group is, as somebody sees it who is no member.
"""

import asyncio
from collections.abc import Mapping, Sequence

from services.runtime.kafka import (
    BatchProducer,
    Connection,
    GroupConsumer,
    GroupOffsets,
    Place,
    Record,
    TopicSpec,
    ensure_topics,
)


async def test_it_tells_what_the_group_has_committed_and_nothing_of_what_it_has_not(
    connection: Connection, producer: BatchProducer
) -> None:
    await ensure_topics(connection, [TopicSpec("facts", 2, {}, 1), TopicSpec("other", 1, {}, 1)])
    offsets = GroupOffsets(connection, "readers")
    await offsets.start()
    try:
        for number in range(3):
            await producer.send(connection.name("facts"), None, str(number).encode(), partition=1)
        consumer = GroupConsumer(connection, group="readers", topics=["facts"])

        async def handle(fetched: Mapping[Place, Sequence[Record]]) -> None:
            del fetched
            consumer.stop()

        await asyncio.wait_for(consumer.run(handle), 60)
        assert await offsets.committed(connection.name("facts"), [0, 1]) == {1: 3}
        assert await offsets.committed(connection.name("other"), [0]) == {}
    finally:
        await offsets.stop()
