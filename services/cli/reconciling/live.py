"""
What arrived live from one source, as history holds it or as it lies on the topic.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Final

import msgspec

from schemas.base import DAY_MS, HOUR_MS
from schemas.topics import EVENTS
from services.cli.history_door import Door, open_place
from services.cli.reconciling.exports import ReadExport
from services.history.engine import REPORTED_SQL
from services.runtime.kafka import Connection, LogReader
from services.runtime.kafka.settings import ServiceSettings
from services.runtime.settings import load_settings

__all__ = ["arrived", "from_history", "from_topic"]

_PAGE: Final = 9_000
"""Rows of one question: a history service that nobody set otherwise gives less than 10,000."""
_AT_ONCE: Final = 20_000


class _Source(msgspec.Struct):
    source: str


def arrived(read: ReadExport, place: str | None, environment: Mapping[str, str]) -> Iterator[str | bytes]:
    """
    What arrived of an export's source around its span, as history at a place holds it; None: as the topic does. Raises
    Misconfigured where the environment does not say how to reach it, Unreachable where it cannot be.
    """
    if place is not None:
        with open_place(place) as door:
            yield from from_history(door, read.source, read.export.from_ms, read.export.until_ms)
        return
    connection = load_settings(ServiceSettings, environment).kafka.connection()

    async def there() -> list[bytes]:
        return [raw async for raw in from_topic(connection, read.source, read.export.from_ms)]

    yield from asyncio.run(there())


def from_history(door: Door, source: str, from_ms: int, until_ms: int, page: int = _PAGE) -> Iterator[str]:
    """
    What history has of a source in a span, and a day before and after it, since the time may be what differs.
    """
    span: dict[str, str | int | None] = {"from_ms": from_ms - DAY_MS, "until_ms": until_ms + DAY_MS}
    after = ""
    while True:
        rows = door.rows(REPORTED_SQL, {"source": source, "after": after, "most": page, **span})
        yield from (row["raw"] for row in rows)
        if len(rows) < page:
            return
        after = rows[-1]["id"]


async def from_topic(connection: Connection, source: str, from_ms: int) -> AsyncIterator[bytes]:
    """
    What the topic of events has of a source since an hour before an instant; no event is there before it happens.
    """
    topic, of = connection.name(EVENTS.name), msgspec.json.Decoder(_Source)
    reader = LogReader(connection)
    await reader.start()
    try:
        partitions = await reader.partitions_of(topic)
        ends = await reader.end_offsets(topic, partitions)
        starts = await reader.offsets_since(topic, ends, from_ms - HOUR_MS)
        for number, end in ends.items():
            for begin in range(starts[number], end, _AT_ONCE):
                some = {number: min(end, begin + _AT_ONCE)}
                for record in await reader.read_to(topic, some, {number: begin}):
                    if record.value is not None and of.decode(record.value).source == source:
                        yield record.value
    finally:
        await reader.stop()
