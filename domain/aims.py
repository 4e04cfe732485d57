"""
Aims: what many journeys together should reach, and what a figure of theirs says about it.

All is decided in integers: a figure is a pair (good, total), a target is counted in the metric's own steps (basis
points of a share, milliseconds of a mean).

A percentile keeps its target exactly where enough of the values do not exceed it. So the pair that decides is (values
within the target, values), whose sums are exact over any window; what the percentile comes to is told beside it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from domain.catalogue import CATALOGUE, keeps
from domain.distributions import Distribution
from domain.metrics import UNITS
from schemas.base import BASIS_POINTS
from schemas.objectives import PERCENTILES


class Aim(NamedTuple):
    """
    A metric's target, and how many journeys it takes before the figure says anything.
    """

    metric: str
    target: int
    """In steps of the metric's unit."""
    steps: int
    """How many steps make one."""
    higher: bool
    """Whether more is better."""
    minimum_n: int = 1
    within: int = 0
    """Of a percentile: basis points of the values that must not exceed the target; 0 for any other metric."""

    @classmethod
    def of(cls, metric: str, target: int, minimum_n: int = 1) -> "Aim":
        """
        The aim of a metric of the catalogue by its name.
        """
        known = CATALOGUE[metric]
        within = PERCENTILES.get(metric, 0)
        return cls(metric, target, UNITS[known.unit][1], known.better == "higher", minimum_n, within)

    @property
    def has_budget(self) -> bool:
        """
        Whether single events are good or bad, so that a number of bad ones can be allowed; a mean has none.
        """
        return self.steps == BASIS_POINTS or self.within > 0

    @property
    def good_target(self) -> int:
        """
        Basis points that must be good; a metric that is better low allows its own target to be bad.
        """
        if self.within:
            return self.within
        return self.target if self.higher else BASIS_POINTS - self.target

    def bad(self, good: int, total: int) -> int:
        """
        How many of the figure's events went wrong.
        """
        return total - good if self.higher or self.within else good


class Finding(StrEnum):
    """
    What a figure says about its aim.
    """

    KEPT = "kept"
    MISSED = "missed"
    TOO_FEW = "too_few"
    """Fewer than the minimum: the figure says nothing."""
    NO_DATA = "no_data"
    """Nothing was counted: there is no figure, neither 0 % nor 100 %."""


def missed(aim: Aim, good: int, total: int) -> bool:
    """
    Whether a figure misses its target; of nothing counted nothing is missed. The target itself still keeps it.
    """
    if aim.within:
        return good * BASIS_POINTS < aim.within * total
    return keeps(CATALOGUE[aim.metric], good, total, aim.target) is False


def among(aim: Aim, values: Mapping[int, int]) -> tuple[int, int]:
    """
    The pair of a percentile: how many values do not exceed its target, and how many there are.
    """
    return sum(times for value, times in values.items() if value <= aim.target), sum(values.values())


def percentile_of(aim: Aim, values: Mapping[int, int]) -> int | None:
    """
    What the percentile comes to, in milliseconds, of values of which all are known; None of none.
    """
    reached = Distribution(dict(values), {}).percentile(aim.within, BASIS_POINTS)
    return None if reached is None else reached.value


def found(aim: Aim, good: int, total: int) -> Finding:
    """
    Say what a figure says about its aim.
    """
    if total == 0:
        return Finding.NO_DATA
    if total < aim.minimum_n:
        return Finding.TOO_FEW
    return Finding.MISSED if missed(aim, good, total) else Finding.KEPT


__all__ = ["Aim", "Finding", "among", "found", "missed", "percentile_of"]
