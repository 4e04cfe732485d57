"""
Reads a topic without a group: all of it, to its end, and on from there.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.runtime.errors import Misconfigured
from services.runtime.kafka.connection import Connection
from services.runtime.kafka.faults import KafkaFault, translated
from services.runtime.kafka.records import Record

__all__ = ["LogReader"]

POLL_MS = 500


class LogReader:
    """
    What every process reads for itself from the beginning, such as settings kept in a topic or saved state.

    Belongs to no group and commits nothing. One reader is used by one task at a time.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._consumer = AIOKafkaConsumer(
            **connection.client_options(),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=POLL_MS,
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )

    async def start(self) -> None:
        try:
            await self._consumer.start()
        except KafkaFault as error:
            await self._consumer.stop()
            raise translated(error, f"connect to {self._connection.bootstrap_servers}") from error

    async def stop(self) -> None:
        await self._consumer.stop()

    async def partitions_of(self, topic: str) -> list[int]:
        """
        The partitions of a topic by its cluster name; a topic that does not exist is a misconfiguration.
        """
        try:
            await self._consumer._client._wait_on_metadata(topic)  # noqa: SLF001  partitions_for_topic alone does not ask
        except KafkaFault as error:
            raise translated(error, f"read topic {topic}") from error
        partitions = self._consumer.partitions_for_topic(topic)
        if not partitions:
            raise Misconfigured(f"Kafka: topic {topic} does not exist; create it or let the service create it")
        return sorted(partitions)

    async def end_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]:
        """
        The offset after the last record of each partition, as the brokers know it now.
        """
        try:
            ends = await self._consumer.end_offsets([TopicPartition(topic, number) for number in partitions])
        except KafkaFault as error:
            raise translated(error, f"ask for the end of {topic}") from error
        return {place.partition: offset for place, offset in ends.items()}

    async def first_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]:
        """
        The offset of the first record that each partition still keeps.
        """
        try:
            starts = await self._consumer.beginning_offsets([TopicPartition(topic, number) for number in partitions])
        except KafkaFault as error:
            raise translated(error, f"ask for the beginning of {topic}") from error
        return {place.partition: offset for place, offset in starts.items()}

    async def spans_of(self, topic: str) -> dict[int, range]:
        """
        The offsets of what each partition keeps now; empty where it keeps nothing.
        """
        partitions = await self.partitions_of(topic)
        ends = await self.end_offsets(topic, partitions)
        firsts = await self.first_offsets(topic, partitions)
        return {number: range(firsts[number], ends[number]) for number in partitions}

    async def offsets_since(self, topic: str, ends: Mapping[int, int], instant_ms: int) -> Mapping[int, int]:
        """
        The offset of the first record of each partition that the brokers have had since an instant; its end where
        there is none.
        """
        places = {TopicPartition(topic, number): max(0, instant_ms) for number in ends}
        try:
            found = await self._consumer.offsets_for_times(places)
        except KafkaFault as error:
            raise translated(error, f"look into {topic}") from error
        return {
            place.partition: ends[place.partition] if there is None else there.offset for place, there in found.items()
        }

    async def read_to(
        self, topic: str, ends: Mapping[int, int], starts: Mapping[int, int] | None = None
    ) -> list[Record]:
        """
        Every record of the partitions from the first that is kept to the given end offsets (exclusive); from `starts`
        on, where they are given.
        """
        return [record async for batch in self.batches_to(topic, ends, starts) for record in batch]

    async def batches_to(
        self, topic: str, ends: Mapping[int, int], starts: Mapping[int, int] | None = None
    ) -> AsyncIterator[list[Record]]:
        """
        The same batch by batch, for what is too large to hold.

        Offsets that compaction has removed are passed over: what counts is the position, not the records seen.
        """
        places = [TopicPartition(topic, number) for number, end in ends.items() if end > 0]
        if not places:
            return
        try:
            self._consumer.assign(places)
            if starts is None:
                await self._consumer.seek_to_beginning(*places)
            else:
                for place in places:
                    self._consumer.seek(place, starts[place.partition])
            waiting = set(places)
            while waiting:
                fetched = await self._consumer.getmany(*waiting, timeout_ms=POLL_MS)
                for place, batch in fetched.items():
                    yield [record for record in batch if record.offset < ends[place.partition]]
                for place in list(waiting):
                    if await self._consumer.position(place) >= ends[place.partition]:
                        waiting.discard(place)
        except KafkaFault as error:
            raise translated(error, f"read topic {topic}") from error

    async def follow(self, topic: str, starts: Mapping[int, int], into: "asyncio.Queue[list[Record]]") -> None:
        """
        Put every batch of records from the given offsets on into the queue, until cancelled.
        """
        places = {TopicPartition(topic, number): start for number, start in starts.items()}
        try:
            self._consumer.assign(list(places))
            for place, start in places.items():
                self._consumer.seek(place, start)
            while True:
                for batch in (await self._consumer.getmany(timeout_ms=POLL_MS)).values():
                    await into.put(batch)
        except KafkaFault as error:
            raise translated(error, f"follow topic {topic}") from error
