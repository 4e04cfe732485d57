"""
Journeys: what is remembered of one customer's contact, and how it is kept small.

An open journey is an object; one that ended becomes a short run of bytes that is unfolded again when a late event or a
copy comes.
"""

from typing import Any, Final

import msgspec

from domain.metrics import Counts
from services.sla.engine.book import Coverage
from services.sla.engine.clocks import NEVER, Run
from services.sla.engine.events import ARRIVALS, ENDINGS, LAST_OF_LIFE, REOPENINGS, Fact
from services.sla.engine.rules import CUSTOMER, JOURNEY, PRESENCE, Rule
from services.sla.engine.steps import Path
from services.sla.engine.terms import Terms

MOST_EVENTS: Final = 500
"""A journey's events beyond this are refused as ``journey_full``: no customer's contact has so many."""

OWN: Final = "\x01"
"""What begins the keys that the engine itself makes up: no subject of a real journey begins so."""
END_OF_OWN: Final = "\x02"
"""All keys before it are the engine's."""
OF_EVENT: Final = OWN + "e"
OF_CUSTOMER: Final = OWN + "c"
OF_PRESENCE: Final = OWN + "p"
WATCHES: Final = {OF_EVENT: JOURNEY, OF_CUSTOMER: CUSTOMER, OF_PRESENCE: PRESENCE}


def own_key(watched: str, of: str, name: str) -> str:
    """Make up the key of what is watched beside the journeys; whatever is in the names, no two have the same."""
    return f"{watched}{len(of)}\n{of}{name}"


OF_DUTY: Final = own_key(OF_PRESENCE, "duty", "")
"""How the keys begin of employees on duty, of whom, too, only the last sign is kept."""


def parts_of(key: str) -> tuple[str, str]:
    """Return of what, and whose name, a key is that ``own_key`` made."""
    length, _, rest = key[2:].partition("\n")
    return rest[: int(length)], rest[int(length) :]


def name_of(subject: str) -> str:
    """Name a journey as outcomes do: an event without one by its id, a customer and who should report by theirs."""
    return parts_of(subject)[1] if subject < END_OF_OWN else subject


VIOLATION_NONE: Final = 0
VIOLATION_OPEN: Final = 1
VIOLATION_CLOSED: Final = 2
VIOLATION_RETRACTED: Final = 3

_BLOB_TIME_BYTES: Final = 8
_SIGN: Final = 1 << 63


RowKey = tuple[str, str | None, int]
"""Rule, queue and the first instant of a minute."""


class Row(msgspec.Struct, gc=False):
    """
    The counts of one rule, queue and minute in one chunk, with the revision of the last change and how many clocks may
    change it.
    """

    key: RowKey
    """Kept once here, for all clocks that count in it."""
    counts: list[int]
    rev_offset: int = -1
    rev_watermark: int = NEVER
    refs: int = 0
    left_ms: int = 0
    """How long those who left had waited together, in milliseconds: it says how patient they are."""
    values: dict[int, int] | None = None
    """Of a standard that is held to a percentile: how often each value was counted."""


COUNT_FIELDS: Final = len(Counts._fields)


class RunningClock(msgspec.Struct, gc=False):
    """One rule's clock in one cycle of a journey: its run, what was said about it, and where it counts."""

    rule: Rule
    cycle: int
    terms: Terms
    row: Row
    run: Run
    seen: int = NEVER
    violation: int = VIOLATION_NONE
    at_risk: bool = False
    turn: int = 0
    """How often its clock had ended before in this cycle; 0 for a clock that does not repeat."""
    hold: int = NEVER
    """Where its start was received after its limit had passed: until when absence is not judged."""
    wake: int = NEVER
    """When time alone must look at it again: the run's own instant, put off by delay and hold."""
    said: bool = False
    """A measurement stands."""
    path: Path | None = None
    """How far the steps of a sequence were followed; not written."""
    moved: bool = False
    """Its journey's arrival changed, so whatever stands must be said again; never true between two judgements."""


UNCOVERED: Final = Coverage.of(())


class Journey(msgspec.Struct, gc=False):
    """One customer's contact: its events in order, which of them is the arrival, and its clocks."""

    subject: str
    facts: list[Fact]
    arrival: Fact
    coverage: Coverage = UNCOVERED
    clocks: tuple[RunningClock, ...] = ()
    reopened: bool = False
    weight: int = 0
    """Bytes that its events take when written, counted from above."""
    timer: int = NEVER
    """The earliest instant at which one of its clocks must be looked at again."""

    def quiet_since(self) -> int:
        """When the latest thing about it happened: an event, or the end of one of its clocks."""
        return max([self.facts[-1][0], *(clock.run.ended_at for clock in self.clocks)])

    @property
    def watched(self) -> str:
        """What it is kept for: itself, the contacts of one customer, or the signs of one who should report."""
        return WATCHES[self.subject[:2]] if self.subject < END_OF_OWN else JOURNEY

    def has_ended(self) -> bool:
        """Tell whether the latest event of its life is one that ends a journey; opinions and sales may come later."""
        return next((rank in ENDINGS for _, rank, *_ in reversed(self.facts) if rank <= LAST_OF_LIFE), True)

    def may_rest(self) -> bool:
        """Tell whether it ended and time alone can change nothing any more; who is on duty is asked for at any time."""
        return self.timer == NEVER and self.has_ended() and not self.subject.startswith(OF_DUTY)


def find_arrival(facts: list[Fact]) -> Fact:
    """Find the event that counts as the arrival: the first of an arriving type, else the first of all."""
    for fact in facts:
        if fact[1] in ARRIVALS:
            return fact
    return facts[0]


def split_cycles(facts: list[Fact]) -> list[list[Fact]]:
    """Cut the events where the journey was re-opened; each re-opening begins the next cycle."""
    cycles: list[list[Fact]] = [[]]
    for fact in facts:
        if fact[1] in REOPENINGS:
            cycles.append([])
        cycles[-1].append(fact)
    return cycles


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder().decode


def pack(journey: Journey) -> bytes:
    """Write a journey as bytes; ``quiet_since_of`` reads the first eight without unfolding the rest."""
    clocks = [
        (
            c.rule.key, c.cycle, c.terms.key, c.run, c.seen, c.violation, c.at_risk, c.turn, c.hold, c.wake, c.said,
        )
        for c in journey.clocks
    ]  # fmt: skip
    facts = journey.facts
    body = _encode(
        (
            journey.subject,
            facts.index(journey.arrival),
            [r.key for r in journey.coverage.rules],
            facts,
            clocks,
            journey.timer,
        )
    )
    return (journey.quiet_since() + _SIGN).to_bytes(_BLOB_TIME_BYTES, "big") + body


def quiet_since_of(blob: bytes) -> int:
    """When the latest thing about a packed journey happened."""
    return int.from_bytes(blob[:_BLOB_TIME_BYTES], "big") - _SIGN


Packed = tuple[str, int, list[str], list[Any], list[Any], int]


def unpack(blob: bytes) -> Packed:
    """Read the parts of a packed journey; the chunk puts them together, for it owns the rows and knows the book."""
    return _decode(blob[_BLOB_TIME_BYTES:])  # type: ignore[no-any-return] # what pack wrote
