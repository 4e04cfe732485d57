"""
Reading: rows of files become events in the order of time, and what does not fit is counted with its place.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from services.cli.mapping_files import open_file
from services.cli.replay.judging import BATCH
from services.cli.timeline import in_time_order
from services.ingest.engine.mapped import MappedEvent
from services.ingest.engine.mapping import CompiledMapping
from services.ingest.engine.rows import RejectedRow, RowReason
from services.sla.engine import Reason

__all__ = ["Progress", "Reading", "Rejections"]

_FIRST_PLACES: Final = 5

Progress = Callable[[int], None]
"""Told how many bytes have been read so far."""


class Rejections:
    """
    What was rejected: how often for each reason, and where first.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.first: dict[str, list[RejectedRow]] = {}

    def add(self, row: RejectedRow, reason: str | None = None) -> None:
        """
        Count one; `reason` stands for the row's own where the engine gave it.
        """
        name = reason or row.reason.value
        self.counts[name] += 1
        first = self.first.setdefault(name, [])
        if len(first) < _FIRST_PLACES:
            first.append(row)

    def refuse(self, batch: Sequence[MappedEvent], refused: Sequence[tuple[int, Reason]]) -> None:
        """
        Count those of a batch that the engine refused.
        """
        for place, reason in refused:
            event = batch[place]
            self.add(
                RejectedRow(event.file, event.line, event.type, event.id, RowReason.REFUSED, "the engine refused it"),
                reason.value,
            )


class Reading:
    """
    The events of some files, read once through a mapping.
    """

    def __init__(
        self, mapping: CompiledMapping, files: Sequence[Path], progress: Progress, rejections: Rejections
    ) -> None:
        self.rows = 0
        self.rejections = rejections
        self._mapping = mapping
        self._files = files
        self._progress = progress

    def batches(self) -> Iterator[list[MappedEvent]]:
        """
        Yield all events by their time, in pieces that the engine takes at once.
        """
        ordered = in_time_order(self._events())
        while batch := list(islice(ordered, BATCH)):
            yield batch

    def _events(self) -> Iterator[MappedEvent]:
        before = 0
        for file in self._files:
            with open_file(file) as stream:
                for row in self._mapping.read(stream, str(file)):
                    if not isinstance(row, RejectedRow) or row.reason.concerns_a_row:
                        self.rows += 1
                    events = row if isinstance(row, RejectedRow) else self._mapping.events(row, str(file))
                    if isinstance(events, RejectedRow):
                        self.rejections.add(events)
                        continue
                    yield from events
                    if not self.rows % BATCH:
                        self._progress(before + stream.tell())
            before += file.stat().st_size
            self._progress(before)
