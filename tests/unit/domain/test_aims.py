"""
What a figure says about its aim: kept, missed, too few, or nothing at all.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aims import Aim, Finding, among, found, missed, percentile_of
from schemas.objectives import PERCENTILES

LEVEL = Aim.of("sl_all_offered", 8_000, 10)
GIVEN_UP = Aim.of("abandonment", 500)
MEAN = Aim.of("asa", 20_000)
NINE_IN_TEN = Aim.of("p90", 60_000)


@pytest.mark.parametrize(
    ("aim", "good", "total", "finding"),
    [
        (LEVEL, 8, 10, Finding.KEPT),
        (LEVEL, 7, 10, Finding.MISSED),
        (LEVEL, 0, 9, Finding.TOO_FEW),
        (LEVEL, 0, 0, Finding.NO_DATA),
        (GIVEN_UP, 1, 20, Finding.KEPT),
        (GIVEN_UP, 2, 20, Finding.MISSED),
        (GIVEN_UP, 0, 1, Finding.KEPT),
        (MEAN, 40_000, 2, Finding.KEPT),
        (MEAN, 40_001, 2, Finding.MISSED),
        (MEAN, 0, 0, Finding.NO_DATA),
        (NINE_IN_TEN, 9, 10, Finding.KEPT),
        (NINE_IN_TEN, 8, 9, Finding.MISSED),
        (NINE_IN_TEN, 0, 0, Finding.NO_DATA),
    ],
)
def test_the_target_itself_still_keeps_it(aim: Aim, good: int, total: int, finding: Finding) -> None:
    assert found(aim, good, total) is finding


def test_of_nothing_counted_nothing_is_missed() -> None:
    assert not missed(LEVEL, 0, 0)


def test_what_is_better_low_allows_its_own_target_to_go_wrong() -> None:
    assert (GIVEN_UP.good_target, GIVEN_UP.bad(3, 20), GIVEN_UP.has_budget) == (9_500, 3, True)
    assert (LEVEL.good_target, LEVEL.bad(8, 10), LEVEL.has_budget) == (8_000, 2, True)


def test_a_mean_has_no_budget_for_nothing_single_is_bad() -> None:
    assert not MEAN.has_budget


def test_a_percentile_allows_what_lies_above_it_to_go_wrong() -> None:
    assert (NINE_IN_TEN.good_target, NINE_IN_TEN.bad(9, 10), NINE_IN_TEN.has_budget) == (9_000, 1, True)


@given(
    metric=st.sampled_from(sorted(PERCENTILES)),
    values=st.dictionaries(st.integers(0, 400), st.integers(1, 9), max_size=30),
    target=st.integers(0, 400),
)
def test_a_percentile_misses_its_target_exactly_where_too_few_values_are_within(
    metric: str, values: dict[int, int], target: int
) -> None:
    aim = Aim.of(metric, target)
    reached = percentile_of(aim, values)
    assert missed(aim, *among(aim, values)) == (reached is not None and reached > target)
