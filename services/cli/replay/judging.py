"""
Judging: the engine on events of the past, in the order of time and in one process, and the outcomes that stand in the
end.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from domain.standings import Standing as Stood
from schemas.base import EPOCH, MILLISECOND
from schemas.events import JOURNEY_TYPES
from schemas.standards import AnyDocument, Published
from services.cli.replay.outcomes import Settle, Standing
from services.sla.engine import (
    Book,
    ClockKind,
    Event,
    Gauges,
    Objectives,
    Partition,
    Policy,
    Reason,
    Said,
    Stages,
)

__all__ = ["BATCH", "Judging"]

BATCH: Final = 5_000
"""Events that are handed over at once."""


class Judging:
    """
    Takes events in the order of time; `settle` gets the outcomes that nothing later can change. Used once.

    Without `objectives` journeys alone are judged, which takes less time.
    """

    def __init__(self, documents: Iterable[AnyDocument], settle: Settle, *, objectives: bool = True) -> None:
        self._book = Book.of(Published(document=one, published_at=0, published_by="replay") for one in documents)
        # In time order and in one process nothing is late, and one partition has no limit of record size to keep.
        self._policy = Policy(clock=ClockKind.EVENT, chunk_max_bytes=1 << 40, max_sites=1 << 30)
        self._state = Partition(self._policy)
        self._stages = Stages(self._state, Objectives(self._policy.horizon_ms) if objectives else None)
        self._settled_windows: list[Stood] = []
        self._standing = Standing(settle)
        self._journeys: set[int] = set()
        self._settled_at = 0
        self.events = 0
        self.notes: Counter[str] = Counter()

    @property
    def journeys(self) -> int:
        return len(self._journeys)

    def gauges(self) -> Gauges:
        """
        Count what is open, and who should report; walks over all of it.
        """
        return self._state.gauges()

    @property
    def until(self) -> int:
        """
        Return the last instant that was told of, in milliseconds.
        """
        return self._state.greatest_at

    def take(self, events: Sequence[Event]) -> list[tuple[int, Reason]]:
        """
        Judge a batch; return the places in it of events that the engine refused, each with the reason.
        """
        base = self.events
        self.events += len(events)
        records = [(base + place, (one.time - EPOCH) // MILLISECOND, one) for place, one in enumerate(events)]
        self._journeys.update([hash((one.data.site, one.subject)) for one in events if one.type in JOURNEY_TYPES])
        refused: list[tuple[int, Reason]] = []
        for said in self._stages.fold(records, self._book):
            self._hold(said)
            refused += [(offset - base, reason) for offset, reason in said.decision.rejected]
        # Looking through all that is held costs as much as a batch, so it is done a few times a day of the events.
        if self._state.watermark - self._settled_at >= self._policy.horizon_ms // 4:
            self._settled_at = self._state.watermark
            self._standing.settle_before(self._settled_at - 2 * self._policy.horizon_ms)
        return refused

    def finish(self) -> None:
        """
        Settle everything, at the time of the last event.
        """
        if self.events:
            for said in self._stages.advance(self._state.greatest_at, self._book):
                self._hold(said)
        self._standing.settle_before(None)

    def standings(self) -> list[Stood]:
        """
        What every scope stands at in every window: in those of the calendar that are over, and in those of now.
        """
        return [*self._settled_windows, *self._stages.standings()]

    def _hold(self, said: Said) -> None:
        decision = said.decision
        self.notes.update({reason.value: times for reason, times in decision.notes.items()})
        self._standing.take(decision.measurements)
        self._standing.take(decision.violations)
        self._standing.take(decision.timed)
        self._standing.take(said.rows)
        self._standing.take(said.violations)
        self._settled_windows += said.settled
