"""
Stored webhooks, mapped again: what each becomes by a connector as it is now, counted and sent like any event.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Final

from schemas.topics import EVENTS_IN, RAW
from services.cli.topic_records import records_to_end
from services.ingest.engine.connector import CompiledConnector, MappedPayload, PassedOver, RejectedPayload
from services.ingest.engine.mapped import encode_event
from services.ingest.engine.modes import STRUCTURED
from services.ingest.engine.stored import read_stored
from services.ingest.shell.identities import Identities
from services.ingest.shell.sealing import NotReadable, unsealed
from services.runtime.clock import Clock
from services.runtime.kafka import Connection, Record
from services.runtime.kafka.acknowledging import AcknowledgingProducer, Outgoing

__all__ = ["Remapping", "remap"]

_SLICE: Final = 500
_FIRST_PLACES: Final = 5


class Remapping:
    """
    Maps records of the topic of raw bodies, those of one connector, and counts what they became.
    """

    def __init__(
        self, connector: CompiledConnector, identities: Identities, source: str | None, since: int | None
    ) -> None:
        self._connector = connector
        self._identities = identities
        self._source = source
        self._since = since
        self.bodies = self.payloads = self.passed_over = self.events = 0
        self.unreadable: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.first: list[str] = []

    @property
    def rejected(self) -> int:
        """
        Payloads that do not fit the connector.
        """
        return self.reasons.total()

    def events_of(self, record: Record) -> list[bytes]:
        """
        The events that a record becomes, as JSON.
        """
        original = unsealed(self._identities, record.key, record.value, record.headers)
        if isinstance(original, NotReadable):
            self.unreadable[original.value] += 1
            return []
        stored = read_stored(original.value, [*record.headers, *original.headers])
        if (
            stored is None
            or stored.connector != self._connector.id
            or (self._source is not None and stored.delivered.source != self._source)
            or (self._since is not None and stored.delivered.received_at < self._since)
        ):
            return []
        self.bodies += 1
        made: list[bytes] = []
        for outcome in self._connector.outcomes(stored.delivered):
            self.payloads += 1
            if isinstance(outcome, MappedPayload):
                made += [encode_event(event) for event in outcome.events]
            elif isinstance(outcome, PassedOver):
                self.passed_over += 1
            else:
                self._reject(record, outcome)
        self.events += len(made)
        return made

    def keep(self) -> None:
        """
        Keep the pseudonyms that were made; to be called before events with them are sent.
        """
        self._identities.commit()

    def told(self) -> Iterator[str]:
        """
        Say it in lines.
        """
        yield f"{self.bodies:,} bodies, {self.payloads:,} payloads, {self.passed_over:,} passed over"
        for reason, count in sorted(self.unreadable.items()):
            yield f"{count:,} bodies cannot be read: {reason}"
        yield f"{self.events:,} events"
        for reason, count in sorted(self.reasons.items()):
            yield f"  rejected: {count:,} × {reason}"
        for place in self.first:
            yield f"    {place}"

    def _reject(self, record: Record, rejected: RejectedPayload) -> None:
        self.reasons[rejected.reason] += 1
        if len(self.first) < _FIRST_PLACES:
            place = f"{record.topic}/{record.partition}/{record.offset}, payload {rejected.place}"
            self.first.append(f"{place}: {rejected.where}: {rejected.detail}")


async def remap(connection: Connection, remapping: Remapping, clock: Clock, *, send: bool) -> None:
    """
    Map everything that is stored now, and with `send` hand the events to ingest by the door of direct writers.
    """
    topic = connection.name(EVENTS_IN.name)
    async with contextlib.AsyncExitStack() as running:
        producer: AcknowledgingProducer | None = None
        if send:
            producer = AcknowledgingProducer(connection, clock)
            await producer.start([topic])
            running.push_async_callback(producer.stop)
        waiting: list[Outgoing] = []
        async for record in records_to_end(connection, RAW.name):
            waiting += [Outgoing(topic, record.key, event, STRUCTURED) for event in remapping.events_of(record)]
            if len(waiting) >= _SLICE:
                await _send(producer, remapping, waiting)
        await _send(producer, remapping, waiting)


async def _send(producer: AcknowledgingProducer | None, remapping: Remapping, waiting: list[Outgoing]) -> None:
    if producer is not None:
        remapping.keep()
        await producer.publish(waiting)
    waiting.clear()
