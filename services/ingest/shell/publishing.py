"""
Hands records to the broker: the one thing that HTTP and the topic of direct writers need from Kafka.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Final, Protocol

from services.ingest.engine import Accepted
from services.ingest.engine.modes import STRUCTURED
from services.runtime.errors import ServiceError, Transient, Unreachable
from services.runtime.kafka import Headers
from services.runtime.kafka.acknowledging import Outgoing
from services.runtime.logs import logger

__all__ = ["BrokerPublisher", "Producer", "Publisher", "event_record"]

_LOOK_SECONDS: Final = 0.5


class Said(StrEnum):
    """
    The log events of this file.
    """

    CONNECTED = "broker_connected"
    AWAY = "broker_away"
    REPLACED = "broker_producer_replaced"


class Publisher(Protocol):
    """
    `publish` returns once all the records are acknowledged; whatever it raises, none of them may be called accepted.

    `check` raises what `publish` would raise for want of a broker (Unreachable) or of room (Overloaded). `in_flight` is
    how many records wait.
    """

    @property
    def in_flight(self) -> int: ...

    async def publish(self, records: Iterable[Outgoing]) -> None: ...

    def check(self) -> None: ...


class Producer(Publisher, Protocol):
    """
    A publisher with a connection of its own, which is made, lost and given up. Once `broken` says why, it takes nothing
    more for good.
    """

    broken: ServiceError | None

    async def start(self, topics: Sequence[str]) -> None: ...

    async def stop(self) -> None: ...

    def waiting_ms(self) -> int: ...


class BrokerPublisher:
    """
    A publisher that outlives its connection: refuses with Unreachable while there is none, and makes a new one where
    the old one broke or nothing was acknowledged for `give_up_ms`, since a client library may not recover from
    everything that a broker does. What waits in the old one is lost with it, which its senders were told already.
    """

    def __init__(self, make: Callable[[], Producer], topics: Sequence[str], *, give_up_ms: int = 30_000) -> None:
        self._make = make
        self._topics = topics
        self._give_up_ms = give_up_ms
        self._producer: Producer | None = None
        self._log = logger("ingest.publisher")

    @property
    def in_flight(self) -> int:
        return self._producer.in_flight if self._producer else 0

    def missing(self) -> list[str]:
        """
        Say for readiness what stands between a request and the broker.
        """
        try:
            self.check()
        except Transient as error:
            return [str(error)]
        return []

    def check(self) -> None:
        if self._producer is None:
            raise Unreachable("Kafka: not connected")
        self._producer.check()

    async def publish(self, records: Iterable[Outgoing]) -> None:
        if self._producer is None:
            raise Unreachable("Kafka: not connected")
        await self._producer.publish(records)

    async def keep_connected(self, stop: asyncio.Event) -> None:
        """
        Connect, and connect anew where that is needed, until `stop` is set; then let what waits end.
        """
        told = False
        while not stop.is_set():
            producer = self._make()
            try:
                await producer.start(self._topics)
            except Transient as error:
                if not told:
                    self._log.warning(Said.AWAY, reason=str(error))
                    told = True
                await _pause(stop)
                continue
            told = False
            self._log.info(Said.CONNECTED)
            self._producer = producer
            try:
                await self._watch(producer, stop)
            finally:
                self._producer = None
                with contextlib.suppress(ServiceError):
                    await producer.stop()

    async def _watch(self, producer: Producer, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if producer.broken is not None or producer.waiting_ms() > self._give_up_ms:
                why = str(producer.broken or "nothing was acknowledged")
                self._log.error(Said.REPLACED, reason=why, waited_ms=producer.waiting_ms())
                return
            await _pause(stop)


async def _pause(stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), _LOOK_SECONDS)


def event_record(topic: str, event: Accepted, headers: Headers = STRUCTURED) -> Outgoing:
    """
    Return the record of an accepted event: structured, which its headers say, keyed by site.
    """
    return Outgoing(topic, event.site.encode(), event.value, headers)
