"""
Sends records for many callers at once and tells each of them when its own are acknowledged.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer

from services.runtime.clock import Clock
from services.runtime.errors import Overloaded, Rejected, ServiceError, Transient, Unreachable
from services.runtime.kafka.connection import Connection
from services.runtime.kafka.faults import KafkaFault, translated
from services.runtime.kafka.producing import partition_of
from services.runtime.kafka.records import Headers

__all__ = ["AcknowledgingProducer", "Outgoing"]

REMEMBERED_KEYS = 65_536
MAX_REQUEST_BYTES = 4 * 1024 * 1024


class Outgoing(NamedTuple):
    """
    One record to send: the topic's cluster name, the key that decides the partition (None: any), value and headers.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


class _Batch:
    """
    Records of one partition that travel together, and the outcome that all their callers wait for.
    """

    __slots__ = ("builder", "bytes", "outcome", "records")

    def __init__(self, builder: Any, outcome: asyncio.Future[None]) -> None:  # noqa: ANN401  (aiokafka has no types)
        self.builder = builder
        self.outcome = outcome
        self.records = 0
        self.bytes = 0


class _Lane:
    """
    One partition on its way out: the batch that still takes records, those that are full, and what hands them over.
    """

    __slots__ = ("open", "partition", "pump", "sealed", "topic")

    def __init__(self, topic: str, partition: int) -> None:
        self.topic = topic
        self.partition = partition
        self.open: _Batch | None = None
        self.sealed: deque[_Batch] = deque()
        self.pump: asyncio.Task[None] | None = None


class AcknowledgingProducer:
    """
    `publish` returns when the brokers have acknowledged every record of the call (all replicas, idempotent), or raises.

    Unlike `BatchProducer`, callers do not wait for one another's records and one caller's failure is nobody else's:
    made for servers, whose requests come and go independently. While the broker is busy with a partition, the records
    of all callers for it gather in the next batch, so batches grow with the load.

    What raised may still have been written or be written later: callers that try again need identities to tell copies.
    Raises Overloaded before anything is sent where `max_bytes` are unacknowledged already, Unreachable where nothing
    was acknowledged for `patience_ms`, Rejected for a record that no broker would take.
    """

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        *,
        max_bytes: int = 64 * 1024 * 1024,
        patience_ms: int = 10_000,
        batch_bytes: int = 262_144,
        compression: str | None = "zstd",  # aiokafka compresses lz4 at level 9: five times the cost, twice the size
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._max_bytes = max_bytes
        self._patience_ms = patience_ms
        self._producer = AIOKafkaProducer(
            **connection.client_options(),
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            max_batch_size=batch_bytes,
            max_request_size=MAX_REQUEST_BYTES,
            request_timeout_ms=patience_ms,
            compression_type=compression,
        )
        self._lanes: dict[tuple[str, int], _Lane] = {}
        self._partitions: dict[str, int] = {}
        self._lane_by_key: dict[tuple[str, bytes], _Lane] = {}
        self._next_keyless = 0
        self._waiting: dict[_Batch, int] = {}
        self.in_flight = 0
        self.in_flight_bytes = 0
        self.broken: ServiceError | None = None
        """
        Why no more is taken: a batch failed, and its place in the sequence of its partition stays empty. The broker
        refuses whatever comes after the gap, as long as this producer lives; a new one begins a sequence of its own.
        """

    async def start(self, topics: Sequence[str]) -> None:
        """
        Connect, and learn the partitions of the topics (cluster names) that will be sent to.
        """
        try:
            await self._producer.start()
            for topic in topics:
                self._partitions[topic] = len(await self._producer.partitions_for(topic))
        except KafkaFault as error:
            await self._producer.stop()
            raise translated(error, f"start a producer on {self._connection.bootstrap_servers}") from error

    async def stop(self) -> None:
        """
        Send what is still waiting, as far as the broker takes it within the patience, then disconnect.
        """
        outcomes = [batch.outcome for batch in self._waiting]
        if outcomes:
            await asyncio.wait(outcomes, timeout=self._patience_ms / 1000)
        for lane in self._lanes.values():
            if lane.pump is not None:
                lane.pump.cancel()
        try:
            # The library would wait for ever for a broker that is gone.
            await asyncio.wait_for(self._producer.stop(), timeout=self._patience_ms / 1000)
        except TimeoutError as error:
            raise Unreachable("Kafka: the broker did not take the last records before the end") from error

    def check(self) -> None:
        """
        Raise Unreachable or Overloaded where `publish` would, so that a server can refuse before it reads a request.
        """
        if self.broken is not None:
            raise Unreachable(f"Kafka: the connection is given up: {self.broken}")
        waited = self.waiting_ms()
        if waited > self._patience_ms:
            raise Unreachable(f"Kafka: nothing was acknowledged for {waited} ms")
        if self.in_flight_bytes >= self._max_bytes:
            raise Overloaded(
                f"Kafka: {self.in_flight_bytes} bytes wait for the broker, at most {self._max_bytes}",
                retry_after_ms=1_000,
            )

    def waiting_ms(self) -> int:
        """
        How long the oldest record has been waiting for its acknowledgement; 0 where none waits.
        """
        oldest = next(iter(self._waiting.values()), None)
        return 0 if oldest is None else self._clock.monotonic_ms() - oldest

    async def publish(self, records: Iterable[Outgoing]) -> None:
        self.check()
        outcomes = self._take(records)
        if not outcomes:
            return
        done, late = await asyncio.wait(outcomes, timeout=self._patience_ms / 1000)
        # Every outcome is asked for its error, so that none is reported as never looked at.
        errors = [error for outcome in done if (error := outcome.exception()) is not None]
        if errors:
            raise errors[0]
        if late:
            raise Unreachable(f"Kafka: no acknowledgement within {self._patience_ms} ms")

    def _take(self, records: Iterable[Outgoing]) -> set[asyncio.Future[None]]:
        outcomes: set[asyncio.Future[None]] = set()
        known = self._lane_by_key
        for record in records:
            key = record.key
            lane = None if key is None else known.get((record.topic, key))
            outcomes.add(self._put(lane or self._lane(record.topic, key), record))
        return outcomes

    def _lane(self, topic: str, key: bytes | None) -> _Lane:
        partitions = self._partitions[topic]
        if key is None:
            self._next_keyless += 1
            number = self._next_keyless % partitions
        else:
            number = partition_of(key, partitions)
        lane = self._lanes.get((topic, number))
        if lane is None:
            lane = self._lanes[topic, number] = _Lane(topic, number)
        if key is not None:
            if len(self._lane_by_key) >= REMEMBERED_KEYS:
                self._lane_by_key.clear()
            self._lane_by_key[topic, key] = lane
        return lane

    def _put(self, lane: _Lane, record: Outgoing) -> asyncio.Future[None]:
        _, key, value, given = record
        headers = list(given)
        batch = lane.open or self._opened(lane)
        taken = batch.builder.append(timestamp=None, key=key, value=value, headers=headers)
        if taken is None:
            lane.sealed.append(batch)
            batch = self._opened(lane)
            taken = batch.builder.append(timestamp=None, key=key, value=value, headers=headers)
            if taken is None:
                raise Rejected("too_large", f"Kafka: a record for {lane.topic} is larger than a batch may be")
        size = 0 if value is None else len(value)
        batch.records += 1
        batch.bytes += size
        self.in_flight += 1
        self.in_flight_bytes += size
        return batch.outcome

    def _opened(self, lane: _Lane) -> _Batch:
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[None] = loop.create_future()
        batch = lane.open = _Batch(self._producer.create_batch(), outcome)
        self._waiting[batch] = self._clock.monotonic_ms()
        if lane.pump is None:
            lane.pump = loop.create_task(self._pump(lane))
        return batch

    async def _pump(self, lane: _Lane) -> None:
        doing = f"send to {lane.topic}/{lane.partition}"
        try:
            while lane.sealed or lane.open is not None:
                if lane.sealed:
                    batch = lane.sealed.popleft()
                else:
                    assert lane.open is not None  # noqa: S101  (the loop's condition, for the type checker)
                    batch, lane.open = lane.open, None
                try:
                    batch.builder.close()
                    delivery = await self._producer.send_batch(batch.builder, lane.topic, partition=lane.partition)
                except KafkaFault as error:
                    self._settle(batch, translated(error, doing))
                    continue
                delivery.add_done_callback(self._settler(batch, doing))
        finally:
            lane.pump = None

    def _settler(self, batch: _Batch, doing: str) -> Callable[[asyncio.Future[Any]], None]:
        def delivered(delivery: asyncio.Future[Any]) -> None:
            if delivery.cancelled():
                self._settle(batch, Transient(f"Kafka: {doing}: the producer was stopped"))
                return
            error = delivery.exception()
            if error is None:
                self._settle(batch, None)
            elif isinstance(error, KafkaFault):
                self._settle(batch, translated(error, doing))
            else:
                self._settle(batch, Transient(f"Kafka: {doing}: {error!r}"))

        return delivered

    def _settle(self, batch: _Batch, error: ServiceError | None) -> None:
        self._waiting.pop(batch, None)
        self.in_flight -= batch.records
        self.in_flight_bytes -= batch.bytes
        self.broken = self.broken or error
        if batch.outcome.done():
            return
        if error is None:
            batch.outcome.set_result(None)
        else:
            batch.outcome.set_exception(error)
            # Nobody may be left who waits; the error was told to whoever was.
            batch.outcome.exception()
