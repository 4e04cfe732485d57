"""
Both stages behind one another in one process: events become rows of attainment, rows become verdicts on objectives.

For replays, backtests and scenarios. At every minute boundary the first stage stands exactly there and the second one
has all its rows, so a verdict knows what one could know then and nothing of what came after, however many records are
given at once. On the live line the second stage reads the topic of attainment instead.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.standings import Standing
from schemas.base import EPOCH, MILLISECOND, MINUTE_MS
from services.sla.engine.book import Book
from services.sla.engine.clocks import NEVER
from services.sla.engine.fold import Record, advance, fold
from services.sla.engine.objectives import Objectives, take
from services.sla.engine.objectives import advance as advance_objectives
from services.sla.engine.outcomes import Attainment, Decision, Violation
from services.sla.engine.partition import ClockKind, Partition, drain_attainment


class Said(NamedTuple):
    """What both stages say of a stretch of the log or of time."""

    decision: Decision
    rows: list[Attainment]
    violations: list[Violation]
    settled: list[Standing]


class Stages:
    """A partition and the objectives of its rows; without objectives the first stage alone."""

    def __init__(self, partition: Partition, objectives: Objectives | None) -> None:
        """Begin with what each stage remembers."""
        self.partition = partition
        self.objectives = objectives

    def fold(self, records: Iterable[Record], book: Book) -> Iterator[Said]:
        """Take records in the order of their offsets, visiting each minute boundary between them."""
        if self.objectives is None:
            yield self._said(fold(self.partition, records, book), book)
            return
        waiting: list[Record] = []
        boundary = self._boundary()
        greatest = self.partition.greatest_at
        for record in records:
            greatest, now = self._time(record, greatest)
            if boundary <= now:
                if waiting:
                    yield self._said(fold(self.partition, waiting, book), book)
                    waiting = []
                yield from self._pass(now, book)
                boundary = now - now % MINUTE_MS + MINUTE_MS
            waiting.append(record)
        if waiting:
            yield self._said(fold(self.partition, waiting, book), book)

    def advance(self, now: int, book: Book) -> Iterator[Said]:
        """Let time pass up to ``now`` with nothing heard, visiting each minute boundary."""
        if self.objectives is not None:
            yield from self._pass(now, book)
        yield self._said(advance(self.partition, book, now), book)

    def standings(self) -> list[Standing]:
        """Say what every scope stands at in every window."""
        return [] if self.objectives is None else self.objectives.standings()

    def _pass(self, now: int, book: Book) -> Iterator[Said]:
        """Visit the boundaries up to ``now`` at which the first stage may say something; the second visits all."""
        partition, last = self.partition, now - now % MINUTE_MS
        if partition.watermark == NEVER:
            return
        while partition.watermark < last:
            timer = partition.next_timer()
            due = last if timer is None else min(last, max(-(-timer // MINUTE_MS) * MINUTE_MS, self._boundary()))
            yield self._said(advance(partition, book, due), book)

    def _said(self, decision: Decision, book: Book) -> Said:
        rows = drain_attainment(self.partition, book)
        # Before the first plausible instant there are no boundaries to visit, and no row to judge at one.
        if self.objectives is None or self.partition.watermark == NEVER:
            return Said(decision, rows, [], [])
        take(self.objectives, rows, book)
        return Said(decision, rows, *advance_objectives(self.objectives, book, self.partition.watermark))

    def _boundary(self) -> int:
        watermark = self.partition.watermark
        return watermark - watermark % MINUTE_MS + MINUTE_MS

    def _time(self, record: Record, greatest: int) -> tuple[int, int]:
        """The time to which the first stage advances before it takes a record."""
        policy = self.partition.policy
        _, timestamp, event = record
        if policy.clock is ClockKind.WALL:
            return greatest, timestamp
        at = (event.time - EPOCH) // MILLISECOND
        greatest = at if greatest < at <= timestamp + policy.future_ms else greatest
        return greatest, greatest - policy.lateness_ms


__all__ = ["Said", "Stages"]
