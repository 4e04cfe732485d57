"""
What bringing topics back and deleting records need of a cluster beside writing records: how far groups had got, where a
log begins, and settings that hold only meanwhile.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from services.runtime.kafka.connection import Connection
from services.runtime.kafka.faults import KafkaFault, translated
from services.runtime.kafka.records import Place

__all__ = ["ClusterAdmin", "commit_offsets"]

_SET_BY_TOPIC: Final = 1
"""Where a setting comes from: the topic itself, not the broker or a default."""


class ClusterAdmin:
    """
    Asks and tells the cluster about topics (cluster names) and groups; made by `open`.
    """

    def __init__(self, connection: Connection, admin: AIOKafkaAdminClient) -> None:
        self._connection = connection
        self._admin = admin

    @classmethod
    @asynccontextmanager
    async def open(cls, connection: Connection) -> AsyncIterator["ClusterAdmin"]:
        admin = AIOKafkaAdminClient(**connection.client_options())
        try:
            await admin.start()
            yield cls(connection, admin)
        except KafkaFault as error:
            raise translated(error, f"look after the topics on {connection.bootstrap_servers}") from error
        finally:
            await admin.close()

    async def topics(self) -> set[str]:
        """
        The names of all topics there are.
        """
        return set(await self._admin.list_topics())

    async def group_offsets(self, topics: Collection[str]) -> dict[str, dict[Place, int]]:
        """
        Of each group of this deployment: the next record to read, for the partitions of these topics that it has read.
        """
        prefix = self._connection.prefix
        found: dict[str, dict[Place, int]] = {}
        for group in sorted(name for name, *_ in await self._admin.list_consumer_groups() if name.startswith(prefix)):
            offsets: dict[Any, Any] = await self._admin.list_consumer_group_offsets(group)
            known = {
                (place.topic, place.partition): one.offset
                for place, one in offsets.items()
                if place.topic in topics and one.offset >= 0
            }
            if known:
                found[group] = known
        return found

    async def settings(self, topic: str) -> dict[str, str]:
        """
        What the topic itself says of its settings.
        """
        found: dict[str, str] = {}
        for response in await self._admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)]):
            for code, why, _, _, entries in response.resources:
                if code:
                    raise for_code(code)(f"cannot read the settings of {topic}: {why}")
                found |= {entry[0]: entry[1] for entry in entries if entry[3] == _SET_BY_TOPIC}
        return found

    async def replace_settings(self, topic: str, settings: Mapping[str, str]) -> None:
        """
        Give a topic these settings, and no others.
        """
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, dict(settings))
        for response in await self._admin.alter_configs([resource]):
            for code, why, *_ in response.resources:
                if code:
                    raise for_code(code)(f"cannot change the settings of {topic}: {why}")

    async def drop_before(self, firsts: Mapping[Place, int]) -> None:
        """
        Let each log begin at the given offset: what stood before is deleted.
        """
        if firsts:
            await self._admin.delete_records(
                {TopicPartition(*place): RecordsToDelete(offset) for place, offset in firsts.items()}
            )


async def commit_offsets(connection: Connection, group: str, offsets: Mapping[Place, int]) -> None:
    """
    Say for a group (cluster name) that has no members which record of each partition is its next.
    """
    consumer = AIOKafkaConsumer(**connection.client_options(), group_id=group, enable_auto_commit=False)
    try:
        await consumer.start()
        wanted = {TopicPartition(*place): offset for place, offset in offsets.items()}
        consumer.assign(list(wanted))
        await consumer.commit(wanted)
    except KafkaFault as error:
        raise translated(error, f"say how far group {group} is") from error
    finally:
        await consumer.stop()
