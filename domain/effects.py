"""
Whether an action helped: shares before and after it, beside those of places where nothing was done.
"""

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

from domain.statistics import Interval, share_interval

__all__ = ["Effect", "Share", "effect_of", "summed"]


class Share(NamedTuple):
    """
    Good of total.
    """

    good: int
    total: int


class Effect(NamedTuple):
    """
    By how much a share rose (1 is a hundred percentage points), and where that is likely to lie (95 %).
    """

    rise: float
    interval: Interval

    @property
    def sure(self) -> bool:
        """
        Whether it is more than chance explains.
        """
        return self.interval.low > 0 or self.interval.high < 0


def effect_of(before: Share, after: Share, others: tuple[Share, Share] | None = None) -> Effect | None:
    """
    How much a share rose where something was done, less what it rose among others, where nothing was; None where one
    of the shares is of nothing.

    The difference of differences (a1 - b1) - (a0 - b0). Its interval is put together from Wilson's intervals of the
    shares: each bound lies as far from the difference as the root of the sum of squares of how far the bounds of the
    shares lie from these, on the side that counts (Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702; of two
    shares it is method 10 of Newcombe, Statistics in Medicine 17, 1998, 873-890). It takes journeys to be independent:
    where days differ much from each other it is too narrow.
    """
    signed = [(1, after), (-1, before)]
    if others is not None:
        signed += [(-1, others[1]), (1, others[0])]
    rise, below, above = 0.0, 0.0, 0.0
    for sign, share in signed:
        interval = share_interval(*share)
        if interval is None:
            return None
        value = share.good / share.total
        down, up = value - interval.low, interval.high - value
        rise += sign * value
        below += (down if sign > 0 else up) ** 2
        above += (up if sign > 0 else down) ** 2
    return Effect(rise, Interval(rise - sqrt(below), rise + sqrt(above)))


def summed(shares: Iterable[Share]) -> Share:
    """
    Sums over sums.
    """
    held = list(shares)
    return Share(sum(one.good for one in held), sum(one.total for one in held))
