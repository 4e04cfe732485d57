"""
Chunks: a site's state in parts by journey, each atomic by itself.

A chunk holds its journeys, its own counts and the last source offset that it contains, so it can be written, read back
and continued without asking any other. It is encoded to versioned bytes behind a header that can be read alone.
"""

from struct import Struct
from typing import Any, Final, NamedTuple

import msgspec

from domain.histogram import record
from schemas.base import MINUTE_MS
from services.sla.engine.book import Book, MissingCalendarError
from services.sla.engine.clocks import NEVER, run_again
from services.sla.engine.events import REOPENINGS, REVISION, Fact, Shared, attributes_again, revisions_of, share
from services.sla.engine.journeys import (
    COUNT_FIELDS,
    Journey,
    Row,
    RowKey,
    RunningClock,
    pack,
    quiet_since_of,
    unpack,
)
from services.sla.engine.rules import PRESENCE, Rule
from services.sla.engine.singles import single_of

VERSION: Final = 4
_HEADER: Final = Struct(">BHqqqqI")
_JOURNEY_BYTES: Final = 60
"""What a journey takes beside its events and clocks."""
CLOCK_BYTES: Final = 130
_ROW_BYTES: Final = 150
_VALUE_BYTES: Final = 14
"""A value in milliseconds, and how often it was counted."""
_MANY_CONTACTS: Final = 50
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder().decode
_WAYS_OUT: Final = "run the version that wrote it, or have the events read again, as docs/upgrading.md says"


class Header(NamedTuple):
    """What a chunk's bytes say before they are unfolded."""

    chunks: int
    """Into how many parts its site was split."""
    last_offset: int
    reached: int
    """The last offset of the whole partition when the chunk was written; the watermark is of that place in the log."""
    watermark: int
    """Of the partition when the chunk was written: time does not run backwards over a restart."""
    next_timer: int
    open_journeys: int


class UnreadableChunkError(ValueError):
    """
    The bytes cannot be read, and why, with what to do: going on would falsify figures, so the worker must stop.
    """


def peek(blob: bytes) -> Header:
    """Read a chunk's header. Raises UnreadableChunkError where the bytes are of another version."""
    if len(blob) < _HEADER.size or blob[0] != VERSION:
        msg = (
            f"a state chunk of version {blob[:1].hex() or 'none'} cannot be read; this engine writes version "
            f"{VERSION}: {_WAYS_OUT}"
        )
        raise UnreadableChunkError(msg)
    _, *fields = _HEADER.unpack_from(blob)
    return Header(*fields)


class Chunk:
    """One part of a site's state; mutated in place by the engine only."""

    __slots__ = (
        "dirty", "emptied", "journeys", "last_offset", "open_bytes", "part", "resting", "resting_bytes", "rows", "site",
        "values",
    )  # fmt: skip

    def __init__(self, site: str, part: int) -> None:
        """Begin an empty chunk."""
        self.site = site
        self.part = part
        self.journeys: dict[str, Journey] = {}
        self.resting: dict[str, bytes] = {}
        self.resting_bytes = 0
        self.open_bytes = 0
        self.rows: dict[RowKey, Row] = {}
        self.values = 0
        """How many different values its rows keep."""
        self.last_offset = -1
        self.dirty = False
        self.emptied = False
        """It was last written empty: what was written may be deleted."""

    def size(self) -> int:
        """Estimate the encoded size in bytes, cheaply, from above."""
        fixed = _JOURNEY_BYTES * len(self.journeys) + _ROW_BYTES * len(self.rows) + _VALUE_BYTES * self.values
        return self.resting_bytes + self.open_bytes + fixed

    def is_full_for(self, subject: str, most: int) -> bool:
        """Tell whether there is no room for a journey of which nothing is known yet."""
        return subject not in self.journeys and subject not in self.resting and self.size() >= most

    def contradicts(self, subject: str, fact: Fact) -> bool:
        """Tell whether a journey holds other content, or another type, under the identity of an event."""
        blob, journey = self.resting.get(subject), self.journeys.get(subject)
        known = [_fact(raw, {}) for raw in unpack(blob)[3]] if blob else journey.facts if journey else []
        if REVISION in fact[3] and any(one[1] != fact[1] for one in revisions_of(known, fact)):
            return True
        return any(one[2:4] == fact[2:4] and one != fact for one in known)

    def row(self, key: RowKey) -> Row:
        """Return the counts of a rule, queue and minute, new where there were none."""
        row = self.rows.get(key)
        if row is None:
            row = self.rows[key] = Row(key, [0] * COUNT_FIELDS)
        return row

    def keep(self, row: Row, value: int, sign: int) -> None:
        """Keep a value that was counted in a row, or with ``sign`` -1 take it out again."""
        held = row.values = row.values or {}
        self.values -= len(held)
        record(held, value, sign)
        self.values += len(held)

    def drop(self, row: Row) -> None:
        """Forget a row that no clock can change any more."""
        del self.rows[row.key]
        self.values -= len(row.values or ())

    def rest(self, journey: Journey) -> None:
        """Fold an ended journey into bytes."""
        blob = pack(journey)
        self._close(journey)
        self.resting[journey.subject] = blob
        self.resting_bytes += len(blob) + len(journey.subject)

    def rouse(self, subject: str, book: Book, shared: Shared) -> Journey:
        """Unfold a resting journey because an event about it came."""
        blob = self.resting.pop(subject)
        self.resting_bytes -= len(blob) + len(subject)
        journey = self.journeys[subject] = self._unfold(blob, book, shared, attach=False)
        self.open_bytes += journey.weight
        return journey

    def forget(self, now: int, horizon: int, book: Book) -> bool:
        """
        Drop the journeys that have been over for longer than the horizon; tell whether there were any.

        One that never said it ended counts as over after a horizon of silence.
        """
        before = now - horizon
        stale = [subject for subject, blob in self.resting.items() if quiet_since_of(blob) < before]
        for subject in stale:
            blob = self.resting.pop(subject)
            self.resting_bytes -= len(blob) + len(subject)
            self._release(self._unfold(blob, book, {}, attach=False))
        idle = [
            journey
            for journey in self.journeys.values()
            # The last event alone tells for most that they are too young, at a tenth of the price.
            if journey.timer == NEVER
            and journey.facts[-1][0] < before
            and journey.quiet_since() < (before if journey.has_ended() else before - horizon)
        ]
        for journey in idle:
            self._close(journey)
            self._release(journey)
        return bool(stale or idle)

    def let_go(self, journey: Journey, before: int) -> None:
        """Forget a customer's contacts that were decided before an instant, once there are many; figures stand."""
        facts = journey.facts
        if len(facts) < _MANY_CONTACTS or facts[0][0] >= before:
            return
        over = [clock for clock in journey.clocks if clock.run.ended and clock.run.ended_at < before]
        for clock in over:
            clock.row.refs -= 1
        held = {id(clock) for clock in over}
        journey.clocks = tuple(clock for clock in journey.clocks if id(clock) not in held)
        oldest = min([clock.run.started_at for clock in journey.clocks], default=before)
        journey.facts = [fact for fact in facts if fact[0] >= min(oldest, before)] or facts[-1:]
        light = journey.weight * (len(facts) - len(journey.facts)) // len(facts)
        journey.weight, self.open_bytes = journey.weight - light, self.open_bytes - light
        journey.arrival = journey.facts[0]

    def _close(self, journey: Journey) -> None:
        del self.journeys[journey.subject]
        self.open_bytes -= journey.weight

    def _release(self, journey: Journey) -> None:
        for clock in journey.clocks:
            clock.row.refs -= 1

    def empty(self) -> bool:
        """Tell whether nothing is remembered here any more."""
        return not (self.journeys or self.resting or self.rows)

    def encode(self, watermark: int, chunks: int, reached: int) -> bytes:
        """Write the chunk as bytes: header, then counts, open journeys and resting ones."""
        for journey in [j for j in self.journeys.values() if j.may_rest()]:
            self.rest(journey)
        timers = [j.timer for j in self.journeys.values() if j.timer != NEVER]
        header = _HEADER.pack(
            VERSION, chunks, self.last_offset, reached, watermark, min(timers, default=NEVER), len(timers)
        )
        rows = [
            (*key, row.counts, row.rev_offset, row.rev_watermark, row.left_ms, row.values or None)
            for key, row in self.rows.items()
        ]
        return header + _encode((rows, [pack(j) for j in self.journeys.values()], self.resting))

    def restore(self, blob: bytes, book: Book, shared: Shared) -> None:
        """Read the chunk from its bytes. Raises UnreadableChunkError."""
        self.last_offset = peek(blob).last_offset
        try:
            self._read(blob, book, shared)
        except MissingCalendarError as error:
            msg = f"chunk {self.part} of site {self.site} has clocks that run in the hours of {error}"
            raise UnreadableChunkError(msg) from error
        except (msgspec.DecodeError, ValueError, TypeError, LookupError) as error:
            msg = f"chunk {self.part} of site {self.site} is damaged ({error}): {_WAYS_OUT}"
            raise UnreadableChunkError(msg) from error
        self.emptied = self.empty()

    def _read(self, blob: bytes, book: Book, shared: Shared) -> None:
        rows, journeys, resting = _decode(blob[_HEADER.size :])
        for rule_key, queue, minute, counts, rev_offset, rev_watermark, left_ms, values in rows:
            key = (rule_key, queue, minute)
            self.rows[key] = Row(key, counts, rev_offset, rev_watermark, left_ms=left_ms, values=values)
            self.values += len(values or ())
        for packed in journeys:
            journey = self._unfold(packed, book, shared, attach=True)
            self.journeys[journey.subject] = journey
            self.open_bytes += journey.weight
        self.resting = resting
        for subject, packed in resting.items():
            self.resting_bytes += len(packed) + len(subject)
            self._unfold(packed, book, {}, attach=True)

    def _unfold(self, blob: bytes, book: Book, shared: Shared, *, attach: bool) -> Journey:
        """Put a packed journey together; ``attach`` counts it into its rows (a rousing one never left them)."""
        subject, arrival, rule_keys, raw_facts, raw_clocks, timer = unpack(blob)
        facts = [_fact(raw, shared) for raw in raw_facts]
        reopened = any(fact[1] in REOPENINGS for fact in facts)
        journey = Journey(
            subject,
            facts,
            facts[arrival],
            book.coverage_again(rule_keys),
            (),
            reopened,
            len(blob),
            timer,
        )
        clocks = []
        for rule_key, cycle, terms, run, seen, violation, at_risk, turn, hold, wake, said in raw_clocks:
            rule = book.rules.get(rule_key)
            if rule is None:
                continue
            held_run = run_again(run)
            about = single_of(facts, held_run, turn) if rule.each else journey.arrival
            key = row_key(rule, about)
            row = self.row(key)
            if attach:
                row.refs += 1
            held = rule.terms.again(terms, book.hours)
            clocks.append(
                RunningClock(rule, cycle, held, row, held_run, seen, violation, at_risk, turn, hold, wake, said)
            )
        journey.clocks = tuple(clocks)
        return journey


def row_key(rule: Rule, about: Fact) -> RowKey:
    """
    Say where a run counts: by rule, queue and minute, of the journey's arrival or of an event that stands for itself.
    """
    if rule.watches == PRESENCE:
        return (rule.key, None, 0)
    at = about[0]
    return (rule.key, about[4][0], at - at % MINUTE_MS)


def _fact(raw: list[Any], shared: Shared) -> Fact:
    at, rank, source, ident, attributes = raw
    return (at, rank, source, ident, share(shared, attributes_again(attributes))[0])
