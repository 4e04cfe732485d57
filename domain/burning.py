"""
Burn rates: how many times faster than allowed an error budget is spent, and when that is worth waking somebody.

Burn rate = (bad/total)/(1 - target). At 1 the budget lasts exactly for its period; it is never more than
1/(1 - target), which is 5 for a target of 80 %. The usual conditions of 14.4 and 6 can therefore never fire on such a
target: here a condition states the share of the budget that its window may spend, its factor follows from that and
from the length of the period in open time, and is capped below the greatest possible. All is decided in integers.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from schemas.base import BASIS_POINTS, DAY_MS, HOUR_MS, MINUTE_MS

Ratio = tuple[int, int]
"""Numerator and positive denominator."""
Pair = tuple[int, int]
"""(bad, total) of a window."""

_REACHABLE: Final = 9_000
"""A capped factor is this part (basis points) of the greatest burn: nine in ten of what is bad at worst."""


class Tier(NamedTuple):
    """
    One condition as it is written: the share of the budget that its long window may spend, and the two windows.
    """

    name: str
    share: int
    """Basis points of the period's budget."""
    long_ms: int
    short_ms: int
    """The short window must burn as well: what is over is not worth waking anybody for."""
    minimum_bad: int = 1
    """With fewer bad events than this in the long window nothing fires: one of two is no trend."""
    always_at: int | None = None
    """With so many bad events in the long window it fires though the short window is quiet, or has no traffic."""


USUAL_TIERS: Final = (
    Tier("hour", 200, HOUR_MS, 300_000),
    Tier("six_hours", 500, 21_600_000, 1_800_000),
    Tier("day", 1_000, DAY_MS, 7_200_000),
    Tier("three_days", 1_000, 259_200_000, 21_600_000),
)
"""Highest first, for a period of 30 days (The Site Reliability Workbook, 2018, chapter 5; the day after Sloth)."""


URGENT: Final = frozenset({"hour", "six_hours"})
"""Those of them for which somebody is called; the others can wait for the morning."""
_USUAL_PERIOD_MS: Final = 30 * DAY_MS


class Condition(NamedTuple):
    """
    A tier with the factor that its windows must reach for one target and period.
    """

    tier: Tier
    factor: Ratio
    capped: bool
    """Whether the factor that follows from the share lies too near the greatest possible burn, or beyond it."""


class Standing(StrEnum):
    """
    Where a condition stands, and why.
    """

    FIRES = "fires"
    INHIBITED = "inhibited"
    """It would fire, but a higher one does: one call is enough."""
    NO_TRAFFIC = "no_traffic"
    TOO_FEW_BAD = "too_few_bad"
    LONG_WINDOW_BELOW = "long_window_below"
    SHORT_WINDOW_BELOW = "short_window_below"
    """It has burnt, and does no longer."""


class TierFault(StrEnum):
    """
    What is wrong with a tier for a target and a period.
    """

    NO_BUDGET = "no_budget"
    """A target of 100 % allows nothing, so nothing can be spent too fast."""
    SHORT_NOT_SHORTER = "short_not_shorter"
    LONGER_THAN_PERIOD = "longer_than_period"
    WITHIN_BUDGET = "within_budget"
    """Its factor is below 1: it fires though the budget lasts."""


def burn_rate(bad: int, total: int, target: int) -> Ratio | None:
    """
    How many times faster than allowed; None without traffic or without a budget.
    """
    return (bad * BASIS_POINTS, total * (BASIS_POINTS - target)) if total and target < BASIS_POINTS else None


def burns(bad: int, total: int, target: int, factor: Ratio) -> bool:
    """
    Whether a window burns at least so many times faster than allowed.
    """
    rate = burn_rate(bad, total, target)
    return rate is not None and not _less(rate, factor)


def condition_of(tier: Tier, target: int, period_ms: int) -> Condition:
    """
    Derive the factor of a tier: share × period / long window, and at most nine tenths of the greatest possible burn.

    The target must leave a budget, which ``faults_of`` says beforehand.
    """
    derived = (tier.share * period_ms, BASIS_POINTS * tier.long_ms)
    highest = (_REACHABLE, BASIS_POINTS - target)
    if target >= BASIS_POINTS:
        msg = "a target of 100 % leaves no budget to burn"
        raise ValueError(msg)
    return Condition(tier, highest, capped=True) if _less(highest, derived) else Condition(tier, derived, capped=False)


def faults_of(tier: Tier, target: int, period_ms: int) -> tuple[TierFault, ...]:
    """
    Say what is wrong with a tier; of none nothing.
    """
    found = []
    if target >= BASIS_POINTS:
        found.append(TierFault.NO_BUDGET)
    if tier.short_ms >= tier.long_ms:
        found.append(TierFault.SHORT_NOT_SHORTER)
    if tier.long_ms > period_ms:
        found.append(TierFault.LONGER_THAN_PERIOD)
    if tier.share * period_ms < BASIS_POINTS * tier.long_ms:
        found.append(TierFault.WITHIN_BUDGET)
    return tuple(found)


def usual_tiers(target: int, period_ms: int) -> tuple[Tier, ...]:
    """
    The usual tiers for a period: those that make sense as they are, or of a short period their windows in proportion.

    In proportion the windows are whole minutes, the long one rounded up; of a period below two hours there is none.
    """
    as_they_are = tuple(tier for tier in USUAL_TIERS if not faults_of(tier, target, period_ms))
    if as_they_are:
        return as_they_are
    scaled = [
        tier._replace(
            long_ms=-(-tier.long_ms * period_ms // (_USUAL_PERIOD_MS * MINUTE_MS)) * MINUTE_MS,
            short_ms=tier.short_ms * period_ms // (_USUAL_PERIOD_MS * MINUTE_MS) * MINUTE_MS,
        )
        for tier in USUAL_TIERS
    ]
    return tuple(tier for tier in scaled if tier.short_ms and not faults_of(tier, target, period_ms))


def standings(conditions: Sequence[Condition], target: int, windows: Sequence[tuple[Pair, Pair]]) -> list[Standing]:
    """
    Where each condition stands, highest first, from what its long and its short window hold; at most one fires.
    """
    found: list[Standing] = []
    for condition, (long, short) in zip(conditions, windows, strict=True):
        standing = _standing(condition, target, long, short)
        fires = standing is Standing.FIRES
        found.append(Standing.INHIBITED if fires and Standing.FIRES in found else standing)
    return found


def _standing(condition: Condition, target: int, long: Pair, short: Pair) -> Standing:
    tier, factor, _ = condition
    bad, total = long
    if not total:
        return Standing.NO_TRAFFIC
    if bad < tier.minimum_bad:
        return Standing.TOO_FEW_BAD
    if not burns(*long, target, factor):
        return Standing.LONG_WINDOW_BELOW
    many = tier.always_at is not None and bad >= tier.always_at
    return Standing.FIRES if many or burns(*short, target, factor) else Standing.SHORT_WINDOW_BELOW


def _less(one: Ratio, other: Ratio) -> bool:
    return one[0] * other[1] < other[0] * one[1]


__all__ = [
    "URGENT",
    "USUAL_TIERS",
    "Condition",
    "Pair",
    "Ratio",
    "Standing",
    "Tier",
    "TierFault",
    "burn_rate",
    "burns",
    "condition_of",
    "faults_of",
    "standings",
    "usual_tiers",
]
