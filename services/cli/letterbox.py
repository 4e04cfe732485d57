"""
The dead letter topic as the command line sees it: letters one after the other, chosen by filters, and sent back.
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from schemas.raw import SEALED
from schemas.topics import DEAD_LETTERS, EVENTS, EVENTS_IN
from services.cli.topic_records import records_to_end
from services.ingest.shell.identities import Identities
from services.ingest.shell.sealing import NotReadable, Original, unsealed
from services.runtime.clock import Clock
from services.runtime.deadletter import DeadLetter, read_dead_letter, replay_headers
from services.runtime.kafka import Connection
from services.runtime.kafka.acknowledging import AcknowledgingProducer, Outgoing

__all__ = ["Choice", "Found", "destination", "letters", "send_back", "source_of"]

_SLICE: Final = 500
_MAPPING: Final = "mapping"
_NO_STORE: Final = "sealed, and the store of identities is not on this machine"


@dataclass(frozen=True)
class Found:
    """
    One letter and its place in the dead letter topic.
    """

    partition: int
    offset: int
    written_at: int
    letter: DeadLetter
    unreadable: str = ""
    """Why what it holds cannot be read, where it cannot: erased, or sealed by a store that is elsewhere."""

    @property
    def place(self) -> str:
        return f"{self.partition}/{self.offset}"

    @property
    def origin(self) -> str:
        """
        Where the refused came from: file and line, or topic, partition and offset; else it came over HTTP.
        """
        letter = self.letter
        if letter.file:
            return f"{letter.file}:{letter.line}"
        if letter.origin is None:
            return "http"
        return f"{letter.origin.topic}/{letter.origin.partition}/{letter.origin.offset}"


@dataclass(frozen=True)
class Choice:
    """
    Which letters are wanted: what is None or empty does not matter. Times are ms, `until` excluded; `source` is the
    beginning of the event's source.
    """

    reasons: Sequence[str] = ()
    stages: Sequence[str] = ()
    source: str | None = None
    since: int | None = None
    until: int | None = None
    place: str | None = None
    attempts_below: int | None = None

    def takes(self, found: Found) -> bool:
        letter = found.letter
        return (
            (not self.reasons or letter.reason in self.reasons)
            and (not self.stages or letter.stage in self.stages)
            and (self.since is None or found.written_at >= self.since)
            and (self.until is None or found.written_at < self.until)
            and (self.place is None or found.place == self.place)
            and (self.attempts_below is None or letter.attempt < self.attempts_below)
            and (self.source is None or (source_of(letter) or "").startswith(self.source))
        )


def source_of(letter: DeadLetter) -> str | None:
    """
    Return the `source` that a refused event claimed, where one can be read.
    """
    for name, value in letter.headers:
        if name.lower() == "ce_source" and value is not None:
            return value.decode(errors="replace")
    try:
        event = json.loads(letter.value or b"")
    except (ValueError, RecursionError):
        return None
    source = event.get("source") if isinstance(event, dict) else None
    return source if isinstance(source, str) else None


def destination(letter: DeadLetter, connection: Connection) -> str | None:
    """
    Return the topic (cluster name) to send a letter back to; None for a row of a file or
    a payload of a webhook, which is no event yet.

    Events go in by the door of direct writers, since only ingest writes validated events; anything else returns
    to where it was read.
    """
    if letter.stage == _MAPPING:
        return None
    if letter.origin is None or letter.origin.topic == connection.name(EVENTS.name):
        return connection.name(EVENTS_IN.name)
    return letter.origin.topic


async def letters(connection: Connection, choice: Choice, store: Identities | None) -> AsyncIterator[Found]:
    """
    Give the chosen letters, up to what is in the topic now; a record that is no letter of ours is passed over. What is
    sealed is opened where `store`, the store of identities, has the key.
    """
    async for record in records_to_end(connection, DEAD_LETTERS.name):
        letter = read_dead_letter(record.key, record.value, record.headers)
        if letter is None:
            continue
        opened, unreadable = _opened(letter, store)
        found = Found(record.partition, record.offset, record.timestamp, opened, unreadable)
        if choice.takes(found):
            yield found


def _opened(letter: DeadLetter, store: Identities | None) -> tuple[DeadLetter, str]:
    if SEALED not in letter.headers:
        return letter, ""
    found: Original | NotReadable | None = None
    if store is not None:
        found = unsealed(store, letter.key, letter.value, letter.headers)
    if isinstance(found, Original):
        return replace(letter, key=found.key, value=found.value, headers=found.headers), ""
    return replace(letter, value=None), _NO_STORE if found is None else found.value


async def send_back(connection: Connection, clock: Clock, chosen: Sequence[tuple[str, Found]]) -> None:
    """
    Send letters to the given topics: key, value and original headers as they came, and how often they have failed.
    """
    producer = AcknowledgingProducer(connection, clock)
    await producer.start(sorted({topic for topic, _ in chosen}))
    try:
        for start in range(0, len(chosen), _SLICE):
            await producer.publish(
                [
                    Outgoing(topic, found.letter.key, found.letter.value, replay_headers(found.letter))
                    for topic, found in chosen[start : start + _SLICE]
                ]
            )
    finally:
        await producer.stop()
