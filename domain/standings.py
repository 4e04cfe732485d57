"""
Standings: what a figure over a window says, with everything that somebody needs who does not trust it.

The counts, the interval that the figure is likely to lie in, the target, what is left out and what the figure would
be with it, and the error budget by each way of counting it: all beside one another.
"""

from typing import NamedTuple

from domain.aims import Aim, Finding
from domain.budgets import Basis, Budget
from domain.catalogue import counted_of
from domain.statistics import Interval, share_interval
from schemas.base import BASIS_POINTS


class BudgetLine(NamedTuple):
    """
    One way of counting an error budget, with the counts that it is made of and how long it lasts at the present pace.
    """

    budget: Budget
    counted_in: str
    """`events`, or `time`: minutes."""
    bad: int
    total: int
    exhausted_in_ms: int | None
    """None: it lasts; 0: nothing is left."""

    def formula_of(self, metric: str) -> str:
        """
        How it is made, with its numbers, and what the metric counts.
        """
        unit = counted_of(metric) if self.counted_in == "events" else "minutes"
        word = "so far" if self.budget.basis is Basis.SO_FAR else "if it goes on like this"
        allowed, left = (_whole(amount) for amount in (self.budget.allowed, self.budget.left))
        return f"{allowed} of the {unit} {word} may go wrong − {self.bad:,} of {self.total:,} that did = {left}"


def _whole(amount: int) -> str:
    whole, part = divmod(abs(amount), BASIS_POINTS)
    sign = "−" if amount < 0 else ""
    return f"{sign}{whole:,}" + (f".{part // 1_000}" if part // 1_000 else "")


class Standing(NamedTuple):
    """
    What one version of a standard has reached in one scope and window. Instants and durations are milliseconds.
    """

    standard: str
    version: int
    scope: str
    window: str
    zone: str
    begin: int
    end: int | None
    """Where a window of the calendar ends; None for a rolling one, which ends now."""
    as_of: int
    aim: Aim
    finding: Finding
    good: int
    total: int
    all_good: int
    """The figure with what exclusions leave out."""
    all_total: int
    budgets: tuple[BudgetLine, ...]
    percentile_ms: int | None = None
    """Where the aim is a percentile, what it comes to; exact up to 64 values. ``good`` are those within the target."""
    all_percentile_ms: int | None = None
    """What it comes to with what exclusions leave out."""

    @property
    def partly(self) -> bool:
        """
        Whether the window is not over yet.
        """
        return self.end is not None and self.as_of < self.end

    @property
    def interval(self) -> Interval | None:
        """
        Where the share is likely to lie (95 %), of a percentile that of the values within its target; None for a mean,
        whose sums do not say, and where nothing was counted.
        """
        return share_interval(self.good, self.total) if self.aim.has_budget else None


__all__ = ["BudgetLine", "Standing"]
