"""
Error budgets against exact fractions: of events and of open time, so far and projected, and how long they last.
"""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.budgets import Basis, Budget, budget_projected, budget_so_far, exhausted_in

HOUR = 3_600_000
targets = st.integers(0, 10_000)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[int, int]:
    total = draw(st.integers(0, 5_000))
    return draw(st.integers(0, total)), total


def test_a_budget_of_events_says_what_may_still_go_wrong() -> None:
    budget = budget_so_far(bad=150, total=1_000, target=8_000)
    assert budget == Budget(Basis.SO_FAR, allowed=200 * 10_000, spent=150 * 10_000)
    assert (budget.left_whole, budget.kept) == (50, True)


def test_a_budget_that_is_overspent_says_by_how_much() -> None:
    budget = budget_so_far(bad=250, total=1_000, target=8_000)
    assert (budget.left_whole, budget.kept) == (-50, False)


def test_half_an_event_is_not_an_event_that_may_go_wrong() -> None:
    budget = budget_so_far(bad=0, total=3, target=8_000)
    assert (budget.left_whole, budget.left) == (0, 6_000)


@given(pairs(), targets)
def test_a_budget_is_kept_exactly_where_the_target_is(pair: tuple[int, int], target: int) -> None:
    bad, total = pair
    assert budget_so_far(bad, total, target).kept == (total - bad >= Fraction(target, 10_000) * total)


def test_a_month_that_has_just_begun_has_two_budgets_and_each_is_named() -> None:
    # A tenth of the month has brought 1,000 journeys, 150 of them bad; 80 % shall be good.
    so_far = budget_so_far(150, 1_000, 8_000)
    projected = budget_projected(150, 1_000, 8_000, elapsed_ms=36 * HOUR, period_ms=360 * HOUR)
    assert projected is not None
    assert (so_far.basis, so_far.left_whole) == (Basis.SO_FAR, 50)
    assert (projected.basis, projected.left_whole) == (Basis.PROJECTED, 1_850)


@given(pairs(), targets, st.integers(1, 10**9))
def test_of_a_period_that_is_over_both_are_the_same(pair: tuple[int, int], target: int, period: int) -> None:
    projected = budget_projected(*pair, target, period, period)
    assert projected is not None
    assert projected[1:] == budget_so_far(*pair, target)[1:]


def test_a_budget_of_open_time_is_what_the_period_allows() -> None:
    # 99 % of 360 open hours allow 3.6 hours; 1.5 hours of the first 100 were bad.
    budget = budget_projected(HOUR * 3 // 2, 100 * HOUR, 9_900, elapsed_ms=100 * HOUR, period_ms=360 * HOUR)
    assert budget is not None
    assert budget.left_whole == HOUR * 21 // 10


def test_nothing_is_projected_from_a_period_that_has_not_begun() -> None:
    assert budget_projected(0, 0, 8_000, 0, HOUR) is None
    with pytest.raises(ValueError, match="cannot have elapsed"):
        budget_projected(0, 0, 8_000, HOUR + 1, HOUR)


def test_a_projected_budget_lasts_until_the_rate_has_eaten_it() -> None:
    budget = Budget(Basis.PROJECTED, allowed=100 * 10_000, spent=40 * 10_000)
    assert exhausted_in(budget, 8_000, bad=20, total=50, window_ms=HOUR) == 3 * HOUR


def test_a_budget_of_traffic_so_far_gains_with_every_event_what_it_allows() -> None:
    budget = Budget(Basis.SO_FAR, allowed=100 * 10_000, spent=40 * 10_000)
    assert exhausted_in(budget, 8_000, bad=20, total=50, window_ms=HOUR) == 6 * HOUR
    assert exhausted_in(budget, 8_000, bad=10, total=50, window_ms=HOUR) is None


def test_what_goes_well_never_eats_a_budget_and_what_is_gone_is_gone() -> None:
    whole, gone = Budget(Basis.PROJECTED, 10_000, 0), Budget(Basis.PROJECTED, 10_000, 10_000)
    assert exhausted_in(whole, 8_000, bad=0, total=50, window_ms=HOUR) is None
    assert exhausted_in(gone, 8_000, bad=0, total=50, window_ms=HOUR) == 0


@given(pairs(), pairs(), st.integers(1, 9_999))
def test_a_budget_of_traffic_so_far_is_gone_when_it_is_said_to_be(
    so_far: tuple[int, int], window: tuple[int, int], target: int
) -> None:
    budget = budget_so_far(*so_far, target)
    found = exhausted_in(budget, target, *window, window_ms=HOUR)
    if found:
        windows = Fraction(found + 1, HOUR)
        allowed = Fraction(10_000 - target, 10_000) * (so_far[1] + windows * window[1])
        assert so_far[0] + windows * window[0] >= allowed
