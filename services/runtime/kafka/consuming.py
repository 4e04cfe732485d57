"""
Consumes topics as a member of a group, by batches, committing only what is done.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import CommitFailedError, IllegalGenerationError, UnknownMemberIdError

from services.runtime.kafka.connection import Connection
from services.runtime.kafka.faults import KafkaFault, translated
from services.runtime.kafka.records import Place, Record

__all__ = ["BatchHandler", "GroupConsumer"]

BatchHandler = Callable[[Mapping[Place, Sequence[Record]]], Awaitable[None]]
"""Takes the records of one fetch by place; returning means that all of them are done."""


class _Revocation(Protocol):
    async def __call__(self, places: Sequence[Place]) -> None: ...


class GroupConsumer:
    """
    At-least-once consumption: a batch is committed when the handler has returned, never before.

    For services whose handling is idempotent. A crash, or a rebalance in the middle of a batch, delivers it again to
    whoever has the partition then. `revoked` is called before partitions are given away.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        group: str,
        topics: Iterable[str],
        session_timeout_ms: int = 10_000,
        max_records: int = 5_000,
        revoked: _Revocation | None = None,
    ) -> None:
        self._connection = connection
        self._topics = [connection.name(topic) for topic in topics]
        self._max_records = max_records
        self._revoked = revoked
        self._stopping = asyncio.Event()
        self._consumer = AIOKafkaConsumer(
            **connection.client_options(),
            group_id=connection.name(group),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=session_timeout_ms,
            heartbeat_interval_ms=max(session_timeout_ms // 3, 100),
            max_poll_interval_ms=300_000,
            fetch_max_wait_ms=200,
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )

    async def run(self, handler: BatchHandler) -> None:
        """
        Consume until `stop` is called; the batch in hand is finished and committed first.
        """
        try:
            self._consumer.subscribe(self._topics, listener=_Listener(self._revoked))
            await self._consumer.start()
            while not self._stopping.is_set():
                fetched = await self._consumer.getmany(timeout_ms=200, max_records=self._max_records)
                if not fetched:
                    continue
                await handler({(place.topic, place.partition): batch for place, batch in fetched.items()})
                await self._commit({place: batch[-1].offset + 1 for place, batch in fetched.items()})
        except KafkaFault as error:
            raise translated(error, f"consume {', '.join(self._topics)}") from error
        finally:
            await self._leave()

    def stop(self) -> None:
        self._stopping.set()

    def assigned(self) -> list[Place]:
        return [(place.topic, place.partition) for place in self._consumer.assignment()]

    async def lag(self) -> Mapping[Place, int]:
        """
        How many records each assigned partition still has to be consumed.
        """
        places = list(self._consumer.assignment())
        try:
            ends = await self._consumer.end_offsets(places) if places else {}
            return {
                (place.topic, place.partition): max(0, ends[place] - await self._consumer.position(place))
                for place in places
                if place in ends
            }
        except KafkaFault as error:
            raise translated(error, f"ask how much of {', '.join(self._topics)} is still to come") from error

    async def _leave(self) -> None:
        """
        Leave the group. Where no broker answers, the library passes on that it cancelled its own fetch, as if we were.
        """
        try:
            await self._consumer.stop()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise

    async def _commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        mine = self._consumer.assignment()
        kept = {place: offset for place, offset in offsets.items() if place in mine}
        if not kept:
            return
        try:
            await self._consumer.commit(kept)
        except (CommitFailedError, IllegalGenerationError, UnknownMemberIdError):
            # The partitions have gone to somebody else, who will do this batch again; that is what at-least-once says.
            return


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, revoked: _Revocation | None) -> None:
        self._revoked = revoked

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        if self._revoked is not None:
            await self._revoked([(place.topic, place.partition) for place in revoked])

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """
        Nothing to prepare: the handler gets whatever partitions there are.
        """
        del assigned
