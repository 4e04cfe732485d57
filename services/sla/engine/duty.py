"""
Duty: who serves which line now, as employees last said.

Of each employee of a site the latest ``staff.state_changed`` is kept, like the signs of those who should report: in
the site's chunks, so that it outlives restarts, and for as long as the horizon.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from schemas.events import LIFE_ORDER, PREFIX
from services.sla.engine.chunks import CLOCK_BYTES, Chunk
from services.sla.engine.events import MORE, RARE, REVISION, Fact, revisions_of
from services.sla.engine.journeys import OF_DUTY, Journey
from services.sla.engine.outcomes import Reason

STATE_CHANGED: Final = LIFE_ORDER[f"{PREFIX}staff.state_changed"]
_STATE: Final = RARE.index("state")
_FREE: Final = "available"
_ON_DUTY: Final = (_FREE, "serving", "after_work")


class Duty(NamedTuple):
    """Who serves a line: how many, and how many of them are free."""

    agents: int
    free: int


NOBODY_ON_DUTY: Final = Duty(0, 0)


def duty_key(employee: str) -> str:
    """Name what is kept of an employee's duty, as journeys are named."""
    return f"{OF_DUTY}{employee}"


def _is_news(key: str, known: Fact, fact: Fact) -> bool:
    """
    Tell whether a sign takes the place of the last one: the later one does, and of an employee's state that is revised
    the higher revision, whenever that was.

    Of another content under the same id the first stands; attributes have no order.
    """
    if REVISION in fact[3] and key.startswith(OF_DUTY) and any(revisions_of([known], fact)):
        return fact[3] > known[3]
    return fact[:4] > known[:4]


def replace_sign(chunk: Chunk, journey: Journey, fact: Fact) -> Reason | None:
    """Put a sign of one who should report, if it is news, in the place of the last one, with the room that it takes."""
    if not _is_news(journey.subject, journey.facts[0], fact):
        return Reason.OUTDATED
    journey.facts[0], kept = fact, CLOCK_BYTES * len(journey.clocks)
    chunk.open_bytes, journey.weight = chunk.open_bytes - journey.weight + kept, kept
    return None


def on_duty(chunks: Iterable[Chunk], since: int) -> dict[str | None, Duty]:
    """
    Count who is on duty at a site by the queue that they serve; without a queue, journeys that name none.

    Only what was said since an instant counts. Where somebody has said so and nobody is left, the count is 0. Walks
    over the open journeys: for every few seconds.
    """
    found: dict[str | None, Duty] = {}
    for chunk in chunks:
        for subject, journey in chunk.journeys.items():
            if subject.startswith(OF_DUTY) and journey.arrival[0] >= since:
                attributes = journey.arrival[4]
                agents, free = found.get(attributes[0], NOBODY_ON_DUTY)
                state = attributes[MORE][_STATE]
                found[attributes[0]] = Duty(agents + (state in _ON_DUTY), free + (state == _FREE))
    return found


__all__ = ["NOBODY_ON_DUTY", "STATE_CHANGED", "Duty", "duty_key", "on_duty", "replace_sign"]
