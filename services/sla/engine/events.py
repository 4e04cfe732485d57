"""
Service events as the engine reads them: decoded from a validated record with as little work as can be.

Ingest has validated every field at the edge (``schemas.events``); here only what a verdict may rest on is picked out.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from schemas.base import EPOCH, MILLISECOND
from schemas.events import JOURNEY_TYPES, LIFE_ORDER

# The topic is not ingest's alone to write: what would be beyond the bounds of state, or of time, is no event.
_Text = Annotated[str, msgspec.Meta(max_length=256)]
_Key = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]


_Number = Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]
_Weight = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class ItemFacts(msgspec.Struct, gc=False, frozen=True):
    """One point of a checklist as it was seen."""

    category: _Text
    result: _Text
    weight: _Weight = 1
    critical: bool = False


_Items = Annotated[tuple[ItemFacts, ...], msgspec.Meta(max_length=200)]


class EventFacts(msgspec.Struct, gc=False):
    """The attributes of an event that standards may ask about."""

    site: _Key
    queue: _Text | None = None
    channel: _Text | None = None
    service: _Text | None = None
    segment: _Text | None = None
    priority: _Text | None = None
    employee: _Text | None = None
    team: _Text | None = None
    actor: _Text | None = None
    outcome: _Text | None = None
    milestone: _Text | None = None
    reason: _Text | None = None
    sender: _Text | None = None
    recipient: _Text | None = None
    closing: bool | None = None
    to_site: _Text | None = None
    to_queue: _Text | None = None
    to_employee: _Text | None = None
    kind: _Text | None = None
    severity: _Text | None = None
    topic: _Text | None = None
    state: _Text | None = None
    instrument: _Text | None = None
    observer: _Text | None = None
    checklist: _Text | None = None
    survey: _Text | None = None
    score: _Number | None = None
    scale: _Number | None = None
    items: _Items | int | None = None
    """Of a checklist its items; of a sale how many articles, which nothing here asks for."""
    customer: _Text | None = None
    promised_at: _Instant | None = None


class Event(msgspec.Struct, gc=False):
    """One service event: its identity (source, id), what happened when, and to which journey."""

    id: _Text
    source: _Text
    type: str
    time: _Instant
    data: EventFacts
    subject: _Key | None = None
    revision: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] = 0
    """Of events with one identity the one of the highest revision stands."""


TYPE_NAMES: Final = tuple(LIFE_ORDER)
"""Event types by rank: the rank is the place in the life of a journey and stands for the type in state."""

ATTRIBUTES: Final = (
    "queue", "channel", "service", "segment", "priority", "employee", "team", "actor", "outcome", "milestone", "reason",
)  # fmt: skip
RARE: Final = (
    "sender", "recipient", "closing", "to_site", "to_queue", "to_employee", "kind", "severity", "topic", "state",
    "instrument", "observer", "checklist", "survey",
)  # fmt: skip
"""Attributes that few types of events have; they stand behind the others, as one."""
PROMISED_AT: Final = len(RARE)
"""Place of the promised instant (milliseconds, as text) among the rare attributes."""
SCORE: Final = PROMISED_AT + 1
"""Place of the score, in hundredths as text; behind it the scale's end, and the items of a checklist as JSON."""
MORE: Final = len(ATTRIBUTES)
"""Place of the rare attributes among the others."""

Rare = tuple[str | None, ...]
Attributes = tuple[Any, ...]
"""
The values of ``ATTRIBUTES`` in their order and behind them those of ``RARE`` with the promise, or None where the event
has none of these; shared between the events that have the same.
"""

Fact = tuple[int, int, str, str, Attributes]
"""
An event as a journey remembers it: (occurred_at, rank, source, id, attributes). Its natural order breaks ties. Where
the source revises what it said, the revision stands behind the id.
"""

REVISION: Final = "\x1f"
"""What stands between an id and its revision: a character that no id has, and that comes before all that one has."""


def revised_id(ident: str, revision: int) -> str:
    """Put the revision behind an id, so that a higher one is the greater text."""
    return f"{ident}{REVISION}{revision:016d}"


def plain_id(ident: str) -> str:
    """Return the id as the source wrote it."""
    return ident.partition(REVISION)[0]


def revisions_of(facts: list[Fact], fact: Fact) -> Iterator[Fact]:
    """Find the event that another one is a revision of: one at most, for of each identity only one is held."""
    ident, mark, _ = fact[3].partition(REVISION)
    begin = ident + mark
    return (known for known in facts if known[3].startswith(begin) and known[2] == fact[2])


def _ranks(*shorts: str) -> frozenset[int]:
    return frozenset(LIFE_ORDER["sqm." + short] for short in shorts)


LAST_OF_LIFE: Final = max(LIFE_ORDER[name] for name in JOURNEY_TYPES)
"""The last rank that belongs to a journey's life; what comes behind it is said about a journey, or by itself."""
ARRIVALS: Final = _ranks("journey.arrived", "complaint.opened")
REOPENINGS: Final = _ranks("journey.reopened", "complaint.reopened")
ENDINGS: Final = _ranks(
    "service.completed", "journey.abandoned", "journey.cancelled", "journey.merged",
    "complaint.resolved", "complaint.withdrawn",
)  # fmt: skip

decode_event: Final = msgspec.json.Decoder(Event).decode
"""
Decode one record of ``sqm.events.v1``. Raises one of ``schemas.decoding.NOT_READABLE`` where it is not an event.
"""


Shared = dict[Attributes, tuple[Attributes, int]]
"""
Attributes met so far, so that events that say the same share one copy, each with the bytes of a fact that has them.
"""

WITH_RARE: Final = _ranks(
    "journey.transferred", "message.exchanged", "complaint.opened", "complaint.acknowledged", "complaint.responded",
    "complaint.resolved", "complaint.reopened", "complaint.withdrawn", "incident.reported", "staff.state_changed",
    "suggestion.submitted", "feedback.received", "observation.recorded", "staff_survey.answered",
)  # fmt: skip


def rare_of(data: EventFacts) -> Rare:
    """Pick the rare attributes of an event and the promised instant."""
    closing, promised = data.closing, data.promised_at
    return (
        data.sender, data.recipient, None if closing is None else "true" if closing else "false", data.to_site,
        data.to_queue, data.to_employee, data.kind, data.severity, data.topic, data.state, data.instrument,
        data.observer, data.checklist, data.survey,
        None if promised is None else str((promised - EPOCH) // MILLISECOND),
        *_scored(data),
    )  # fmt: skip


_UNSCORED: Final = (None, None, None)


def _scored(data: EventFacts) -> Rare:
    """Pick what was scored: text, as all attributes are, so that it is compared and written like them."""
    if data.score is None and not isinstance(data.items, tuple):
        return _UNSCORED
    numbers = (None if one is None else str(round(one * 100)) for one in (data.score, data.scale))
    return (*numbers, encode_items(data.items).decode() if isinstance(data.items, tuple) else None)


encode_items: Final = msgspec.json.Encoder().encode
decode_items: Final = msgspec.json.Decoder(tuple[ItemFacts, ...]).decode


def promised_at(attributes: Attributes) -> int | None:
    """Return the instant that an event says was promised to the customer, in milliseconds."""
    more = attributes[MORE]
    return None if more is None or more[PROMISED_AT] is None else int(more[PROMISED_AT])


def attributes_again(raw: list[Any]) -> Attributes:
    """Return the attributes of a written event."""
    more = raw[MORE]
    return tuple(raw) if more is None else (*raw[:MORE], tuple(more))


_FACT_BYTES: Final = 24
_VALUE_BYTES: Final = 3
MOST_SHARED: Final = 100_000
"""Distinct attributes, and sources, kept for sharing; dropping them costs memory, never a verdict."""


def share(known: Shared, attributes: Attributes) -> tuple[Attributes, int]:
    """Return the copy that all events with these attributes share, and how many bytes a fact takes with them."""
    held = known.get(attributes)
    if held is None:
        values = attributes[:MORE] + (attributes[MORE] or ())
        size = _FACT_BYTES + sum(1 if value is None else len(value.encode()) + _VALUE_BYTES for value in values)
        if len(known) >= MOST_SHARED:
            known.clear()
        held = known[attributes] = (attributes, size)
    return held


def share_source(known: dict[str, str], source: str) -> str:
    """Keep a source's name that is not known yet, as the copy that all of its events share."""
    if len(known) >= MOST_SHARED:
        known.clear()
    known[source] = source
    return source
