"""
Deletes the records of a topic for good: from what readers see, and, as soon as the broker has cut off what it writes
to, from its disk.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from services.runtime.kafka.cluster import ClusterAdmin
from services.runtime.kafka.connection import Connection
from services.runtime.kafka.producing import BatchProducer

__all__ = ["purge"]

_ROLL_SOON: Final = ("segment.ms", "1")


async def purge(connection: Connection, topic: str, before: Mapping[int, int], mark: tuple[str, bytes]) -> None:
    """
    Delete what stands before these offsets in each partition of a topic (cluster name).

    A broker removes whole files only, and never the one that it writes to. So it is told for a moment to begin a new
    one with the next record, and gets that record: it has no value, and the header `mark`, by which readers know it.
    The old files go within the broker's `log.retention.check.interval.ms` and `file.delete.delay.ms` (by default five
    minutes and one). Whoever was killed meanwhile does it again, and the topic is as it was. Raises what brokers raise,
    also where the right to alter the topic is missing.
    """
    async with ClusterAdmin.open(connection) as admin:
        # Who was killed in between has left the topic like that, and it is nobody's usual setting.
        usual = {name: value for name, value in (await admin.settings(topic)).items() if (name, value) != _ROLL_SOON}
        await admin.replace_settings(topic, usual | dict([_ROLL_SOON]))
        try:
            await _mark(connection, topic, sorted(before), mark)
        finally:
            await admin.replace_settings(topic, usual)
        await admin.drop_before({(topic, number): offset for number, offset in before.items()})


async def _mark(connection: Connection, topic: str, partitions: Sequence[int], mark: tuple[str, bytes]) -> None:
    producer = BatchProducer(connection)
    await producer.start([topic])
    try:
        for number in partitions:
            producer.put(topic, None, None, headers=[mark], partition=number)
        await producer.flush()
    finally:
        await producer.stop()
