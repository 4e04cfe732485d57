"""
A replay: rows of files become events, events in time order go through the engine, and what stands is added up.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from schemas.standards import Published, Standard
from services.cli.mapping_files import open_file
from services.cli.replay.figures import Figures
from services.cli.replay.folder import OutFolder
from services.cli.replay.outcomes import Standing
from services.cli.timeline import in_time_order
from services.ingest.engine.mapped import Facts, MappedEvent
from services.ingest.engine.mapping import CompiledMapping
from services.ingest.engine.rows import RejectedRow, RowReason
from services.sla.engine import (
    Attainment,
    Book,
    ClockKind,
    Event,
    EventFacts,
    Measurement,
    Partition,
    Policy,
    Record,
    Violation,
    advance,
    drain_attainment,
    fold,
)

__all__ = ["Rejections", "Replay", "Result"]

_BATCH: Final = 5_000
_FIRST_PLACES: Final = 5
_FOLDED: Final = tuple(EventFacts.__struct_fields__)

Progress = Callable[[int], None]
"""Told how many bytes of the files have been read so far."""


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


class Result(NamedTuple):
    """
    What a replay found.
    """

    rows: int
    events: int
    journeys: int
    open_journeys: int
    rejections: Rejections
    notes: Counter[str]
    figures: Figures


class Replay:
    """
    One run over files. Used once.
    """

    def __init__(
        self, mapping: CompiledMapping, standards: Iterable[Standard], by: tuple[str, ...], out: OutFolder | None
    ) -> None:
        held = list(standards)
        self._mapping = mapping
        self._book = Book.of(Published(document=one, published_at=0, published_by="replay") for one in held)
        self._out = out
        # In time order and in one process nothing is late, and one partition has no limit of record size to keep.
        self._policy = Policy(clock=ClockKind.EVENT, chunk_max_bytes=1 << 40, max_sites=1 << 30)
        self._state = Partition(self._policy)
        short = {(one.metadata.id, one.metadata.version): one.clock.short_abandon for one in held}
        self._figures = Figures(mapping.document.zone, by, short)
        self._standing = Standing(self._settle)
        self._rejections = Rejections()
        self._notes: Counter[str] = Counter()
        self._journeys: set[int] = set()
        self._facts: dict[int, tuple[Facts, EventFacts]] = {}
        self._rows = 0
        self._events = 0
        self._settled_at = 0

    def run(self, files: list[Path], progress: Progress) -> Result:
        """
        Read all files and judge their events.
        """
        ordered = in_time_order(self._read(files, progress))
        while batch := list(islice(ordered, _BATCH)):
            self._judge(batch)
        self._finish()
        return Result(
            rows=self._rows,
            events=self._events,
            journeys=len(self._journeys),
            open_journeys=self._state.gauges().open_journeys,
            rejections=self._rejections,
            notes=self._notes,
            figures=self._figures,
        )

    def _read(self, files: list[Path], progress: Progress) -> Iterator[MappedEvent]:
        before = 0
        for file in files:
            with open_file(file) as stream:
                for row in self._mapping.read(stream, str(file)):
                    if not isinstance(row, RejectedRow) or row.reason.concerns_a_row:
                        self._rows += 1
                    events = row if isinstance(row, RejectedRow) else self._mapping.events(row, str(file))
                    if isinstance(events, RejectedRow):
                        self._rejections.add(events)
                        continue
                    yield from events
                    if not self._rows % _BATCH:
                        progress(before + stream.tell())
            before += file.stat().st_size
            progress(before)

    def _judge(self, batch: list[MappedEvent]) -> None:
        base = self._events
        self._events += len(batch)
        records = [self._record(base + place, event) for place, event in enumerate(batch)]
        if self._out is not None:
            self._out.write_events(batch)
        decision = fold(self._state, records, self._book)
        for offset, reason in decision.rejected:
            event = batch[offset - base]
            self._rejections.add(
                RejectedRow(event.file, event.line, event.type, event.id, RowReason.REFUSED, "the engine refused it"),
                reason.value,
            )
        self._notes.update({reason.value: times for reason, times in decision.notes.items()})
        self._take(decision.measurements, decision.violations, decision.timed)
        # Looking through all that is held costs as much as a batch, so it is done a few times a day of the events.
        if self._state.watermark - self._settled_at >= self._policy.horizon_ms // 4:
            self._settled_at = self._state.watermark
            self._standing.settle_before(self._settled_at - 2 * self._policy.horizon_ms)

    def _take(
        self,
        measurements: list[Measurement],
        violations: list[Violation],
        timed: list[Measurement | Violation],
    ) -> None:
        self._standing.take(measurements)
        self._standing.take(violations)
        self._standing.take(timed)
        self._standing.take(drain_attainment(self._state, self._book))

    def _finish(self) -> None:
        if self._events:
            decision = advance(self._state, self._book, self._state.greatest_at)
            self._take(decision.measurements, decision.violations, decision.timed)
        self._standing.settle_before(None)

    def _settle(
        self, measurements: list[Measurement], violations: list[Violation], attainment: list[Attainment]
    ) -> None:
        for measurement in measurements:
            self._figures.add(measurement)
        if self._out is not None:
            self._out.write_outcomes(measurements, violations, attainment)

    def _record(self, offset: int, event: MappedEvent) -> Record:
        # Facts are shared by events that have the same, so their translation is, too.
        known = self._facts.get(id(event.facts))
        if known is None:
            if len(self._facts) > _BATCH:
                self._facts.clear()
            picked = {name: value for name, value in event.facts.data.items() if name in _FOLDED}
            if "promised_at" in picked:
                picked["promised_at"] = datetime.fromisoformat(picked["promised_at"])
            known = self._facts[id(event.facts)] = (event.facts, EventFacts(**picked))
        self._journeys.add(hash((event.facts.site, event.subject)))
        at = event.time_ms
        return (
            offset,
            at,
            Event(event.id, event.source, event.type, datetime.fromtimestamp(at / 1_000, UTC), known[1], event.subject),
        )
