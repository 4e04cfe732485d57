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
    met: Mapping[str, frozenset[tuple[str, Values]]]
    """By type of event: the site and the facts that came together, in the order of ``FACTS``."""

    def seen(self, name: str, *, anywhere: bool = False) -> frozenset[str]:
        """
        The values that an attribute of journeys at arrival has, or ``site``; anywhere: that any event has.
        """
        met = self._everything() if anywhere else [(one.site, one.attributes) for one in self.arrivals]
        if name == "site":
            return frozenset(site for site, _ in met)
        place = (FACTS if anywhere else AT_ARRIVAL).index(name)
        return frozenset(value for _, values in met if (value := values[place]) is not None)

    def _everything(self) -> list[tuple[str, Values]]:
        return [one for met in self.met.values() for one in met]

    def values(self, event: str, name: str) -> frozenset[str]:
        """
        The values that a fact of a type of event has.
        """
        place = FACTS.index(name)
        return frozenset(value for _, facts in self.met.get(event, ()) if (value := facts[place]) is not None)

    def meets(self, condition: Condition) -> bool:
        """
        Whether an event of the sample meets a condition.
        """
        met = [facts for _, facts in self.met.get(condition.event, frozenset())]
        wanted = _wanted(condition.where)
        return any(all(facts[place] in allowed for place, allowed in wanted) for facts in met)

    def covered(self, selector: Selector) -> list[Arrival]:
        """
        The arrivals that a selector covers, by their time.
        """
        return [one for one in self.arrivals if _covers(selector, one.site, one.attributes, AT_ARRIVAL)]

    def covers_any(self, selector: Selector) -> bool:
        """
        Whether a selector covers anything: some standards look at events that stand for themselves.
        """
        return any(_covers(selector, site, facts, FACTS) for site, facts in self._everything())


def _covers(selector: Selector, site: str, values: Values, names: tuple[str, ...]) -> bool:
    if selector.site is not None and not matches(site, selector.site):
        return False
    wanted = ((name, getattr(selector, name)) for name in AT_ARRIVAL)
    return all(globs is None or matches(values[names.index(name)], globs) for name, globs in wanted)


class Gathering:
    """
    A sample that is being gathered, event by event.
    """

    def __init__(self) -> None:
        self._first: dict[str, tuple[bool, Arrival]] = {}
        self._met: defaultdict[str, set[tuple[str, Values]]] = defaultdict(set)

    def add(self, event: str, subject: str | None, at: int, data: Mapping[str, Any]) -> None:
        """
        Take in an event: its type, journey, instant (ms since the epoch) and facts.
        """
        self._met[event].add((str(data["site"]), tuple(_text(data.get(name)) for name in FACTS)))
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
