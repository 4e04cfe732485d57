"""
A bridge from MQTT to ingest: messages become rows, rows become events, events are sent, and only then is a message
acknowledged.
"""

import asyncio
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Final, Protocol

import httpx
import msgspec

from schemas.base import format_instant
from schemas.decoding import NOT_READABLE
from services.cli.sending import HttpSender
from services.cli.stopping import on_signals
from services.ingest.engine.mapped import encode_event
from services.ingest.engine.mapping import CompiledMapping
from services.ingest.engine.rows import RejectedRow
from services.runtime.clock import Clock
from services.runtime.mqtt import Message

__all__ = ["Bridge", "Source", "run_bridge"]

_AT_ONCE: Final = 500
_LOOK_SECONDS: Final = 1.0
_FOR_EVER: Final = 10**9


class Source(Protocol):
    """
    Where messages come from.
    """

    def start(self) -> None: ...

    def take(self, most: int, seconds: float) -> list[Message]: ...

    def acknowledge(self, messages: Sequence[Message]) -> None: ...

    def wake(self) -> None: ...

    def stop(self) -> None: ...


class Bridge:
    """
    Turns messages into events by a mapping, and counts; `put_aside` is given what does not fit, `tell` what people
    should know.
    """

    def __init__(
        self,
        mapping: CompiledMapping,
        clock: Clock,
        put_aside: Callable[[RejectedRow], object],
        tell: Callable[[str], object],
    ) -> None:
        self.tell = tell
        self._mapping = mapping
        self._clock = clock
        self._put_aside = put_aside
        self.messages = self.events = self.rejected = self.refused = 0

    def events_of(self, messages: Sequence[Message]) -> list[msgspec.Raw]:
        """
        The events of some messages, in their order.
        """
        now = format_instant(self._clock.now_ms())
        found: list[msgspec.Raw] = []
        for message in messages:
            self.messages += 1
            for row in self._mapping.read(BytesIO(_line(message, now)), message.topic):
                events = row if isinstance(row, RejectedRow) else self._mapping.events(row, message.topic)
                if isinstance(events, RejectedRow):
                    self.rejected += 1
                    self._put_aside(events)
                    self.tell(str(events))
                else:
                    found += [msgspec.Raw(encode_event(event)) for event in events]
        self.events += len(found)
        return found

    def told(self) -> str:
        """
        What was done, in one line.
        """
        return (
            f"{self.messages:,} messages, {self.events:,} events, {self.rejected:,} messages that do not fit, "
            f"{self.refused:,} events refused"
        )


async def run_bridge(bridge: Bridge, source: Source, url: str, token: str | None) -> None:
    """
    Work until SIGTERM or SIGINT. Ingest is waited for, however long it is away: the broker keeps what comes meanwhile.
    """
    stop = asyncio.Event()

    def end() -> None:
        stop.set()
        source.wake()

    with on_signals(end):
        source.start()
        try:
            async with httpx.AsyncClient() as client:
                sender = HttpSender(client, url, token, patience_attempts=_FOR_EVER, tell=bridge.tell)
                while not stop.is_set():
                    messages = await asyncio.to_thread(source.take, _AT_ONCE, _LOOK_SECONDS)
                    await _carry(bridge, sender, source, messages, stop)
        finally:
            source.stop()


async def _carry(
    bridge: Bridge, sender: HttpSender, source: Source, messages: Sequence[Message], stop: asyncio.Event
) -> None:
    events = bridge.events_of(messages)
    for first in range(0, len(events), _AT_ONCE):
        sending = asyncio.ensure_future(sender.send(events[first : first + _AT_ONCE]))
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait([sending, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not sending.done():
            # Not acknowledged: it comes again when the bridge does.
            sending.cancel()
            return
        sending.result()
    bridge.refused = sender.answers.refused
    source.acknowledge(messages)


def _line(message: Message, now: str) -> bytes:
    """
    One JSON object in one line. A payload that is JSON stays as it was written: 4.50 does not become 4.5.
    """
    payload = message.payload
    try:
        msgspec.json.decode(payload)
    except NOT_READABLE:
        payload = msgspec.json.encode(payload.decode(errors="replace"))
    # Inside JSON, ends of lines stand between values only.
    payload = payload.replace(b"\r", b" ").replace(b"\n", b" ")
    levels = {str(place): level for place, level in enumerate(message.topic.split("/"), 1)}
    about = msgspec.json.encode({"topic": message.topic, "level": levels, "received": now})
    return about[:-1] + b',"payload":' + payload + b"}\n"
