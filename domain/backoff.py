"""
How long to wait before an attempt is made again: longer each time, and by lot, so that many do not come back at once.

Exponential backoff with full jitter, as Marc Brooker works it out in "Exponential Backoff And Jitter" (2015): the wait
is drawn evenly between nothing and a bound that doubles.
"""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.base import Millis

__all__ = ["Backoff", "Draw", "wait_before"]

Draw = Callable[[int], int]
"""Draws evenly among 0, 1, … n - 1."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """
    The bound of the first wait, and the bound that no wait exceeds.
    """

    first_ms: Millis = 1_000
    longest_ms: Millis = 300_000


def wait_before(attempt: int, backoff: Backoff, draw: Draw) -> Millis:
    """
    Say how long to wait before the attempt of this number; the first one that was made has the number 1.
    """
    doublings = min(max(attempt - 2, 0), 40)
    bound = min(backoff.first_ms << doublings, backoff.longest_ms)
    return draw(bound + 1)
