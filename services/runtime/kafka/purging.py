"""
Deletes the records of a topic for good: from what readers see, and, as soon as the broker has cut off what it writes
to, from its disk.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from services.runtime.kafka.connection import Connection
from services.runtime.kafka.faults import KafkaFault, translated
from services.runtime.kafka.producing import BatchProducer

__all__ = ["purge"]

_SET_BY_TOPIC: Final = 1
"""Where a setting comes from: the topic itself, not the broker or a default."""
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
    admin = AIOKafkaAdminClient(**connection.client_options())
    try:
        await admin.start()
        # Who was killed in between has left the topic like that, and it is nobody's usual setting.
        usual = {name: value for name, value in (await _settings(admin, topic)).items() if (name, value) != _ROLL_SOON}
        await _set(admin, topic, usual | dict([_ROLL_SOON]))
        try:
            await _mark(connection, topic, sorted(before), mark)
        finally:
            await _set(admin, topic, usual)
        doomed = {TopicPartition(topic, number): RecordsToDelete(offset) for number, offset in before.items()}
        await admin.delete_records(doomed)
    except KafkaFault as error:
        raise translated(error, f"delete records of {topic}") from error
    finally:
        await admin.close()


async def _mark(connection: Connection, topic: str, partitions: Sequence[int], mark: tuple[str, bytes]) -> None:
    producer = BatchProducer(connection)
    await producer.start([topic])
    try:
        for number in partitions:
            producer.put(topic, None, None, headers=[mark], partition=number)
        await producer.flush()
    finally:
        await producer.stop()


async def _settings(admin: AIOKafkaAdminClient, topic: str) -> dict[str, str]:
    """
    What the topic itself says of its settings; altering them replaces them all.
    """
    found: dict[str, str] = {}
    for response in await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)]):
        for code, message, _, _, entries in response.resources:
            if code:
                raise for_code(code)(message)
            found |= {entry[0]: entry[1] for entry in entries if entry[3] == _SET_BY_TOPIC}
    return found


async def _set(admin: AIOKafkaAdminClient, topic: str, settings: Mapping[str, str]) -> None:
    resource = ConfigResource(ConfigResourceType.TOPIC, topic, configs=dict(settings))
    for response in await admin.alter_configs([resource]):
        for code, message, *_ in response.resources:
            if code:
                raise for_code(code)(message)
