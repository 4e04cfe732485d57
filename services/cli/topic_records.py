"""
A topic as the command line reads it: every record from the first that is kept to the last that was there when it began.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from services.runtime.kafka import Connection, LogReader, Record

__all__ = ["records_to_end"]

_FETCHES_AHEAD: Final = 4


async def records_to_end(connection: Connection, topic: str) -> AsyncIterator[Record]:
    """
    Give the records of a topic, by its logical name, partition by partition as they come, up to what is in it now.
    """
    name = connection.name(topic)
    reader = LogReader(connection)
    await reader.start()
    try:
        spans = {number: span for number, span in (await reader.spans_of(name)).items() if span}
        if not spans:
            return
        open_ends = {number: span.stop for number, span in spans.items()}
        batches: asyncio.Queue[list[Record]] = asyncio.Queue(_FETCHES_AHEAD)
        following = asyncio.get_running_loop().create_task(
            reader.follow(name, {number: span.start for number, span in spans.items()}, batches)
        )
        try:
            while open_ends:
                for record in await _next(batches, following):
                    end = open_ends.get(record.partition)
                    if end is None or record.offset >= end:
                        continue
                    if record.offset == end - 1:
                        del open_ends[record.partition]
                    yield record
        finally:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
    finally:
        await reader.stop()


async def _next(batches: "asyncio.Queue[list[Record]]", following: asyncio.Task[None]) -> list[Record]:
    waiting = asyncio.get_running_loop().create_task(batches.get())
    await asyncio.wait([waiting, following], return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():
        waiting.cancel()
        await following
    return await waiting
