"""
Missed targets: how often and for how long a scope's figure missed its target, or its budget burnt.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Self

from domain.moments import spoken_duration
from services.sla.engine import Violation

__all__ = ["Lasted", "Missed", "Times"]

Lasted = tuple[int, int | None]
"""From when until when something held; None while it still does."""


class Times(NamedTuple):
    """
    How often something was said, for how long in all (milliseconds), and how often it still holds.
    """

    times: int
    for_ms: int
    still: int

    @classmethod
    def of(cls, lasted: Sequence[Lasted], until: int) -> Self:
        """
        Add up what was said; what still holds has lasted ``until`` then.
        """
        for_ms = sum((until if closed is None else closed) - opened for opened, closed in lasted)
        return cls(len(lasted), for_ms, sum(closed is None for _, closed in lasted))

    @property
    def often(self) -> str:
        """
        How often, in words.
        """
        return "once" if self.times == 1 else f"{self.times:,} times"

    @property
    def told(self) -> str:
        """
        How often, for how long and whether still, in words.
        """
        return f"{self.often}, for {spoken_duration(self.for_ms)}{', and still' if self.still else ''}"


class Missed:
    """
    Counts the violations of scopes; each is added once, as it stands in the end.
    """

    def __init__(self) -> None:
        self._lasted: defaultdict[tuple[str, int, str, str, str], list[Lasted]] = defaultdict(list)

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
        return Times.of(self._lasted.get((standard, version, scope, window, kind), []), until)
