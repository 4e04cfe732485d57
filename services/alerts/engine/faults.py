"""
Faults of a configuration that its contract cannot see, since they take a library, or a look at several parts, to find.
"""

from collections.abc import Iterator
from typing import Final

from domain.patterns import globs_meet
from schemas.alert_labels import Matcher
from schemas.alert_routes import Inhibition
from schemas.alerting import Alerting
from services.alerts.engine.quiet import recurrence_fault

__all__ = ["alerting_faults"]

Path = tuple[str | int, ...]
_MEND: Final = "narrow `source` or `target` of one of them, so that what explains the others is muted by none of them"


def alerting_faults(alerting: Alerting) -> list[tuple[Path, str]]:
    """
    List each fault with the field.
    """
    found: list[tuple[Path, str]] = [
        (("silences", place, "again", "rule"), fault)
        for place, silence in enumerate(alerting.silences)
        if (fault := recurrence_fault(silence)) is not None
    ]
    return found + [(("inhibit", place, "target"), fault) for place, fault in _circles(alerting.inhibit)]


def _circles(rules: tuple[Inhibition, ...]) -> Iterator[tuple[int, str]]:
    """
    Circles of rules by which alerts would mute one another, each told at its first rule: a shortest one from there.

    Only what is certain is told: whether labels occur together, as `tier` and `kind` do not always, nobody knows here.
    """
    nexts = {
        place: [other for other, one in enumerate(rules) if other != place and _surely_meet(rule.target, one.source)]
        for place, rule in enumerate(rules)
        if _may_hold(rule)
    }
    for first, after in nexts.items():
        ways: dict[int, tuple[int, ...]] = {one: (first, one) for one in after if one > first and one in nexts}
        waiting = list(ways)
        for place in waiting:
            if first in nexts[place]:
                names = ", ".join(rules[one].id for one in (*ways[place], first))
                yield first, f"alerts would mute each other in a circle ({names}): {_MEND}"
                break
            new = [one for one in nexts[place] if one > first and one in nexts and one not in ways]
            ways |= {one: (*ways[place], one) for one in new}
            waiting += new


def _may_hold(rule: Inhibition) -> bool:
    """
    Whether some alert may mute another by a rule: in what must be equal both sides ask for something that can be.
    """
    asked, of_target = rule.source.asked, rule.target.asked
    return all(_meet(asked[name], of_target[name]) for name in rule.equal if name in asked and name in of_target)


def _surely_meet(one: Matcher, other: Matcher) -> bool:
    """
    Whether an alert that fits the one that asks for more fits the other, too, or may.
    """
    asked, its = one.asked, other.asked
    shared = asked.keys() & its.keys()
    return len(shared) == min(len(asked), len(its)) and all(_meet(asked[name], its[name]) for name in shared)


def _meet(globs: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return any(globs_meet(one, other) for one in globs for other in others)
