"""
Uncertainty of figures: the interval that a share, a mean or a net promoter score is likely to lie in.

A figure of few journeys says little, and it has to show that. Everything comes from integer sums, so parts may be
added before anything is worked out; what is returned are floating-point numbers to be shown, never to be kept. What
is *decided* about a share against a target is decided in integers, by ``surely_misses``.

Every interval has a confidence of 95 %.
"""

from math import sqrt
from typing import Final, NamedTuple

from schemas.base import BASIS_POINTS

Z: Final = 1.959963984540054
"""97.5 % of a standard normal distribution lies below this: 95 % lie within ± this."""
_Z_SQUARED: Final = (384_146, 100_000)
"""The square of it as a fraction of integers, for decisions: 3.84146."""

_STUDENT: Final = (
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
    2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
)  # fmt: skip
"""The same for Student's t with 1, 2, … 20 degrees of freedom (Student, Biometrika 6, 1908, 1-25)."""


class Interval(NamedTuple):
    """
    Where a figure is likely to lie, in the figure's own unit.
    """

    low: float
    high: float


class Mean(NamedTuple):
    """
    A mean with its standard error and interval, in the unit of the values; of one value alone neither is known, and
    values that are all alike have no interval.
    """

    n: int
    mean: float
    standard_error: float | None
    interval: Interval | None


class NetPromoterScore(NamedTuple):
    """
    Promoters less detractors in percent, from -100 to 100, with its standard error and interval in the same points.
    """

    n: int
    score: float
    standard_error: float
    interval: Interval | None
    """None where all answered alike: a few of one mind do not make it sure what others will say."""


def share_interval(good: int, total: int) -> Interval | None:
    """
    The interval of a share; None where nothing was counted.

    The score interval of Wilson (Journal of the American Statistical Association 22, 1927, 209-212): right for few
    journeys and for shares near 0 or 1, where the usual ± is not.
    """
    if total == 0:
        return None
    share, square = good / total, Z * Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    reach = Z / (1 + square / total) * sqrt(share * (1 - share) / total + square / (4 * total * total))
    # At the ends the bound is the end itself; rounding must not move it past the share.
    return Interval(0.0 if good == 0 else max(middle - reach, 0.0), 1.0 if good == total else min(middle + reach, 1.0))


def surely_misses(good: int, total: int, target: int, better: str) -> bool:
    """
    Whether a share misses its target (basis points) by more than chance explains: the target lies beyond the interval.

    Decided in integers: the bound of Wilson's interval is where (share - target)² = z²·target·(1 - target)/n.
    ``better`` is ``higher`` or ``lower``; of nothing counted nothing is sure.
    """
    gap = good * BASIS_POINTS - target * total
    if (gap >= 0) if better == "higher" else (gap <= 0):
        return False
    numerator, denominator = _Z_SQUARED
    return gap * gap * denominator > numerator * target * (BASIS_POINTS - target) * total


def mean_of(n: int, total: int, squares: int) -> Mean | None:
    """
    The mean of n values from their sum and the sum of their squares; None where there are none.

    The standard error is that of the sample (n - 1); the interval is Student's, which few values need. Where all are
    alike their spread says nothing, so there is none.
    """
    if n == 0:
        return None
    mean = total / n
    if n == 1:
        return Mean(1, mean, None, None)
    # In integers to the end: the difference of two large squares is what floating-point numbers lose first.
    error = sqrt((n * squares - total * total) / (n * n * (n - 1)))
    if error == 0:
        return Mean(n, mean, error, None)
    reach = _student(n - 1) * error
    return Mean(n, mean, error, Interval(mean - reach, mean + reach))


def net_promoter_score(n: int, promoters: int, detractors: int) -> NetPromoterScore | None:
    """
    The net promoter score of n answers: 100·(p - d); None where there are none.

    Its variance is that of a variable that is 1, 0 or -1: 100²·(p + d - (p - d)²)/n. Where all answered alike, as one
    answer always does, it is zero, and there is no interval.
    """
    if n == 0:
        return None
    net = promoters - detractors
    error = 100 * sqrt((n * (promoters + detractors) - net * net) / (n * n * n))
    score = 100 * net / n
    if error == 0:
        return NetPromoterScore(n, score, error, None)
    return NetPromoterScore(n, score, error, Interval(max(score - Z * error, -100.0), min(score + Z * error, 100.0)))


def _student(freedom: int) -> float:
    """
    The factor of a 95 % interval for so many degrees of freedom.

    From 21 on by the expansion around the normal (Fisher and Cornish, Technometrics 2, 1960, 209-225), which is right
    to four decimals there.
    """
    if freedom <= len(_STUDENT):
        return _STUDENT[freedom - 1]
    first = (Z**3 + Z) / 4
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    third = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    return Z + first / freedom + second / freedom**2 + third / freedom**3


__all__ = [
    "Interval",
    "Mean",
    "NetPromoterScore",
    "Z",
    "mean_of",
    "net_promoter_score",
    "share_interval",
    "surely_misses",
]
