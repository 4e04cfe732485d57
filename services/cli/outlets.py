"""
Outlets: where the events of files leave the command line, over HTTP or for the topic that ingest reads.

`send` returns once everything is acknowledged. Where it raises, some of it may have arrived; ids come from content, so
sending it again changes nothing.
"""

import asyncio
import contextlib
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, Self

import msgspec

from schemas.topics import EVENTS_IN
from services.cli.loading import Summary
from services.cli.rejected_rows import dead_letter_of
from services.cli.shown_token import read_token
from services.ingest.engine.modes import STRUCTURED
from services.ingest.engine.rows import RejectedRow
from services.runtime.clock import Clock
from services.runtime.errors import ServiceError
from services.runtime.kafka import BatchProducer, Connection
from services.runtime.kafka.settings import ServiceSettings
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from services.cli.sending import HttpSender

__all__ = ["HttpOutlet", "KafkaOutlet", "Outlet", "Way", "open_outlet"]

_MOST_WAITING: Final = 50_000
_MOST_ASIDE: Final = 500
_SPREAD: Final = 64
"""Keys that batches take turns with, so that they are spread over the partitions."""

Batches = Iterable[list[bytes]]


class Outlet(Protocol):
    """
    Takes batches of encoded events, and rows that did not fit meanwhile, which `aside` holds.
    """

    async def send(self, batches: Batches, aside: list[RejectedRow]) -> None: ...


class HttpOutlet:
    """
    Sends batches to ingest, several requests at a time, in their order but for those.
    """

    def __init__(self, sender: "HttpSender", summary: Summary, in_flight: int) -> None:
        self._sender = sender
        self._summary = summary
        self._in_flight = in_flight

    async def send(self, batches: Batches, aside: list[RejectedRow]) -> None:
        """
        Send all; rows set aside are the caller's, since ingest has no place for them. Raises Transient where it stays
        away, Misconfigured where it takes none of it.
        """
        from services.cli.sending import Window  # noqa: PLC0415  (half a second that --kafka does without)

        try:
            async with Window(self._sender.send, self._in_flight) as window:
                for batch in batches:
                    aside.clear()
                    if batch:
                        await window.put([msgspec.Raw(one) for one in batch])
        finally:
            said, summary = self._sender.answers, self._summary
            summary.accepted, summary.duplicates = said.accepted, said.duplicates
            summary.refused, summary.repeated = said.refused, said.repeated_requests
            summary.refused_by_reason = Counter(said.refused_by_reason)


class KafkaOutlet:
    """
    Writes events to the topic that ingest reads, and rows that do not fit, too: they may name people, and ingest alone
    can seal them on their way to the dead letters.

    The key only spreads batches over partitions: ingest puts each event under its site. In time order there is one
    key, since ingest reads partitions at different speeds.
    """

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        encoding: str,
        summary: Summary,
        *,
        in_time_order: bool = False,
        connect: Callable[[Connection], BatchProducer] = BatchProducer,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._connect = connect
        self._encoding = encoding
        self._summary = summary
        self._spread = 1 if in_time_order else _SPREAD
        self._events = connection.name(EVENTS_IN.name)
        self._producer: BatchProducer | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._producer is not None:
            with contextlib.suppress(ServiceError):
                await self._producer.stop()

    async def send(self, batches: Batches, aside: list[RejectedRow]) -> None:
        """
        Send all, and bury what is set aside meanwhile. Raises Transient where the brokers stay away; the next call
        connects anew.
        """
        if self._producer is None:
            producer = self._connect(self._connection)
            await producer.start([self._events])
            self._producer = producer
        try:
            await self._send(self._producer, batches, aside)
        except ServiceError:
            failed, self._producer = self._producer, None
            with contextlib.suppress(ServiceError):
                await failed.stop()
            raise

    async def _send(self, producer: BatchProducer, batches: Batches, aside: list[RejectedRow]) -> None:
        sent = 0
        for place, batch in enumerate(batches):
            for event in batch:
                producer.put(self._events, str(place % self._spread).encode(), event, headers=STRUCTURED)
            sent += len(batch)
            if producer.in_flight >= _MOST_WAITING or self._bury(producer, aside) >= _MOST_ASIDE:
                await producer.flush()
            else:
                await asyncio.sleep(0)
        self._bury(producer, aside)
        await producer.flush()
        self._summary.accepted += sent

    def _bury(self, producer: BatchProducer, aside: list[RejectedRow]) -> int:
        buried = len(aside)
        for row in aside:
            letter = dead_letter_of(row, self._encoding, self._clock.now_ms())
            producer.put(self._events, letter.key, letter.value, headers=letter.all_headers(), partition=0)
        aside.clear()
        return buried


class Way(NamedTuple):
    """
    Which way events go, as the options of a command say it.
    """

    kafka: bool
    url: str
    token_file: Path | None
    in_flight: int = 4
    """Requests under way at once."""
    attempts: int = 60
    """Of each request, half a second apart, before ingest is called away."""
    in_time_order: bool = False


@contextlib.asynccontextmanager
async def open_outlet(
    way: Way, encoding: str, summary: Summary, clock: Clock, tell: Callable[[str], object]
) -> AsyncIterator[Outlet]:
    """
    Open the way out. `encoding` is that of rows that do not fit; `tell` hears why it has to wait.
    """
    if way.kafka:
        connection = load_settings(ServiceSettings, os.environ).kafka.connection()
        async with KafkaOutlet(connection, clock, encoding, summary, in_time_order=way.in_time_order) as outlet:
            yield outlet
        return
    import httpx  # noqa: PLC0415  (as above)

    from services.cli.sending import HttpSender  # noqa: PLC0415  (as above)

    token = read_token(way.token_file)
    async with httpx.AsyncClient() as client:
        sender = HttpSender(client, way.url, token, patience_attempts=way.attempts, tell=tell)
        yield HttpOutlet(sender, summary, 1 if way.in_time_order else way.in_flight)
