"""
Error budgets: how much of what a target allows to go wrong has gone wrong, and how long the rest will last.

A target of 80 % allows a fifth to be bad. Counted is in events (journeys, answers) or in milliseconds of open time:
``bad`` and ``total`` are of the same kind, and every duration here is open time, for nothing is spent while a site is
closed. Targets are basis points that must be *good*; a metric that is better low (at most 5 % abandoned) allows its
own target. Amounts are kept in ten-thousandths of an event, so that nothing is rounded before it is compared.
"""

from enum import StrEnum
from typing import NamedTuple

from schemas.base import BASIS_POINTS


class Basis(StrEnum):
    """
    What a budget of a period that is not over yet is a share of.
    """

    SO_FAR = "so_far"
    """Of the traffic so far: grows with it, and says whether the target is kept today."""
    PROJECTED = "projected"
    """Of the traffic of the whole period, if it goes on as it did: says what the rest of the period may still cost."""


class Budget(NamedTuple):
    """
    What is allowed and what is spent, in ten-thousandths of an event (or of a millisecond of open time).
    """

    basis: Basis
    allowed: int
    spent: int

    @property
    def left(self) -> int:
        """
        What is left; below zero where more was spent than allowed.
        """
        return self.allowed - self.spent

    @property
    def left_whole(self) -> int:
        """
        How many whole events may still go wrong; below zero, how many too many have.
        """
        return self.left // BASIS_POINTS

    @property
    def kept(self) -> bool:
        return self.left >= 0


def budget_so_far(bad: int, total: int, target: int) -> Budget:
    """
    The budget of the traffic so far.
    """
    return Budget(Basis.SO_FAR, (BASIS_POINTS - target) * total, bad * BASIS_POINTS)


def budget_projected(bad: int, total: int, target: int, elapsed_ms: int, period_ms: int) -> Budget | None:
    """
    The budget of the whole period, if the rest brings traffic as the part that has elapsed; None before it began.

    Of open time nothing has to be guessed: with the elapsed time as ``total`` it is what the period allows.
    """
    if elapsed_ms > period_ms:
        msg = f"{elapsed_ms} ms of a period of {period_ms} ms cannot have elapsed"
        raise ValueError(msg)
    if elapsed_ms == 0:
        return None
    allowed = (BASIS_POINTS - target) * total * period_ms // elapsed_ms
    return Budget(Basis.PROJECTED, allowed, bad * BASIS_POINTS)


def exhausted_in(budget: Budget, target: int, bad: int, total: int, window_ms: int) -> int | None:
    """
    After how much open time nothing will be left, at the rate of the last window; None if never, 0 if nothing is.

    ``bad`` and ``total`` are those of the window. A budget of the traffic so far gains with every event what it allows;
    a projected one has that already.
    """
    if budget.left <= 0:
        return 0
    gained = (BASIS_POINTS - target) * total if budget.basis is Basis.SO_FAR else 0
    rate = bad * BASIS_POINTS - gained
    return budget.left * window_ms // rate if rate > 0 else None


__all__ = ["Basis", "Budget", "budget_projected", "budget_so_far", "exhausted_in"]
