"""
Inhibition: which alerts mute which, kept up to date alert by alert.

Whatever the rules are, somebody hears: an alert that is muted has one behind it that mutes it, directly or through
others, and that is not muted itself. Where alerts mute one another in a circle, the one that was first is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from schemas.alert_routes import Inhibition
from services.alerts.engine.labels import Fits, Labels
from services.alerts.engine.outcomes import Alert
from services.alerts.engine.rules import NEVER

__all__ = ["Inhibitions"]

_Place = tuple[int, bool, tuple[str | None, ...]]
"""Of alerts that mute: by which rule, whether they fit its target too, and in what those must agree that they mute."""
_Turn = tuple[int, str]
"""Who is told first of those that mute one another: since when it fires, and its key."""
_NOBODY: Final[_Turn] = (NEVER, "")


class _Source(NamedTuple):
    turn: _Turn
    muted_from: tuple[_Place, ...]


class Inhibitions:
    """
    The rules, and which alerts fire that mute others; made anew from the alerts when the rules change.
    """

    def __init__(self, rules: Iterable[Inhibition]) -> None:
        self._rules = [(number, rule, Fits(rule.source), Fits(rule.target)) for number, rule in enumerate(rules)]
        self._sources: dict[_Place, dict[str, _Source]] = defaultdict(dict)
        self._first: dict[tuple[_Place, ...], _Turn | None] = {}
        """What was found out since the last change: by the places from which something is muted, see `_first_of`."""

    def note(self, alert: Alert, *, fires: bool) -> bool:
        """
        Take note of whether an alert fires; tells whether it is one that may mute others.
        """
        labels, mutes = alert.labels, False
        for number, rule, source, target in self._rules:
            if not source(labels):
                continue
            mutes = True
            place = number, target(labels), _shared(rule, labels)
            if fires:
                self._sources[place][alert.key] = _Source(_turn(alert), tuple(self._places(labels)))
            else:
                self._sources[place].pop(alert.key, None)
                if not self._sources[place]:
                    del self._sources[place]
        if mutes:
            self._first.clear()
        return mutes

    def mutes(self, alert: Alert) -> bool:
        """
        Whether other alerts mute one.

        Of those that fit both sides of a rule none mutes another, nor itself. Of those that mute one another through
        several rules, and that nobody else mutes, the first one is told.
        """
        places = tuple(place for place in self._places(alert.labels) if place in self._sources)
        if not places:
            return False
        if places not in self._first:
            self._first[places] = self._first_of(places)
        return self._first[places] != _turn(alert)

    def _places(self, labels: Labels) -> Iterator[_Place]:
        """
        From where an alert with these labels is muted, if anything fires there.
        """
        for number, rule, source, target in self._rules:
            if target(labels):
                shared = _shared(rule, labels)
                yield number, False, shared
                if not source(labels):
                    yield number, True, shared

    def _first_of(self, places: Iterable[_Place]) -> _Turn | None:
        """
        Of all that mute from some places, directly or through others, the one whose turn it is to be told; None where
        one of them is muted by nothing, and so is told without that.
        """
        first, found, waiting = _NOBODY, set(places), list(places)
        while waiting:
            for source in self._sources[waiting.pop()].values():
                above = [place for place in source.muted_from if place in self._sources]
                if not above:
                    return None
                first = min(first, source.turn)
                waiting += [place for place in above if place not in found]
                found.update(above)
        return first


def _shared(rule: Inhibition, labels: Labels) -> tuple[str | None, ...]:
    return tuple(labels.get(name) for name in rule.equal)


def _turn(alert: Alert) -> _Turn:
    return alert.begun_at if alert.fired_at is None else alert.fired_at, alert.key
