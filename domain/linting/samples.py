"""
Samples: what a stretch of real events has, so that a standard can be held against what the sources really send.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from domain.linting.globs import matches
from schemas.conditions import AtArrival, Condition, Selector, Where
from schemas.events import JOURNEY_TYPES, PREFIX

AT_ARRIVAL: Final = tuple(AtArrival.model_fields)
"""The attributes that a selector asks about, besides the site."""
FACTS: Final = tuple(Where.model_fields)
"""The attributes that a condition asks about."""
_ARRIVALS: Final = frozenset((f"{PREFIX}journey.arrived", f"{PREFIX}complaint.opened"))

Values = tuple[str | None, ...]


class Arrival(NamedTuple):
    """
    The beginning of a journey: when, where, and its attributes in the order of ``AT_ARRIVAL``.
    """

    at: int
    site: str
    attributes: Values


class Sample(NamedTuple):
    """
    What the events of a stretch have.
    """

    arrivals: tuple[Arrival, ...]
    """By their time."""
    met: Mapping[str, frozenset[Values]]
    """By type of event: the facts that came together, in the order of ``FACTS``."""

    def seen(self, name: str) -> frozenset[str]:
        """
        The values that an attribute of journeys at arrival has; ``site`` too.
        """
        if name == "site":
            return frozenset(one.site for one in self.arrivals)
        place = AT_ARRIVAL.index(name)
        return frozenset(value for one in self.arrivals if (value := one.attributes[place]) is not None)

    def values(self, event: str, name: str) -> frozenset[str]:
        """
        The values that a fact of a type of event has.
        """
        place = FACTS.index(name)
        return frozenset(value for facts in self.met.get(event, ()) if (value := facts[place]) is not None)

    def meets(self, condition: Condition) -> bool:
        """
        Whether an event of the sample meets a condition.
        """
        met = self.met.get(condition.event, frozenset())
        wanted = _wanted(condition.where)
        return any(all(facts[place] in allowed for place, allowed in wanted) for facts in met)

    def covered(self, selector: Selector) -> list[Arrival]:
        """
        The arrivals that a selector covers, by their time.
        """
        named = [(place, getattr(selector, name)) for place, name in enumerate(AT_ARRIVAL)]
        wanted = [(place, globs) for place, globs in named if globs is not None]
        return [
            one
            for one in self.arrivals
            if (selector.site is None or matches(one.site, selector.site))
            and all(matches(one.attributes[place], globs) for place, globs in wanted)
        ]


class Gathering:
    """
    A sample that is being gathered, event by event.
    """

    def __init__(self) -> None:
        self._first: dict[str, tuple[bool, Arrival]] = {}
        self._met: defaultdict[str, set[Values]] = defaultdict(set)

    def add(self, event: str, subject: str | None, at: int, data: Mapping[str, Any]) -> None:
        """
        Take in an event: its type, journey, instant (ms since the epoch) and facts.
        """
        self._met[event].add(tuple(_text(data.get(name)) for name in FACTS))
        if subject is None or event not in JOURNEY_TYPES:
            return
        arrival = Arrival(at, str(data["site"]), tuple(_text(data.get(name)) for name in AT_ARRIVAL))
        known = self._first.get(subject)
        arriving = event in _ARRIVALS
        # The first event of an arriving type is the arrival; else the first of all.
        if known is None or (not arriving, at) < (not known[0], known[1].at):
            self._first[subject] = (arriving, arrival)

    def sample(self) -> Sample:
        """
        Return what has been gathered.
        """
        arrivals = sorted((arrival for _, arrival in self._first.values()), key=lambda one: one.at)
        return Sample(tuple(arrivals), {event: frozenset(met) for event, met in self._met.items()})


def most_within(arrivals: Iterable[Arrival], window_ms: int, *, everywhere: bool = False) -> int:
    """
    Say how many arrivals lie within a window at most, at one site or everywhere; they come by their time.
    """
    by_site: defaultdict[str, list[int]] = defaultdict(list)
    most = 0
    for one in arrivals:
        times = by_site["" if everywhere else one.site]
        times.append(one.at)
        most = max(most, len(times) - bisect_right(times, one.at - window_ms))
    return most


def _wanted(where: Where | None) -> list[tuple[int, frozenset[str | None]]]:
    if where is None:
        return []
    named = ((place, getattr(where, name)) for place, name in enumerate(FACTS))
    return [(place, _allowed(values)) for place, values in named if values is not None]


def _allowed(values: bool | tuple[str, ...]) -> frozenset[str | None]:  # noqa: FBT001 - what the document says
    if isinstance(values, tuple):
        return frozenset(values)
    # As the engine reads it: what a message does not say is false.
    return frozenset(("true",)) if values else frozenset(("false", None))


def _text(value: object) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


__all__ = ["AT_ARRIVAL", "FACTS", "Arrival", "Gathering", "Sample", "most_within"]
