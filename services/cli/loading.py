"""
Loading: rows become events, events go out in batches, and everything that happened to them is counted.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from schemas.topics import DEAD_LETTERS, EVENTS_IN
from services.cli.mapping_files import open_file
from services.cli.rejected_rows import dead_letter_of
from services.cli.timeline import in_time_order as by_time
from services.ingest.engine.mapped import MappedEvent, encode_event
from services.ingest.engine.mapping import CompiledMapping
from services.ingest.engine.rows import RejectedRow
from services.runtime.clock import Clock
from services.runtime.kafka import BatchProducer, Connection

__all__ = ["Loading", "Summary", "to_http", "to_kafka"]

_BATCH: Final = 500
_MOST_WAITING: Final = 50_000
_FIRST_PLACES: Final = 5
_SPREAD: Final = 64
"""Keys that batches take turns with, so that they are spread over the partitions."""
_STRUCTURED: Final = (("content-type", b"application/cloudevents+json"),)


class Summary:
    """
    What became of the rows and their events.
    """

    def __init__(self) -> None:
        self.rows = self.events = self.accepted = self.duplicates = self.refused = self.repeated = 0
        self.refused_by_reason: Counter[str] = Counter()
        self.rejected_by_reason: Counter[str] = Counter()
        self.first: list[RejectedRow] = []
        self.unlike_files = 0

    @property
    def rejected(self) -> int:
        """
        Rows, or whole files, that did not fit.
        """
        return sum(self.rejected_by_reason.values())

    def reject(self, row: RejectedRow) -> None:
        """
        Count a row that does not fit.
        """
        self.rejected_by_reason[row.reason.value] += 1
        self.unlike_files += not row.reason.concerns_a_row
        if len(self.first) < _FIRST_PLACES:
            self.first.append(row)

    def told(self, elapsed_ms: int) -> Iterator[str]:
        """
        Say it in lines.
        """
        rate = f", {self.events * 1_000 // elapsed_ms:,} events/s" if elapsed_ms else ""
        yield f"{self.rows:,} rows, {self.events:,} events in {elapsed_ms / 1_000:.1f} s{rate}"
        yield f"{self.accepted:,} accepted, {self.duplicates:,} twice in a request, {self.refused:,} refused"
        for reason, count in sorted(self.refused_by_reason.items()):
            yield f"  refused: {count:,} × {reason}"
        if self.repeated:
            yield f"{self.repeated:,} requests were sent again; ids come from content, so a copy changes nothing"
        if self.rejected:
            yield f"{self.rejected:,} rows do not fit the mapping:"
        for reason, count in sorted(self.rejected_by_reason.items()):
            yield f"  rejected: {count:,} × {reason}"
        for row in self.first:
            yield f"    {row}"


class Loading:
    """
    The events of some files, read once, with what does not fit put aside.
    """

    def __init__(
        self,
        mapping: CompiledMapping,
        files: list[Path],
        progress: Callable[[int, str], None],
        summary: Summary,
        put_aside: Callable[[RejectedRow], None],
        *,
        in_time_order: bool,
    ) -> None:
        self.summary = summary
        self.encoding = mapping.document.table.encoding
        self.aside: list[RejectedRow] = []
        """Rejected since somebody last looked, where `bury` asks for them: for the dead letters."""
        self.bury = False
        self._mapping = mapping
        self._files = files
        self._progress = progress
        self._put_aside = put_aside
        self.in_time_order = in_time_order

    def batches(self) -> Iterator[list[bytes]]:
        """
        The events as JSON, at most 500 at a time; none, where so many rows were rejected that somebody should look.
        """
        events = self._events()
        if self.in_time_order:
            events = by_time(event for event in events if event is not None)
        batch: list[bytes] = []
        for event in events:
            if event is not None:
                batch.append(encode_event(event))
                self.summary.events += 1
            if len(batch) >= _BATCH or event is None:
                yield batch
                batch = []
        yield batch

    def _events(self) -> Iterator[MappedEvent | None]:
        done = 0
        for file in self._files:
            with open_file(file) as stream:
                for row in self._mapping.read(stream, str(file)):
                    self.summary.rows += not isinstance(row, RejectedRow) or row.reason.concerns_a_row
                    events = row if isinstance(row, RejectedRow) else self._mapping.events(row, str(file))
                    if isinstance(events, RejectedRow):
                        self.summary.reject(events)
                        self._put_aside(events)
                        if self.bury:
                            self.aside.append(events)
                            if len(self.aside) >= _BATCH:
                                yield None
                        continue
                    yield from events
                    if not self.summary.rows % _BATCH:
                        rejected = f"{self.summary.rejected:,} rejected" if self.summary.rejected else ""
                        self._progress(done + stream.tell(), rejected)
            done += file.stat().st_size


async def to_http(loading: Loading, url: str, token: str | None, in_flight: int) -> None:
    """
    Send all events to ingest, several requests at a time, in their order but for those. Raises Transient where it
    stays away.
    """
    import httpx  # noqa: PLC0415  (half a second that --kafka does without)

    from services.cli.sending import HttpSender, Window  # noqa: PLC0415  (same)

    summary = loading.summary
    async with httpx.AsyncClient() as client:
        sender = HttpSender(client, url, token, tell=lambda text: sys.stderr.write(text + "\n"))
        try:
            async with Window(sender.send, in_flight) as window:
                for batch in loading.batches():
                    if batch:
                        await window.put([msgspec.Raw(one) for one in batch])
        finally:
            said = sender.answers
            summary.accepted, summary.duplicates = said.accepted, said.duplicates
            summary.refused, summary.repeated = said.refused, said.repeated_requests
            summary.refused_by_reason.update(said.refused_by_reason)


async def to_kafka(loading: Loading, connection: Connection, clock: Clock) -> None:
    """
    Write all events to the topic that ingest reads, and rejected rows to the dead letters.

    The key only spreads batches over partitions: ingest puts each event under its site. In time order there is one
    key, since ingest reads partitions at different speeds.
    """
    events, dead = connection.name(EVENTS_IN.name), connection.name(DEAD_LETTERS.name)
    producer = BatchProducer(connection)
    await producer.start([events, dead])
    loading.bury = True
    spread = 1 if loading.in_time_order else _SPREAD
    try:
        for place, batch in enumerate(loading.batches()):
            for event in batch:
                producer.put(events, str(place % spread).encode(), event, headers=_STRUCTURED)
            buried = _bury(loading, producer, dead, clock)
            if producer.in_flight >= _MOST_WAITING or buried >= _BATCH:
                await producer.flush()
            else:
                await asyncio.sleep(0)
        _bury(loading, producer, dead, clock)
        await producer.flush()
        loading.summary.accepted = loading.summary.events
    finally:
        await producer.stop()


def _bury(loading: Loading, producer: BatchProducer, dead: str, clock: Clock) -> int:
    buried = len(loading.aside)
    for row in loading.aside:
        letter = dead_letter_of(row, loading.encoding, clock.now_ms())
        producer.put(dead, letter.key, letter.value, headers=letter.all_headers(), partition=0)
    loading.aside.clear()
    return buried
