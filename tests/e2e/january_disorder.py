"""
What happens to events on their way: some arrive twice, all of them late and out of order, but within bounds.
"""

import random
from collections.abc import Sequence
from typing import Final

from services.ingest.engine.mapped import MappedEvent
from tests.e2e.january_line import SIX_HOURS_MS

_SEED: Final = 19_990_131
_TWICE_OF: Final = 10


def disordered(events: Sequence[MappedEvent]) -> list[MappedEvent]:
    """
    The events in a random order in which none comes six hours later than one that happened after it, every tenth twice.
    """
    drawn = random.Random(_SEED)
    copies = [*events, *events[::_TWICE_OF]]
    arrivals = sorted((one.time_ms + drawn.randrange(SIX_HOURS_MS), place) for place, one in enumerate(copies))
    return [copies[place] for _, place in arrivals]


def in_parts(events: Sequence[MappedEvent], parts: int) -> list[Sequence[MappedEvent]]:
    """
    The events cut into so many pieces, in their order.
    """
    size = -(-len(events) // parts)
    return [events[start : start + size] for start in range(0, len(events), size)]
