"""
Inhibition: which alerts mute which, kept up to date alert by alert.
"""

from collections import defaultdict
from collections.abc import Iterable

from schemas.alert_routes import Inhibition
from services.alerts.engine.labels import Fits, Labels

__all__ = ["Inhibitions"]

_Place = tuple[bool | str | None, ...]
"""Of alerts that mute: whether they fit the target too, and in what those must agree that they mute."""


class Inhibitions:
    """
    The rules, and which alerts fire that mute others; made anew from the alerts when the rules change.
    """

    def __init__(self, rules: Iterable[Inhibition]) -> None:
        self._rules = [(rule, Fits(rule.source), Fits(rule.target)) for rule in rules]
        self._sources: list[dict[_Place, set[str]]] = [defaultdict(set) for _ in self._rules]

    def note(self, key: str, labels: Labels, *, fires: bool) -> bool:
        """
        Take note of whether an alert fires; tells whether it is one that may mute others.
        """
        mutes = False
        for (rule, source, target), sources in zip(self._rules, self._sources, strict=True):
            if not source(labels):
                continue
            mutes = True
            place = _place(rule, labels, both=target(labels))
            (sources[place].add if fires else sources[place].discard)(key)
            if not sources[place]:
                del sources[place]
        return mutes

    def muting(self, labels: Labels) -> str | None:
        """
        The id of the first rule by which another alert mutes one with these labels.

        Of those that fit both sides of a rule none mutes another, nor itself: nobody would be told of any of them.
        """
        for (rule, source, target), sources in zip(self._rules, self._sources, strict=True):
            if target(labels) and (
                _place(rule, labels, both=False) in sources
                or (not source(labels) and _place(rule, labels, both=True) in sources)
            ):
                return rule.id
        return None


def _place(rule: Inhibition, labels: Labels, *, both: bool) -> _Place:
    return both, *(labels.get(name) for name in rule.equal)
