"""
Shapes: which values a scope counted, by minute, hour and day of arrival, where an objective is held to a percentile.

Whether a percentile keeps its target follows from two sums, as with every other metric. Shapes say what it comes to,
which is asked when a verdict is told and not at every minute; so windows keep no shape of their own but for what they
counted in minutes that are forgotten. What can no longer change is settled (``domain.distributions``), so a window of
up to 64 values is told exactly however long it is, and none depends on the order in which its rows came.
"""

from collections.abc import Iterable
from typing import Any, Final

from domain.distributions import Distribution
from schemas.base import MINUTE_MS

Values = tuple[tuple[int, int], ...]
"""Values in milliseconds, rising, each with how many had it."""
Stretch = tuple[str, int, int]
"""A window of the calendar by its label, its first instant and that after its last."""
_Written = tuple[list[tuple[int, int]], list[tuple[int, int]]]

_NOTHING: Final = Distribution({}, {})


class Shapes:
    """What was counted in one scope; there is a bucket only where something was."""

    __slots__ = ("aged", "levels")

    def __init__(self, sizes: Iterable[int]) -> None:
        """Begin empty. ``sizes`` are those of the sums beside it, in milliseconds."""
        self.levels: dict[int, dict[int, Distribution]] = {size: {} for size in sizes}
        self.aged: dict[tuple[str, int], Distribution] = {}
        """By label and first instant of a window of the calendar: what it counted in minutes that are forgotten."""

    def count(self, minute: int, values: Values, sign: int = 1) -> None:
        """Count the values of a row, or with ``sign`` -1 take them out again."""
        for size, level in self.levels.items():
            start = minute - minute % size
            shape = level.setdefault(start, Distribution({}, {}))
            for value, times in values:
                shape.add(value, sign * times)
            if not shape.values and not shape.buckets:
                del level[start]

    def rolling(self, begin: int, now: int, step: int) -> Distribution:
        """Add up what a rolling window holds, whose far end moves in steps of ``step`` milliseconds."""
        held = [shape for start, shape in self.levels[step].items() if begin <= start < now]
        until = -(-now // step) * step
        ahead = [shape for minute, shape in self.levels[MINUTE_MS].items() if now <= minute < until]
        return Distribution.total(held).without(Distribution.total(ahead))

    def of_calendar(self, stretch: Stretch, now: int) -> Distribution:
        """Add up what a window of the calendar holds of the minutes that have been reached."""
        label, begin, end = stretch
        until = min(end, now)
        held = [shape for minute, shape in self.levels[MINUTE_MS].items() if begin <= minute < until]
        return Distribution.total([*held, self.aged.get((label, begin), _NOTHING)])

    def trim(self, kept: dict[int, int], settled: int, stretches: list[Stretch]) -> None:
        """
        Forget the buckets of each size that began before its instant, but for what windows of the calendar still ask
        for. Before ``settled`` nothing can change any more; it is an hour later each time.
        """
        minutes = self.levels[MINUTE_MS]
        for minute in [minute for minute in minutes if minute < kept[MINUTE_MS]]:
            shape = minutes.pop(minute)
            for label, begin, end in stretches:
                if begin <= minute < end:
                    aged = self.aged.get((label, begin), _NOTHING)
                    self.aged[label, begin] = Distribution.total([aged, shape]).settled()
        for size, before in kept.items():
            level = self.levels[size]
            for start in [start for start in level if start < before]:
                del level[start]
            ripe = (settled // size - 1) * size
            if ripe in level:
                level[ripe] = level[ripe].settled()
        over = self.aged.keys() - {stretch[:2] for stretch in stretches}
        for key in over:
            del self.aged[key]

    def written(self) -> list[Any]:
        """Return all that is kept, in an order that does not depend on how it came."""
        levels = [[[start, *_pairs(level[start])] for start in sorted(level)] for level in self.levels.values()]
        return [levels, [[*key, *_pairs(self.aged[key])] for key in sorted(self.aged)]]

    def restore(self, written: list[Any]) -> None:
        """Take back what was written."""
        levels, aged = written
        for level, buckets in zip(self.levels.values(), levels, strict=True):
            level.update({start: Distribution(dict(values), dict(more)) for start, values, more in buckets})
        self.aged = {(label, begin): Distribution(dict(values), dict(more)) for label, begin, values, more in aged}


def _pairs(shape: Distribution) -> _Written:
    return sorted(shape.values.items()), sorted(shape.buckets.items())


__all__ = ["Shapes", "Stretch", "Values"]
