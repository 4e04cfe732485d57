"""
Waits before an attempt is made again: by lot below a bound that doubles up to an end.
"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backoff import Backoff, wait_before

RULE = Backoff(first_ms=1_000, longest_ms=300_000)


def highest(n: int) -> int:
    """The lot that always draws the largest."""
    return n - 1


@pytest.mark.parametrize(
    ("attempt", "bound"),
    [(1, 1_000), (2, 1_000), (3, 2_000), (4, 4_000), (10, 256_000), (11, 300_000), (5_000, 300_000)],
)
def test_the_bound_doubles_up_to_the_longest_wait(attempt: int, bound: int) -> None:
    assert wait_before(attempt, RULE, highest) == bound


@given(st.integers(1, 10_000), st.randoms(use_true_random=False))
def test_the_whole_wait_is_drawn(attempt: int, lot: random.Random) -> None:
    assert 0 <= wait_before(attempt, RULE, lot.randrange) <= RULE.longest_ms
    assert wait_before(attempt, RULE, lambda _: 0) == 0
