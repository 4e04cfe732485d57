"""
How the laws run the engine: one partition from its first record to its end, and the books that are kept of what it
said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import msgspec

from domain.metrics import Counts
from services.sla.engine import (
    Attainment,
    Book,
    Decision,
    Measurement,
    Outcome,
    Partition,
    Policy,
    Reason,
    Record,
    Violation,
    advance,
    drain_attainment,
    encode_outcome,
    fold,
    peek,
)

DETECTION = ("rev_offset", "rev_watermark", "detected_at", "as_of", "late", "reason")
"""What depends on when one looked."""


@dataclass
class Ledger:
    """
    The outcomes as a store keeps them: of each id the greatest revision.
    """

    said: list[Outcome] = field(default_factory=list)
    rejected: list[tuple[int, Reason]] = field(default_factory=list)
    notes: dict[Reason, int] = field(default_factory=dict)
    by_id: dict[str, Outcome] = field(default_factory=dict)

    def take(self, decision: Decision) -> None:
        self.rejected += decision.rejected
        for reason, count in decision.notes.items():
            self.notes[reason] = self.notes.get(reason, 0) + count
        self.keep([*decision.measurements, *decision.violations])
        self.keep(decision.timed)

    def keep(self, outcomes: Iterable[Outcome]) -> None:
        for one in outcomes:
            self.said.append(one)
            held = self.by_id.get(one.id)
            if held is not None and revision(held) == revision(one):
                assert held == one, "two contents under one revision"
            if held is None or revision(held) <= revision(one):
                self.by_id[one.id] = one

    def measurements(self) -> dict[str, dict[str, Any]]:
        return {i: facts(o) for i, o in self.by_id.items() if isinstance(o, Measurement) and o.state == "standing"}

    def violations(self) -> dict[str, dict[str, Any]]:
        return {
            i: facts(o)
            for i, o in self.by_id.items()
            if isinstance(o, Violation) and o.kind == "journey" and o.state != "retracted"
        }

    def attainment(self) -> dict[str, dict[str, Any]]:
        """Minutes in which anything was counted."""
        rows = {i: o for i, o in self.by_id.items() if isinstance(o, Attainment)}
        return {i: facts(o) for i, o in rows.items() if any(counts_of(o)) or o.total or o.n}

    def standing(self) -> tuple[dict[str, Any], ...]:
        return self.measurements(), self.violations(), self.attainment()


def revision(outcome: Outcome) -> tuple[int, int]:
    return outcome.rev_offset, outcome.rev_watermark


def counts_of(row: Attainment) -> tuple[int, ...]:
    return tuple(getattr(row, name) for name in Counts._fields)


def facts(outcome: Outcome) -> dict[str, Any]:
    """An outcome without what depends on when one looked."""
    return {k: v for k, v in msgspec.to_builtins(outcome).items() if k not in DETECTION}


def run(
    policy: Policy, book: Book, records: Sequence[Record], *, until: int | None = None, parts: Sequence[int] = ()
) -> tuple[Partition, Ledger]:
    """Fold the records, in one piece or cut before each index in ``parts``; then let time pass."""
    state, ledger = Partition(policy), Ledger()
    marks = [0, *sorted(parts), len(records)]
    for start, end in pairwise(marks):
        ledger.take(fold(state, records[start:end], book))
        ledger.keep(drain_attainment(state, book))
    finish(state, book, ledger, until)
    return state, ledger


def finish(state: Partition, book: Book, ledger: Ledger, until: int | None) -> None:
    if until is not None:
        ledger.take(advance(state, book, until))
        ledger.keep(drain_attainment(state, book))


class Written:
    """
    The checkpoints of one partition, as the worker's store keeps them.
    """

    def __init__(self) -> None:
        self.blobs: dict[str, dict[int, bytes]] = {}

    def save(self, state: Partition) -> None:
        for site, part in state.dirty():
            blob = state.encode(site, part)
            if blob:
                self.blobs.setdefault(site, {})[part] = blob
            else:
                self.blobs.get(site, {}).pop(part, None)

    def open(self, policy: Policy, book: Book, *, eager: bool) -> Partition:
        state = Partition(policy)
        for site, parts in self.blobs.items():
            for part, blob in parts.items():
                state.register(site, part, peek(blob))
        state.loader = lambda site: list(self.blobs.get(site, {}).items())
        if eager:
            for site in self.blobs:
                state.site(site, book)
        return state


def wire(outcomes: Iterable[Outcome]) -> list[bytes]:
    return [encode_outcome(one) for one in outcomes]
