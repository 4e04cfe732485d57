"""
What the desk remembers from one call to the next, and over a restart.
"""

from dataclasses import dataclass, field
from heapq import heappush

import msgspec

from services.alerts.engine.bearing import Burden
from services.alerts.engine.groups import Group
from services.alerts.engine.outcomes import Alert
from services.alerts.engine.rules import NEVER

__all__ = ["Case", "DeskRest", "DeskState"]

Place = tuple[str, str]
"""What is looked at: a kind, and the key of one of it."""


class Case(msgspec.Struct):
    """
    An alert that is not over: the groups of its episode, and why nobody is told of it.
    """

    alert: Alert
    groups: list[str] = []
    muted: str | None = None


class DeskRest(msgspec.Struct):
    """
    What is neither an alert's nor a group's: people's burdens, and what commands have said.

    Silences and stand-ins are kept as JSON; the latter by schedule, in the order in which they were given.
    """

    now: int = 0
    burdens: dict[str, Burden] = {}
    silences: dict[str, bytes] = {}
    ended_silences: set[str] = set()
    stands: dict[str, list[bytes]] = {}


@dataclass
class DeskState:
    """
    All that the desk remembers. ``waiting`` says when what is looked at next: a heap.

    ``touched`` are the keys of cases and groups that have changed since somebody saved them.
    """

    cases: dict[str, Case] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    rest: DeskRest = field(default_factory=DeskRest)
    waiting: list[tuple[int, Place]] = field(default_factory=list)
    touched_cases: set[str] = field(default_factory=set)
    touched_groups: set[str] = field(default_factory=set)

    def restore(self) -> None:
        """
        Put down when what is looked at next, as it was when it was saved.
        """
        places = [(("group", key), one.looked_at) for key, one in self.groups.items()]
        places += [(("person", key), one.looked_at) for key, one in self.rest.burdens.items()]
        for place, at in places:
            if at < NEVER:
                heappush(self.waiting, (at, place))
