"""
Decides when a consumer refuses so much that something else must be wrong, so that it stops instead of draining its
topic into the dead letters.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["StopReason", "StopRule"]


class StopReason(StrEnum):
    """
    Why a consumer should stop.
    """

    TOO_MANY_IN_A_ROW = "too_many_refused_in_a_row"
    TOO_LARGE_A_SHARE = "too_large_a_share_refused"


@dataclass(frozen=True, slots=True)
class StopRule:
    """
    The limits: `in_a_row` refusals without one success between them, or more than `share_percent` of the last `window`
    records, once at least `minimum` were seen.

    Whoever counts leaves out refusals that say nothing about the input as a whole (copies, what came too late).
    """

    in_a_row: int = 1_000
    share_percent: int = 50
    window: int = 10_000
    minimum: int = 2_000

    def watch(self) -> "Watch":
        return Watch(self)


class Watch:
    """
    What one consumer remembers about its last records: runs of equal results, so that a long good time costs nothing.
    """

    __slots__ = ("_refused", "_rule", "_runs", "_seen")

    def __init__(self, rule: StopRule) -> None:
        self._rule = rule
        self._runs: deque[tuple[bool, int]] = deque()
        self._seen = 0
        self._refused = 0

    def count(self, *, accepted: bool, records: int = 1) -> StopReason | None:
        """
        Take in the result of so many records in a row; return why to stop, if so.
        """
        if records <= 0:
            return None
        if self._runs and self._runs[-1][0] is accepted:
            self._runs[-1] = (accepted, self._runs[-1][1] + records)
        else:
            self._runs.append((accepted, records))
        self._seen += records
        self._refused += 0 if accepted else records
        self._forget()
        return self._verdict()

    def _forget(self) -> None:
        while self._seen > self._rule.window:
            surplus = self._seen - self._rule.window
            accepted, length = self._runs[0]
            dropped = min(surplus, length)
            if dropped == length:
                self._runs.popleft()
            else:
                self._runs[0] = (accepted, length - dropped)
            self._seen -= dropped
            self._refused -= 0 if accepted else dropped

    def _verdict(self) -> StopReason | None:
        accepted, length = self._runs[-1]
        if not accepted and length >= self._rule.in_a_row:
            return StopReason.TOO_MANY_IN_A_ROW
        if self._seen >= self._rule.minimum and self._refused * 100 > self._rule.share_percent * self._seen:
            return StopReason.TOO_LARGE_A_SHARE
        return None
