"""
Distributions of a clock's values: exact while they are few, buckets when they are many.

A minute that may still be corrected keeps its values as they are; they are no more than the journeys that are held
for it anyway. When it can no longer change it is *settled*: up to 64 values stay as they are, more become buckets of
a histogram. What is settled depends on which values there are and on nothing else, so neither the order in which they
came nor the corrections on the way show in it, and settling the sum of settled parts gives the same as settling the
whole: minutes become hours, and hours days, without anything depending on when. Every window of up to 64 values is
therefore exact, for so are all of its parts.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from domain.histogram import Buckets, at_rank, bounds, bucket_of, merged, rank_of, record

FEW: Final = 64
"""So many values are kept as they are for good."""


class Percentile(NamedTuple):
    """
    A percentile in the unit of the values, of how many, and whether it is exact or the upper end of a bucket.
    """

    value: int
    n: int
    exact: bool


class Distribution(NamedTuple):
    """
    Values of a clock; each is counted in one of the two: as it is, or in its bucket.
    """

    values: dict[int, int]
    buckets: Buckets

    @classmethod
    def of(cls, values: Iterable[int] = ()) -> "Distribution":
        """
        A distribution of these values as they are.
        """
        made = cls({}, {})
        for value in values:
            made.add(value)
        return made

    @classmethod
    def total(cls, many: "Iterable[Distribution]") -> "Distribution":
        """
        The sum of any number of them.
        """
        parts = list(many)
        return cls(merged(part.values for part in parts), merged(part.buckets for part in parts))

    @property
    def n(self) -> int:
        return sum(self.values.values()) + sum(self.buckets.values())

    def add(self, value: int, times: int = 1) -> None:
        """
        Count a value so many times, in place; below zero take it out again. Only before it is settled.
        """
        bucket_of(value)
        record(self.values, value, times)

    def without(self, part: "Distribution") -> "Distribution":
        """
        What is left when a part that was added, and is the same since, is taken out: a window that moves on.
        """
        return Distribution(
            merged([self.values, merged([part.values], -1)]), merged([self.buckets, merged([part.buckets], -1)])
        )

    def settled(self) -> "Distribution":
        """
        What is kept when nothing can change any more: few values as they are, more as buckets.
        """
        if not self.buckets and self.n <= FEW:
            return Distribution(dict(self.values), {})
        return Distribution({}, self._as_buckets())

    def percentile(self, numerator: int, denominator: int = 100) -> Percentile | None:
        """
        The percentile by the nearest rank; None where nothing was counted.
        """
        if not self.values and not self.buckets:
            return None
        n = self.n
        rank = rank_of(n, numerator, denominator)
        if self.buckets:
            lowest, highest = bounds(at_rank(self._as_buckets(), rank))
            return Percentile(highest, n, exact=lowest == highest)
        return Percentile(at_rank(self.values, rank), n, exact=True)

    def _as_buckets(self) -> Buckets:
        held = dict(self.buckets)
        for value, count in self.values.items():
            record(held, bucket_of(value), count)
        return held


__all__ = ["FEW", "Distribution", "Percentile"]
