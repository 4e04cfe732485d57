"""
Tells how far a consumer group has got, to those that are no member of it or own other partitions.
"""

from collections.abc import Mapping, Sequence

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from services.runtime.kafka.connection import Connection
from services.runtime.kafka.faults import KafkaFault, translated

__all__ = ["GroupOffsets"]


class GroupOffsets:
    """
    The committed offsets of one group (logical name), asked over a connection of its own.
    """

    def __init__(self, connection: Connection, group: str) -> None:
        self._group = connection.name(group)
        self._where = connection.bootstrap_servers
        self._admin = AIOKafkaAdminClient(**connection.client_options())

    async def start(self) -> None:
        try:
            await self._admin.start()
        except KafkaFault as error:
            await self._admin.close()
            raise translated(error, f"connect to {self._where}") from error

    async def stop(self) -> None:
        await self._admin.close()

    async def committed(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]:
        """
        The next offset to read of those partitions of a topic (cluster name) for which the group has committed one.
        """
        places = [TopicPartition(topic, number) for number in partitions]
        try:
            offsets = await self._admin.list_consumer_group_offsets(self._group, partitions=places)
        except KafkaFault as error:
            raise translated(error, f"ask how far group {self._group} is") from error
        return {place.partition: one.offset for place, one in offsets.items() if one.offset >= 0}
