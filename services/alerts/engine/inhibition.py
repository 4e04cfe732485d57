"""
Inhibition: which alerts mute which, kept up to date alert by alert.
"""

from collections import defaultdict
from collections.abc import Iterable

from schemas.alert_routes import Inhibition
from services.alerts.engine.labels import Fits, Labels

__all__ = ["Inhibitions"]


class Inhibitions:
    """
    The rules, and which alerts fire that mute others; made anew from the alerts when the rules change.
    """

    def __init__(self, rules: Iterable[Inhibition]) -> None:
        self._rules = [(rule, Fits(rule.source), Fits(rule.target)) for rule in rules]
        self._sources: list[dict[tuple[str | None, ...], set[str]]] = [defaultdict(set) for _ in self._rules]

    def note(self, key: str, labels: Labels, *, fires: bool) -> bool:
        """
        Take note of whether an alert fires; tells whether it is one that may mute others.
        """
        mutes = False
        for (rule, source, _), sources in zip(self._rules, self._sources, strict=True):
            if not source(labels):
                continue
            mutes = True
            place = tuple(labels.get(name) for name in rule.equal)
            (sources[place].add if fires else sources[place].discard)(key)
        return mutes

    def muting(self, key: str, labels: Labels) -> str | None:
        """
        The id of the first rule by which another alert mutes this one.
        """
        for (rule, _, target), sources in zip(self._rules, self._sources, strict=True):
            if target(labels):
                place = tuple(labels.get(name) for name in rule.equal)
                if sources.get(place, set()) - {key}:
                    return rule.id
        return None
