"""
Burn rates: what can fire and what never could, factors from shares, gates for low traffic, one call at a time.
"""

from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.burning import (
    USUAL_TIERS,
    Condition,
    Standing,
    Tier,
    TierFault,
    burn_rate,
    burns,
    condition_of,
    faults_of,
    standings,
)

HOUR = 3_600_000
DAY = 24 * HOUR
MONTH = 30 * DAY
targets = st.integers(0, 9_999)
ratios = st.tuples(st.integers(0, 10**6), st.integers(1, 10**4))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[int, int]:
    total = draw(st.integers(0, 500))
    return draw(st.integers(0, total)), total


def test_the_greatest_burn_of_an_80_percent_target_is_five() -> None:
    greatest = burn_rate(1, 1, 8_000)
    assert greatest is not None
    assert Fraction(*greatest) == 5
    assert burn_rate(1, 1, 10_000) is None


@pytest.mark.parametrize(
    ("factor", "target", "possible"),
    [
        ((144, 10), 8_000, False),
        ((6, 1), 8_000, False),
        ((5, 1), 8_000, True),
        ((144, 10), 9_900, True),
        ((1, 1), 10_000, False),
    ],
)
def test_the_usual_conditions_can_never_fire_on_an_80_percent_target(
    factor: tuple[int, int], target: int, possible: bool
) -> None:
    assert burns(1, 1, target, factor) is possible


@given(pairs(), targets)
def test_a_burn_rate_is_the_share_of_bad_over_the_share_allowed(pair: tuple[int, int], target: int) -> None:
    rate, (bad, total) = burn_rate(*pair, target), pair
    if total:
        assert rate is not None
        assert Fraction(*rate) == Fraction(bad, total) / (1 - Fraction(target, 10_000))
    else:
        assert rate is None


@given(pairs(), targets, ratios)
def test_what_cannot_fire_never_does(pair: tuple[int, int], target: int, factor: tuple[int, int]) -> None:
    rate = burn_rate(*pair, target)
    assert burns(*pair, target, factor) == (rate is not None and Fraction(*rate) >= Fraction(*factor))
    assert burns(1, 1, target, factor) or not burns(*pair, target, factor)


def test_factors_of_a_99_percent_target_are_those_of_the_literature() -> None:
    found = [condition_of(tier, 9_900, MONTH) for tier in USUAL_TIERS]
    assert [float(Fraction(*one.factor)) for one in found] == [14.4, 6.0, 3.0, 1.0]
    assert not any(one.capped for one in found)


def test_factors_beyond_the_greatest_burn_are_capped_below_it() -> None:
    found = [condition_of(tier, 8_000, MONTH) for tier in USUAL_TIERS]
    assert [(float(Fraction(*one.factor)), one.capped) for one in found] == [
        (4.5, True),
        (4.5, True),
        (3.0, False),
        (1.0, False),
    ]


def test_a_shop_that_is_open_half_the_day_has_half_the_factor() -> None:
    assert Fraction(*condition_of(USUAL_TIERS[0], 9_900, MONTH // 2).factor) == Fraction(72, 10)


@given(st.integers(1, 10_000), st.integers(1, MONTH), st.integers(1, 10 * MONTH), targets)
def test_every_derived_condition_can_fire(share: int, long: int, period: int, target: int) -> None:
    found = condition_of(Tier("any", share, long, 1), target, period)
    assert burns(1, 1, target, found.factor)
    assert Fraction(*found.factor) <= Fraction(share * period, 10_000 * long)


@pytest.mark.parametrize(
    ("tier", "target", "faults"),
    [
        (USUAL_TIERS[0], 8_000, ()),
        (USUAL_TIERS[0], 10_000, (TierFault.NO_BUDGET,)),
        (Tier("a", 200, HOUR, HOUR), 8_000, (TierFault.SHORT_NOT_SHORTER,)),
        (Tier("a", 10_000, 2 * MONTH, HOUR), 8_000, (TierFault.LONGER_THAN_PERIOD, TierFault.WITHIN_BUDGET)),
        (Tier("a", 100, DAY, HOUR), 8_000, (TierFault.WITHIN_BUDGET,)),
    ],
)
def test_a_tier_that_makes_no_sense_is_told_why(tier: Tier, target: int, faults: tuple[TierFault, ...]) -> None:
    assert faults_of(tier, target, MONTH) == faults


def test_a_target_of_100_percent_has_no_conditions() -> None:
    with pytest.raises(ValueError, match="leaves no budget"):
        condition_of(USUAL_TIERS[0], 10_000, MONTH)


@dataclass(frozen=True)
class Case:
    long: tuple[int, int]
    short: tuple[int, int]
    standing: Standing
    minimum_bad: int = 1
    always_at: int | None = None


# 80 % shall be good and the factor is 3: 60 % of a window must be bad.
CASES = {
    "both windows burn": Case((60, 100), (6, 10), Standing.FIRES),
    "just below in the long window": Case((59, 100), (10, 10), Standing.LONG_WINDOW_BELOW),
    "it is over": Case((60, 100), (5, 10), Standing.SHORT_WINDOW_BELOW),
    "nobody came": Case((0, 0), (0, 0), Standing.NO_TRAFFIC),
    "two bad of two are no trend": Case((2, 2), (1, 1), Standing.TOO_FEW_BAD, minimum_bad=3),
    "three are": Case((3, 3), (1, 1), Standing.FIRES, minimum_bad=3),
    "the short window is empty": Case((8, 9), (0, 0), Standing.SHORT_WINDOW_BELOW),
    "it is empty, but so many are enough": Case((8, 9), (0, 0), Standing.FIRES, always_at=8),
    "not so many yet": Case((7, 9), (0, 0), Standing.SHORT_WINDOW_BELOW, always_at=8),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_condition_stands_where_its_windows_say(case: Case) -> None:
    tier = Tier("day", 1_000, DAY, HOUR, case.minimum_bad, case.always_at)
    assert standings([condition_of(tier, 8_000, MONTH)], 8_000, [(case.long, case.short)]) == [case.standing]


@given(st.lists(st.tuples(pairs(), pairs(), ratios), max_size=4), targets)
def test_only_the_highest_of_those_that_burn_fires(
    drawn: list[tuple[tuple[int, int], tuple[int, int], tuple[int, int]]], target: int
) -> None:
    conditions = [Condition(Tier("any", 1, 2, 1), factor, capped=False) for _, _, factor in drawn]
    windows = [(long, short) for long, short, _ in drawn]
    together = standings(conditions, target, windows)
    alone = [standings([one], target, [window])[0] for one, window in zip(conditions, windows, strict=True)]
    burning = [place for place, standing in enumerate(alone) if standing is Standing.FIRES]
    assert [place for place, standing in enumerate(together) if standing is Standing.FIRES] == burning[:1]
    assert [place for place, standing in enumerate(together) if standing is Standing.INHIBITED] == burning[1:]
