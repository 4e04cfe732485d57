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

    times: int = 0
    for_ms: int = 0
    still: int = 0


class Missed:
    """
    Counts the violations of scopes; each is added once, as it stands in the end.
    """

    def __init__(self) -> None:
        self._times: defaultdict[tuple[str, int, str, str, str], Times] = defaultdict(Times)

    def add(self, violation: Violation) -> None:
        """
        Count a violation of an objective or a burn; that of a journey is none of those.
        """
        if violation.scope is None or violation.window is None:
            return
        key = (violation.standard, violation.version, violation.scope, violation.window, violation.kind)
        times, for_ms, still = self._times[key]
        lasted = violation.closed_at - violation.opened_at if violation.closed_at is not None else 0
        self._times[key] = Times(times + 1, for_ms + lasted, still + (violation.closed_at is None))

    def of(self, standard: str, version: int, scope: str, window: str, kind: str = "objective") -> Times:
        """
        Say how often one scope's figure over one window missed, or (kind `burn`) its budget burnt.
        """
        return self._times.get((standard, version, scope, window, kind), Times())
