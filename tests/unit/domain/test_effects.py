"""
Whether an action helped, against figures that were published with the formula, and laws that must hold of any.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.effects import Share, effect_of, summed

SHARES = st.integers(1, 10_000).flatmap(lambda n: st.integers(0, n).map(lambda good: Share(good, n)))


def test_of_two_shares_it_is_the_interval_that_newcombe_printed() -> None:
    """His example (a), method 10: 56/70 less 48/80 is 0.2, from 0.0524 to 0.3339."""
    effect = effect_of(Share(48, 80), Share(56, 70))
    assert effect is not None
    assert (effect.rise, *effect.interval) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert effect.sure


def test_what_rose_among_others_as_well_is_no_effect() -> None:
    effect = effect_of(Share(600, 1_000), Share(700, 1_000), (Share(1_200, 2_000), Share(1_400, 2_000)))
    assert effect is not None
    assert effect.rise == pytest.approx(0)
    assert not effect.sure


def test_of_nothing_there_is_no_effect() -> None:
    assert effect_of(Share(0, 0), Share(1, 2)) is None
    assert effect_of(Share(1, 2), Share(1, 2), (Share(1, 2), Share(0, 0))) is None


@given(SHARES, SHARES, SHARES, SHARES)
def test_it_lies_in_its_interval_and_turned_round_it_is_its_opposite(a: Share, b: Share, c: Share, d: Share) -> None:
    one, back = effect_of(a, b, (c, d)), effect_of(b, a, (d, c))
    assert one is not None
    assert back is not None
    assert one.interval.low <= one.rise <= one.interval.high
    assert (-back.interval.high, -back.interval.low) == pytest.approx(tuple(one.interval))
    assert summed([a, b]) == (a.good + b.good, a.total + b.total)
