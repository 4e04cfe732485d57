"""
Counts of alerts in the end, and the pairs of them that must be equal once everybody has been told.

Pure: it counts what the scenes hold.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from services.cli.demo.alert_scene import AlertScene

__all__ = ["AlertCounts", "Comparison", "count_alerts"]


class Comparison(NamedTuple):
    """
    Two counts of the same thing, which must be equal.
    """

    what: str
    here: int
    there: int

    @property
    def agrees(self) -> bool:
        return self.here == self.there


@dataclass(frozen=True)
class AlertCounts:
    """
    How many alerts there were, and what came of them.
    """

    raised: int
    messages: int
    told: int
    """Of how many alerts somebody was told."""
    taken: int
    escalated: int
    unanswered: int
    """How many nobody acknowledged in any step."""
    over: int
    comparisons: tuple[Comparison, ...]

    @property
    def at_rest(self) -> bool:
        return all(one.agrees for one in self.comparisons)


def count_alerts(alerts: AlertScene, lines: AbstractSet[str], acknowledged: AbstractSet[str]) -> AlertCounts:
    """
    Count. `lines` are those in which somebody waits beyond a limit, by standard and place, as the violations say it;
    `acknowledged` the ids of the commands that the service took.

    What flaps is told by its first and last episode only, and a warning is muted where somebody waits too long, so of
    neither it is certain that each is told.
    """
    raised, over = alerts.raised(), alerts.over()
    warnings = {name for name in raised if alerts.alerts[name].labels.get("kind") == "at_risk"}
    withdrawn = {name for name in over if alerts.alerts[name].state == "retracted"}
    board = alerts.heard(over=False, receiver=alerts.board)
    certain = raised - alerts.flapped - warnings - withdrawn
    ended = (over & board) - alerts.flapped
    there = {
        f"{one.labels.get('standard')}|{one.labels.get('scope')}"
        for one in alerts.alerts.values()
        if not one.is_over and one.labels.get("kind") == "journey"
    }
    pairs = [
        Comparison("lines in which somebody waits beyond a limit / with an alert", len(lines), len(lines & there)),
        Comparison("alerts of limits that are not over / with somebody who waits", len(there), len(lines & there)),
        Comparison("alerts that must be told / that the board was told", len(certain), len(certain & board)),
        Comparison(
            "alerts that are over / of which the board was told so",
            len(ended),
            len(ended & alerts.heard(over=True, receiver=alerts.board)),
        ),
        Comparison("messages that were decided / that arrived", len(alerts.decided), len(alerts.arrived)),
        Comparison(
            "messages that arrived / that are recorded as delivered", len(alerts.arrived), len(alerts.delivered)
        ),
        Comparison("posts to the receiver / with a right signature", alerts.posts.total(), alerts.posts[True]),
    ]
    if acknowledged:
        pairs.append(
            Comparison(
                "acknowledgements that were taken / on their topic",
                len(acknowledged),
                len(acknowledged & alerts.commands),
            )
        )
    return AlertCounts(
        raised=len(raised),
        messages=len(alerts.arrived),
        told=len(alerts.heard(over=False)),
        taken=len(alerts.taken()),
        escalated=len(alerts.told_because("escalated")),
        unanswered=len(alerts.told_because("nobody_answered", "nobody_on_call")),
        over=len(over),
        comparisons=tuple(pairs),
    )
