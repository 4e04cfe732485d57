"""
Buckets: what a scope counted, by minute, hour and day of arrival, each an exact sum of the same rows.

A window takes what it needs from the coarsest buckets that its edges fall between, so a long window costs days and
hours, not minutes; minutes are kept only as long as a short window or a correction can ask for them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.aims import Aim, missed
from schemas.base import MINUTE_MS

Sums = list[int]
"""
[good, total, missed minutes, good with what is excluded, total with what is excluded].

The first three leave out what an exclusion covers; they decide. A minute is missed where it is open and its own figure
misses the target. Sums add up and can be taken out again.
"""
GOOD, TOTAL, MISSED, ALL_GOOD, ALL_TOTAL = range(5)
Delta = tuple[int, int, int, int, int]


def nothing() -> Sums:
    """Begin a sum."""
    return [0, 0, 0, 0, 0]


def add(sums: Sums, delta: Sequence[int], sign: int = 1) -> None:
    """Add to a sum in place; with ``sign`` -1 take it out again."""
    # Written out: every row passes here several times.
    sums[0] += sign * delta[0]
    sums[1] += sign * delta[1]
    sums[2] += sign * delta[2]
    sums[3] += sign * delta[3]
    sums[4] += sign * delta[4]


class Buckets:
    """Sums by minute and by the longer sizes that are asked for; where nothing is counted any more there is none."""

    __slots__ = ("levels", "minutes")

    def __init__(self, sizes: Iterable[int]) -> None:
        """Begin empty. ``sizes`` are in milliseconds; minutes are always there."""
        self.minutes: dict[int, Sums] = {}
        self.levels: dict[int, dict[int, Sums]] = {MINUTE_MS: self.minutes}
        self.levels |= {size: {} for size in sizes if size != MINUTE_MS}

    def count(
        self, minute: int, aim: Aim, good: int, total: int, all_good: int, all_total: int, *, is_open: bool
    ) -> Delta:
        """
        Change a minute's sums; return by how much each sum that the minute lies in changes. One that is not open
        misses nothing.
        """
        held = self.minutes.get(minute)
        if held is None:
            held = self.minutes[minute] = nothing()
        was = held[MISSED]
        now = int(is_open and missed(aim, held[GOOD] + good, held[TOTAL] + total))
        delta = (good, total, now - was, all_good, all_total)
        for size, level in self.levels.items():
            start = minute - minute % size
            bucket = level.get(start)
            if bucket is None:
                bucket = level[start] = nothing()
            add(bucket, delta)
            if not any(bucket):
                del level[start]
        return delta

    def at(self, size: int, start: int) -> Sums | None:
        """Return the sums of one bucket; None where nothing was counted in it."""
        return self.levels[size].get(start)

    def trim(self, kept: dict[int, int]) -> None:
        """Forget the buckets of each size that began before its instant."""
        for size, before in kept.items():
            level = self.levels[size]
            for start in [start for start in level if start < before]:
                del level[start]

    def empty(self) -> bool:
        """Tell whether nothing is kept."""
        return not any(self.levels.values())

    def written(self) -> list[Any]:
        """Return all that is kept, in an order that does not depend on how it came."""
        return [[[start, *level[start]] for start in sorted(level)] for level in self.levels.values()]

    def restore(self, written: list[Any]) -> None:
        """Take back what was written."""
        for level, rows in zip(self.levels.values(), written, strict=True):
            level.update({start: list(sums) for start, *sums in rows})


__all__ = [
    "ALL_GOOD", "ALL_TOTAL", "GOOD", "MISSED", "TOTAL", "Buckets", "Delta", "Sums",
    "add", "nothing",
]  # fmt: skip
