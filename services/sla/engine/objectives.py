"""
Objectives: what the rows of attainment add up to in each scope and window, judged at every minute boundary.

Rows may come in any order and more than once: of two with one id the later revision counts, and what the earlier one
had counted is taken out again. Verdicts here are live: they say what the rows that had come by then said, are opened
and closed, and never retracted. Visiting each boundary, and not each call, makes them the same however often one asks.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from domain.standings import Standing
from schemas.base import HOUR_MS, MINUTE_MS
from services.sla.engine.book import Book
from services.sla.engine.exclusions import Excluded, exclusions_of, names_of
from services.sla.engine.judging_scopes import judge
from services.sla.engine.ledgers import Counts, Ledger
from services.sla.engine.objective_rules import ObjectiveRule, compile_objective, in_force_until
from services.sla.engine.open_time import open_time_of
from services.sla.engine.outcomes import Attainment, Violation
from services.sla.engine.scopes import scopes_of, zone_of
from services.sla.engine.shapes import Values
from services.sla.engine.standing import stand, stands

VERSION: Final = 2
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder().decode

Lane = tuple[str, str, str | None]
"""(rule, site, queue): whose rows replace one another minute by minute."""


class Held(NamedTuple):
    """A row as it was last counted."""

    rev_offset: int
    rev_watermark: int
    counts: Counts
    values: Values = ()
    """Where the objective is held to a percentile: those that count in it."""

    @property
    def left_out(self) -> bool:
        """Whether an exclusion covers it."""
        return not self.counts[1] and self.counts[3] > 0


_NOTHING: Final = Held(-1, -1, (0, 0, 0, 0))


class Verdicts(NamedTuple):
    """What the passing of time brought: violations opened and closed, and windows of the calendar that are final."""

    violations: list[Violation]
    settled: list[Standing]


class UnreadableObjectivesError(ValueError):
    """The bytes were not written by this version of the engine: continuing would falsify figures."""


class Objectives:
    """All that is remembered of objectives; mutated in place by ``take`` and ``advance`` only."""

    def __init__(self, horizon_ms: int) -> None:
        """Begin empty. ``horizon_ms`` is how long the rows' own engine remembers an ended journey."""
        self.horizon_ms = horizon_ms
        self.now: int | None = None
        """The last minute boundary that was visited."""
        self.lanes: dict[Lane, dict[int, Held]] = {}
        self.excluded: tuple[Excluded, ...] = ()
        self.ledgers: dict[tuple[str, str], Ledger] = {}
        self.too_old = 0
        """Rows about a minute so long ago that it is no longer corrected here."""
        self.rules: dict[str, ObjectiveRule] = {}
        self._book: Book | None = None
        self._ends: dict[str, int] = {}

    def read(self, book: Book) -> None:
        """Take notice of a book; what it leaves out now, or no longer, is counted anew as far as rows are kept."""
        if book is self._book:
            return
        self._book = book
        self._ends = {rule.key: in_force_until(book, rule) for rule in book.rules.values()}
        for ledger in self.ledgers.values():
            ledger.hours = open_time_of(ledger.rule, ledger.scope, book)
        excluded = exclusions_of(book)
        if excluded != self.excluded:
            self.excluded = excluded
            for lane, rows in self.lanes.items():
                for minute, held in rows.items():
                    counts = self.weigh(lane, minute, held.counts[2:], book)
                    if counts != held.counts:
                        self.count(lane, minute, held._replace(counts=counts), book)

    def rule(self, key: str, book: Book) -> ObjectiveRule | None:
        """Return the compiled objective of a standard's version; None where the book does not hold it."""
        held = self.rules.get(key)
        if held is None and key in book.rules:
            held = self.rules[key] = compile_objective(book.rules[key], self.horizon_ms)
        return held

    def weigh(self, lane: Lane, minute: int, figure: tuple[int, int], book: Book) -> Counts:
        """Say what a row counts for: nothing where it is left out, though it is still shown."""
        if self.excluded:
            names = names_of(self.rules[lane[0]].id, lane[1], lane[2], book)
            if any(one.covers(minute, names) for one in self.excluded):
                return (0, 0, *figure)
        return (*figure, *figure)

    def count(self, lane: Lane, minute: int, held: Held, book: Book) -> None:
        """Put a row in the place of what was held of it, in all of its scopes."""
        rows, rule, now = self.lanes.setdefault(lane, {}), self.rules[lane[0]], self.now or 0
        before = rows.get(minute, _NOTHING)
        rows[minute] = held
        good, total, all_good, all_total = (new - old for new, old in zip(held.counts, before.counts, strict=True))
        for scope in scopes_of(rule.scopes, lane[1], lane[2], book):
            ledger = self.ledgers.get((rule.key, scope.name))
            if ledger is None:
                ledger = self.ledgers[rule.key, scope.name] = Ledger(rule, scope, zone_of(book, scope), now)
                ledger.hours = open_time_of(rule, scope, book)
            ledger.count(minute, (good, total, all_good, all_total), now)
            ledger.spread(minute, before.values, left_out=before.left_out, sign=-1)
            ledger.spread(minute, held.values, left_out=held.left_out)

    def in_force(self, ledger: Ledger, now: int) -> bool:
        """Tell whether journeys that arrive now are still judged by a ledger's version."""
        return now <= self._ends.get(ledger.rule.key, 0)

    def standings(self) -> list[Standing]:
        """Say what every scope stands at in every window."""
        now = self.now or 0
        return [one for key in sorted(self.ledgers) for one in stands(self.ledgers[key], now)]

    def encode(self) -> bytes:
        """Write all that is remembered as bytes, the same for the same state."""
        lanes = [
            [list(lane), [[minute, *self.lanes[lane][minute]] for minute in sorted(self.lanes[lane])]]
            for lane in sorted(self.lanes, key=lambda one: (one[0], one[1], one[2] or "", one[2] is None))
        ]
        ledgers = [[key[0], self.ledgers[key].written()] for key in sorted(self.ledgers)]
        return bytes([VERSION]) + _encode([self.horizon_ms, self.now, self.too_old, lanes, ledgers])

    @classmethod
    def decode(cls, blob: bytes, book: Book) -> "Objectives":
        """Read what was written. Raises UnreadableObjectivesError where the bytes are of another version."""
        if blob[:1] != bytes([VERSION]):
            msg = f"objectives of version {blob[:1].hex() or 'none'} cannot be read; this engine writes {VERSION}"
            raise UnreadableObjectivesError(msg)
        horizon_ms, now, too_old, lanes, ledgers = _decode(blob[1:])
        state = cls(horizon_ms)
        state.now, state.too_old = now, too_old
        for lane, rows in lanes:
            if state.rule(lane[0], book) is not None:
                held = {
                    minute: Held(offset, watermark, tuple(counts), tuple((value, times) for value, times in values))
                    for minute, offset, watermark, counts, values in rows
                }
                state.lanes[lane[0], lane[1], lane[2]] = held
        for key, written in ledgers:
            rule = state.rule(key, book)
            if rule is not None:
                ledger = Ledger.restored(rule, written, now)
                ledger.hours = open_time_of(rule, ledger.scope, book)
                state.ledgers[key, ledger.scope.name] = ledger
        return state


def take(state: Objectives, rows: Iterable[Attainment], book: Book) -> None:
    """Take rows of attainment; what they change is judged at the next minute boundary."""
    come = list(rows)
    if state.now is None and come:
        state.now = min(row.minute for row in come)
    state.read(book)
    for row in come:
        rule = state.rule(f"{row.standard}@{row.version}", book)
        if rule is not None:
            _take_row(state, rule, row, book)


def _take_row(state: Objectives, rule: ObjectiveRule, row: Attainment, book: Book) -> None:
    if row.minute < (state.now or 0) - rule.correctable_ms:
        state.too_old += 1
        return
    lane = (rule.key, row.site, row.queue)
    held = state.lanes.get(lane, {}).get(row.minute)
    if held is None or held[:2] < (row.rev_offset, row.rev_watermark):
        counts = state.weigh(lane, row.minute, (row.good, row.total), book)
        state.count(lane, row.minute, Held(row.rev_offset, row.rev_watermark, counts, row.distribution), book)


def advance(state: Objectives, book: Book, now: int) -> Verdicts:
    """Let time pass up to ``now`` (milliseconds), visiting each minute boundary in order; time never goes back."""
    until = now - now % MINUTE_MS
    if state.now is None:
        state.now = until
    state.read(book)
    said = Verdicts([], [])
    while state.now < until:
        if not state.ledgers:
            state.now = until
            break
        state.now += MINUTE_MS
        _visit(state, state.now, said)
    return said


def _visit(state: Objectives, at: int, said: Verdicts) -> None:
    for key in sorted(state.ledgers):
        ledger = state.ledgers[key]
        ledger.move(at)
        said.violations.extend(judge(ledger, at, in_force=state.in_force(ledger, at)))
    if at % HOUR_MS == 0:
        _forget(state, at, said)


def _forget(state: Objectives, at: int, said: Verdicts) -> None:
    for key, ledger in sorted(state.ledgers.items()):
        for calendar in ledger.calendars:
            for closed in calendar.settle(at - ledger.rule.correctable_ms):
                said.settled.append(stand(ledger, calendar.window, closed.period, closed.sums, at))
        ledger.trim(at)
        if ledger.idle() or (not ledger.open and not state.in_force(ledger, at) and ledger.buckets.empty()):
            del state.ledgers[key]
    for lane, rows in list(state.lanes.items()):
        before = at - state.rules[lane[0]].correctable_ms
        for minute in [minute for minute in rows if minute < before]:
            del rows[minute]
        if not rows:
            del state.lanes[lane]


__all__ = ["Objectives", "UnreadableObjectivesError", "Verdicts", "advance", "take"]
