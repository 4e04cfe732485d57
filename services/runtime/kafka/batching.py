"""
Lets a Faust agent take one fetch at a time instead of one record at a time, which is what makes it fast.

Faust spends about a hundred microseconds of CPU on each message on its way to an agent. Here the records that one fetch
brought for a partition travel as a single message, so that this cost is paid once for thousands of records. Topics stay
ordinary: one record, one event.

What is overridden is not Faust's public interface; therefore exactly one version of it is accepted (see `PINNED`), and
the contract tests look after each assumption.
"""

import asyncio
from collections.abc import Iterable, Iterator, MutableMapping
from importlib.metadata import version
from typing import ClassVar, NoReturn

import faust
from aiokafka.structs import ConsumerRecord
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport
from faust.types import TP
from mode.utils.futures import notify

from services.runtime.errors import Misconfigured, Transient, Unreachable
from services.runtime.kafka.connection import Connection
from services.runtime.kafka.records import Untyped

__all__ = ["PINNED", "BatchSchema", "BatchingConsumer", "batching_app", "fail_when_broken", "refuse_other_version"]

PINNED = "0.15.3"
"""The one version of faust-streaming whose internals this module was written and tested against."""


FETCH_WAIT_MS = 50
"""How long the broker may wait for records before it answers that there are none."""


class BatchSchema(faust.Schema):  # type: ignore[type-arg]
    """
    Hands the list of records through to the agent, undecoded: the agent's event value is that list.
    """

    def loads_key(self, app: Untyped, message: Untyped, **_options: Untyped) -> Untyped:  # noqa: ARG002  Faust calls it so
        return message.key

    def loads_value(self, app: Untyped, message: Untyped, **_options: Untyped) -> Untyped:  # noqa: ARG002  same
        return message.value


class FetchingThread(AIOKafkaConsumerThread):
    """
    The thread that fetches, asking the broker to answer soon.
    """

    def _create_worker_consumer(self, transport: Untyped) -> Untyped:
        consumer = super()._create_worker_consumer(transport)
        # Faust lets the broker hold an empty answer for a second and a half. A partition that was left out of that
        # request, because its last records had not been taken yet, would wait as long.
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS  # noqa: SLF001  set before the consumer starts and reads it
        return consumer


class BatchingConsumer(Consumer):
    """
    Faust's aiokafka consumer, with one message for each partition and fetch on the topics in `batched_topics`.

    Such a message has the offset of its last record and the list of records as its value. Faust's acknowledgements
    commit nothing on these topics, for two reasons: its bookkeeping counts single offsets, of which we see only the
    last of each fetch; and a stream acknowledges what it skips after a rebalance, which must never move the group's
    offset. The offset to commit is what the owner of the state said by `mark_done`, and nothing else.
    """

    batched_topics: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Untyped, **kwargs: Untyped) -> None:
        super().__init__(*args, **kwargs)
        self._done: MutableMapping[TP, int] = {}

    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        # A loop of the kind that the app runs on (uvloop); Faust would take the slow one of the standard library.
        thread = FetchingThread(self, loop=self.loop, thread_loop=type(self.loop)(), beacon=self.beacon)
        thread._close_thread_loop_on_stop = True  # noqa: SLF001  nobody else will
        return thread

    def mark_done(self, topic: str, partition: int, next_offset: int) -> None:
        """
        Everything below `next_offset` is dealt with and durable: the next commit says so to the group.

        Called only for a partition that has not been revoked since its records were read.
        """
        self._done[TP(topic, partition)] = next_offset

    def forget(self, topic: str, partition: int) -> None:
        """
        The partition was given away: what was marked for it is not committed any more.
        """
        self._done.pop(TP(topic, partition), None)

    async def committed(self, topic: str, partition: int) -> int | None:
        """
        The offset that the group has committed for an assigned partition, as the broker knows it; None: none yet.
        """
        consumer = self._thread._ensure_consumer()  # noqa: SLF001  Faust has no public way to ask the broker
        # Not through Faust's queue of calls to that thread, where a fetch in progress makes others wait for a second.
        asked = asyncio.run_coroutine_threadsafe(consumer.committed(TP(topic, partition)), self._thread.thread_loop)
        offset: int | None = await asyncio.wrap_future(asked)
        return offset

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Untyped:  # noqa: ASYNC109  Faust's signature
        fetched = await super()._getmany(active_partitions, timeout)
        batched = self.batched_topics
        return {
            place: [_coalesced(records)] if records and place.topic in batched else records
            for place, records in fetched.items()
        }

    def on_buffer_full(self, tp: TP) -> None:
        # Faust would stop fetching the partition and then sleep for a whole second when no other is left. The stream's
        # queue is bounded anyway: who delivers to it waits, and fetches again the moment that there is room.
        if tp.topic not in self.batched_topics:
            super().on_buffer_full(tp)

    def ack(self, message: Untyped) -> bool:
        if message.topic not in self.batched_topics:
            return bool(super().ack(message))
        message.acked = True
        self._unacked_messages.discard(message)
        notify(self._waiting_for_ack)
        return True

    def _filter_tps_with_pending_acks(self, topics: Untyped = None) -> Iterator[TP]:
        yield from super()._filter_tps_with_pending_acks(topics)
        for place in list(self._done):
            if topics is None or place in topics or place.topic in topics:
                yield place

    def _new_offset(self, tp: TP) -> int | None:
        if tp.topic in self.batched_topics:
            return self._done.get(TP(tp.topic, tp.partition))
        offset: int | None = super()._new_offset(tp)
        return offset

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        if tp.topic not in self.batched_topics:
            await super()._add_gap(tp, offset_from, offset_to)

    def verify_event_path(self, now: float, tp: TP) -> None:
        # Faust would warn that a batched topic's stream is stuck whenever a commit is further away than it expects.
        if tp.topic not in self.batched_topics:
            super().verify_event_path(now, tp)


class BatchingApp(faust.App):
    """
    A Faust App that leaves the file system alone: with no tables it has nothing to keep there.
    """

    def _create_directories(self) -> None:
        # Faust would make folders for tables where the process happens to stand, and fail where that is read-only.
        return


def _coalesced(records: list[Untyped]) -> Untyped:
    last = records[-1]
    return ConsumerRecord(
        topic=last.topic,
        partition=last.partition,
        offset=last.offset,
        timestamp=last.timestamp,
        timestamp_type=last.timestamp_type,
        key=None,
        value=records,
        checksum=None,
        serialized_key_size=-1,
        serialized_value_size=-1,
        headers=(),
    )


def refuse_other_version(installed: str) -> None:
    """
    Raise Misconfigured unless this is the version of faust-streaming that the transport was written for.
    """
    if installed != PINNED:
        raise Misconfigured(
            f"faust-streaming {installed} is installed, but the batching transport is written for {PINNED} exactly; "
            f"install faust-streaming=={PINNED}"
        )


def batching_app(
    connection: Connection,
    *,
    group: str,
    batched_topics: Iterable[str],
    session_timeout_ms: int = 10_000,
    max_records: int = 4_000,
    commit_interval_ms: int = 1_000,
) -> faust.App:
    """
    A Faust App for a group, whose agents on `batched_topics` (logical names) get one fetch at a time.

    A worker that dies is replaced after `session_timeout_ms`. `max_records` bounds how many records one fetch hands
    over, and so how long the loop is held. The app opens no web server, declares no topics and keeps no tables.
    """
    refuse_other_version(version("faust-streaming"))
    names = frozenset(connection.name(topic) for topic in batched_topics)
    consumer_class = type("BatchingConsumer", (BatchingConsumer,), {"batched_topics": names})
    transport_class = type("BatchingTransport", (Transport,), {"Consumer": consumer_class})
    app = BatchingApp(
        connection.name(group),
        **connection.faust_options(),
        autodiscover=False,
        origin=None,
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        key_serializer="raw",
        value_serializer="raw",
        store="memory://",
        broker_session_timeout=session_timeout_ms / 1000,
        broker_heartbeat_interval=session_timeout_ms / 3000,
        broker_request_timeout=max(40.0, session_timeout_ms / 1000 + 5),
        broker_commit_interval=commit_interval_ms / 1000,
        broker_max_poll_records=max_records,
        consumer_auto_offset_reset="earliest",
        # Waiting for streams to acknowledge is what kept a worker from ending; our state is saved by its owner.
        stream_wait_empty=False,
        stream_buffer_maxsize=8,
        stream_recovery_delay=0,
    )
    app.transport = transport_class(app.conf.broker_consumer, app)
    return app


async def fail_when_broken(app: faust.App) -> NoReturn:
    """
    Wait until Faust has given up, and raise why: Misconfigured or Transient. For as long as all is well this waits.
    """
    await app._crashed.wait()  # noqa: SLF001  Faust only offers waiting for the end, whatever its reason
    reason: BaseException = app.crash_reason or Unreachable("Kafka: the consumer gave up without a reason")
    if isinstance(reason, Misconfigured | Transient):
        raise reason
    raise Unreachable(f"Kafka: the consumer gave up: {reason!r}") from reason
