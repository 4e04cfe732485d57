"""
The clock a second time: slow, naive, written from the domain's text alone, to hold the engine's against.

It walks over every instant at which anything happens and asks at each what state the clock is in; nothing is shared
with the engine but the events and the words of the standard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.calendars import OpenHours
from schemas.base import to_millis
from schemas.conditions import Condition
from schemas.events import LIFE_ORDER
from schemas.standards import Standard
from services.sla.engine import Event


@dataclass(frozen=True)
class Truth:
    """
    What a clock came to once all is known and it is long over.
    """

    started_at: int
    ended_at: int
    ended_by: str
    value_ms: int
    paused_ms: int
    broken_at: int | None


def _fits(conditions: Sequence[Condition], event: Event) -> bool:
    for condition in conditions:
        if condition.event != event.type:
            continue
        wanted = {} if condition.where is None else condition.where.model_dump(exclude_none=True)
        if all(getattr(event.data, name) in values for name, values in wanted.items()):
            return True
    return False


def in_order(events: Sequence[Event]) -> list[Event]:
    """By the rule of ties: occurred_at, place in the life of a journey, source, id."""
    return sorted(events, key=lambda one: (one.time, LIFE_ORDER[one.type], one.source, one.id))


class RoundTheClock:
    """
    Open always: what a clock without a calendar runs in.
    """

    def elapsed(self, begin: int, end: int) -> int:
        return end - begin

    def add(self, at: int, counted: int) -> int:
        return at + counted

    def next_opening(self, at: int) -> int:
        return at


def truth(  # noqa: C901, PLR0912 - naive on purpose
    standard: Standard, events: Sequence[Event], hours: OpenHours | RoundTheClock
) -> Truth | None:
    """
    Judge the events of one cycle, in hours that have an oracle of their own. None where the clock never started.
    """
    clock, story = standard.clock, in_order(events)
    assert clock is not None
    starts = [place for place, one in enumerate(story) if _fits(clock.start, one)]
    if not starts:
        return None
    first = starts[0]
    started_at = to_millis(story[first].time)
    if isinstance(clock.limit, int):
        limit = clock.limit
    else:
        promised = [one.data.promised_at for one in story if one.data.promised_at is not None]
        if not promised:
            return None
        limit = max(to_millis(promised[0]) - started_at, 0)
    expires_at = hours.add(started_at, clock.expiry)

    ended_at, ended_by, last = expires_at, "expired", len(story)
    for place in range(first + 1, len(story)):
        at = to_millis(story[place].time)
        if at > expires_at:
            break
        words = ("cancelled", clock.cancel), ("stopped", clock.stop), ("abandoned", clock.abandon)
        word = next((word for word, conditions in words if _fits(conditions, story[place])), None)
        if word is not None:
            ended_at, ended_by, last = at, word, place
            break

    stands, since, pauses = False, 0, []
    for place, one in enumerate(story[:last]):
        at = min(to_millis(one.time), ended_at)
        if place == first:
            continue
        if _fits(clock.pause, one):
            if not stands:
                stands, since = True, at
        elif _fits(clock.resume, one) and stands:
            pauses.append((since, at))
            stands = False
    if stands:
        pauses.append((since, ended_at))
    pauses = [(max(begin, started_at), max(end, started_at)) for begin, end in pauses]
    if clock.pause_budget is not None:
        left, allowed = clock.pause_budget, []
        for begin, end in pauses:
            allowed.append((begin, min(end, hours.add(begin, left))))
            left -= hours.elapsed(begin, allowed[-1][1])
        pauses = allowed

    def counted(until: int) -> int:
        stood = sum(hours.elapsed(begin, max(begin, min(end, until))) for begin, end in pauses if begin < until)
        return hours.elapsed(started_at, until) - stood

    paused_ms = hours.elapsed(started_at, ended_at) - counted(ended_at)
    # Counted time passes the limit in the first instant in which it is used up and time still counts.
    marks = sorted({started_at, ended_at, *(at for pause in pauses for at in pause if at <= ended_at)})
    broken_at = None
    for begin, end in pairwise(marks):
        if counted(end) > limit and counted(begin) <= limit:
            broken_at = hours.next_opening(hours.add(begin, limit - counted(begin)))
            break
    return Truth(started_at, ended_at, ended_by, counted(ended_at), paused_ms, broken_at)
