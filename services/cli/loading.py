"""
Loading: rows become events, events go out in batches, and everything that happened to them is counted.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from services.cli.mapping_files import open_file
from services.cli.timeline import in_time_order as by_time
from services.ingest.engine.mapped import MappedEvent, encode_event
from services.ingest.engine.mapping import CompiledMapping
from services.ingest.engine.rows import RejectedRow, Row

__all__ = ["BATCH", "Loading", "Summary", "mapped_rows"]

BATCH: Final = 500
"""Events that travel together, and rejected rows that are looked after together."""
_FIRST_PLACES: Final = 5
_MOST_KINDS: Final = 50
_OTHERS: Final = "of other kinds"


class Summary:
    """
    What became of the rows and their events.
    """

    def __init__(self) -> None:
        self.rows = self.events = self.accepted = self.duplicates = self.refused = self.repeated = 0
        self.refused_by_reason: Counter[str] = Counter()
        self.rejected_by_reason: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        """Rows that fit and yield no event, by their kind."""
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

    def pass_over(self, kind: str) -> None:
        """
        Count a row that yields no event.
        """
        known = kind in self.passed_over or len(self.passed_over) < _MOST_KINDS
        self.passed_over[kind if known else _OTHERS] += 1

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
        if self.passed_over:
            kinds = ", ".join(
                f"{count:,} × {kind}" if kind else f"{count:,}" for kind, count in self.passed_over.most_common()
            )
            yield f"passed over, since no event is meant: {kinds}"
        if self.rejected:
            yield f"{self.rejected:,} rows do not fit the mapping:"
        for reason, count in sorted(self.rejected_by_reason.items()):
            yield f"  rejected: {count:,} × {reason}"
        for row in self.first:
            yield f"    {row}"


def mapped_rows(
    mapping: CompiledMapping, stream: BinaryIO, file: str, summary: Summary, lines_before: int = 0
) -> Iterator[list[MappedEvent] | RejectedRow]:
    """
    What each row of a file becomes, counted; rejected rows say their line, `lines_before` the stream included.
    """
    for row in mapping.read(stream, file):
        found = row if isinstance(row, RejectedRow) else mapping.events(row, file)
        summary.rows += not isinstance(found, RejectedRow) or found.reason.concerns_a_row
        if isinstance(found, RejectedRow):
            found = found._replace(line=found.line + lines_before)
            summary.reject(found)
        elif not found and isinstance(row, Row):
            summary.pass_over(mapping.kind_of(row))
        yield found


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
        """Rejected since somebody last looked: for the dead letters."""
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
            if len(batch) >= BATCH or event is None:
                yield batch
                batch = []
        yield batch

    def _events(self) -> Iterator[MappedEvent | None]:
        done = 0
        for file in self._files:
            with open_file(file) as stream:
                for events in mapped_rows(self._mapping, stream, str(file), self.summary):
                    if isinstance(events, RejectedRow):
                        self._put_aside(events)
                        self.aside.append(events)
                        if len(self.aside) >= BATCH:
                            yield None
                        continue
                    yield from events
                    if not self.summary.rows % BATCH:
                        rejected = f"{self.summary.rejected:,} rejected" if self.summary.rejected else ""
                        self._progress(done + stream.tell(), rejected)
            done += file.stat().st_size
