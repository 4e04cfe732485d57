"""
Missed targets: how often and for how long a scope's figure missed its target, or its budget burnt.
"""

from collections import defaultdict
from typing import NamedTuple

from services.sla.engine import Violation

__all__ = ["Missed", "Times"]


class Times(NamedTuple):
    """
    How often something was said, for how long in all (milliseconds), and how often it still holds.
    """

    times: int
    for_ms: int
    still: int


class Missed:
    """
    Counts the violations of scopes; each is added once, as it stands in the end.
    """

    def __init__(self) -> None:
        self._lasted: defaultdict[tuple[str, int, str, str, str], list[tuple[int, int | None]]] = defaultdict(list)

    def add(self, violation: Violation) -> None:
        """
        Count a violation of an objective or a burn; that of a journey is none of those.
        """
        if violation.scope is None or violation.window is None:
            return
        key = (violation.standard, violation.version, violation.scope, violation.window, violation.kind)
        self._lasted[key].append((violation.opened_at, violation.closed_at))

    def of(self, standard: str, version: int, scope: str, window: str, until: int, kind: str = "objective") -> Times:
        """
        Say how often one scope's figure over one window missed, or (kind `burn`) its budget burnt; what still holds
        has lasted ``until`` then.
        """
        lasted = self._lasted.get((standard, version, scope, window, kind), [])
        for_ms = sum((until if closed is None else closed) - opened for opened, closed in lasted)
        return Times(len(lasted), for_ms, sum(closed is None for _, closed in lasted))
