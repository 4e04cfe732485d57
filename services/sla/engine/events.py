"""
Service events as the engine reads them: decoded from a validated record with as little work as can be.

Ingest has validated every field at the edge (``schemas.events``); here only what a verdict may rest on is picked out.
"""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from schemas.events import JOURNEY_TYPES, LIFE_ORDER

# The topic is not ingest's alone to write: what would be beyond the bounds of state, or of time, is no event.
_Text = Annotated[str, msgspec.Meta(max_length=256)]
_Key = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]


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


class Event(msgspec.Struct, gc=False):
    """One service event: its identity (source, id), what happened when, and to which journey."""

    id: _Text
    source: _Text
    type: str
    time: _Instant
    data: EventFacts
    subject: _Key | None = None


TYPE_NAMES: Final = tuple(LIFE_ORDER)
"""Event types by rank: the rank is the place in the life of a journey and stands for the type in state."""

JOURNEY_RANKS: Final = {name: rank for name, rank in LIFE_ORDER.items() if name in JOURNEY_TYPES}

ATTRIBUTES: Final = (
    "queue", "channel", "service", "segment", "priority", "employee", "team", "actor", "outcome", "milestone", "reason",
)  # fmt: skip
Attributes = tuple[str | None, ...]
"""The values of ``ATTRIBUTES`` in their order, shared between the events that have the same."""

Fact = tuple[int, int, str, str, Attributes]
"""An event as a journey remembers it: (occurred_at, rank, source, id, attributes). Its natural order breaks ties."""


def _ranks(*shorts: str) -> frozenset[int]:
    return frozenset(LIFE_ORDER["sqm." + short] for short in shorts)


ARRIVALS: Final = _ranks("journey.arrived", "complaint.opened")
REOPENINGS: Final = _ranks("journey.reopened", "complaint.reopened")
ENDINGS: Final = _ranks(
    "service.completed", "journey.abandoned", "journey.cancelled", "journey.merged",
    "complaint.resolved", "complaint.withdrawn",
)  # fmt: skip

NO_EVENT: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What bytes that are no event make the decoder raise: no JSON or no event, no UTF-8, nested without end."""

decode_event: Final = msgspec.json.Decoder(Event).decode
"""
Decode one record of ``sqm.events.v1``. Raises one of ``NO_EVENT`` where it is not an event.
"""


Shared = dict[Attributes, tuple[Attributes, int]]
"""
Attributes met so far, so that events that say the same share one copy, each with the bytes of a fact that has them.
"""

_FACT_BYTES: Final = 60
MOST_SHARED: Final = 100_000
"""Distinct attributes, and sources, kept for sharing; dropping them costs memory, never a verdict."""


def share(known: Shared, attributes: Attributes) -> tuple[Attributes, int]:
    """Return the copy that all events with these attributes share, and how many bytes a fact takes with them."""
    held = known.get(attributes)
    if held is None:
        size = _FACT_BYTES + sum(len(value.encode()) + 2 for value in attributes if value is not None)
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
