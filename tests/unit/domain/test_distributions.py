"""
Distributions: exact while they are few, the same whatever came in which order and whenever it was settled.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.distributions import FEW, Distribution, Percentile
from domain.histogram import STEPS, rank_of

durations = st.integers(0, 3_600_000)
few = st.lists(durations, min_size=1, max_size=FEW)
any_number = st.lists(durations, max_size=3 * FEW)


@given(few, st.integers(0, 100))
def test_a_percentile_of_few_values_is_exact_wherever_they_were_settled(values: list[int], percent: int) -> None:
    true = sorted(values)[rank_of(len(values), percent, 100) - 1]
    parts = [Distribution.of(values[start : start + 7]).settled() for start in range(0, len(values), 7)]
    expected = Percentile(true, len(values), exact=True)
    assert Distribution.of(values).percentile(percent) == expected
    assert Distribution.total(parts).percentile(percent) == expected
    assert Distribution.total(parts).settled().percentile(percent) == expected


@given(st.lists(durations, min_size=1, max_size=4 * FEW), st.integers(0, 100))
def test_a_percentile_of_many_values_is_never_better_and_hardly_worse(values: list[int], percent: int) -> None:
    found = Distribution.of(values).settled().percentile(percent)
    true = sorted(values)[rank_of(len(values), percent, 100) - 1]
    assert found is not None
    assert found.n == len(values)
    assert true <= found.value <= true + true // STEPS
    assert not found.exact or found.value == true


@given(st.lists(any_number, max_size=5))
def test_settling_the_sum_of_settled_parts_is_settling_the_whole(parts: list[list[int]]) -> None:
    whole = Distribution.of(value for part in parts for value in part)
    settled = Distribution.total(Distribution.of(part).settled() for part in parts)
    assert settled.settled() == whole.settled()
    assert settled.n == whole.n


@given(any_number, any_number)
def test_a_value_that_was_corrected_leaves_nothing_behind(stay: list[int], corrected: list[int]) -> None:
    held = Distribution.of()
    for value in corrected:
        held.add(value, -1)
    for value in stay + corrected:
        held.add(value)
    assert held == Distribution.of(stay)
    assert held.settled() == Distribution.of(stay).settled()


@given(any_number, any_number)
def test_a_window_that_moves_on_holds_what_is_left(stay: list[int], leave: list[int]) -> None:
    first, second = Distribution.of(leave).settled(), Distribution.of(stay).settled()
    assert Distribution.total([first, second]).without(first) == second


def test_nothing_counted_has_no_percentile() -> None:
    assert Distribution.of().percentile(50) is None
    assert Distribution.of().settled() == Distribution.of()


def test_a_small_value_is_exact_in_its_bucket() -> None:
    held = Distribution.of([7] * 100).settled()
    assert held.values == {}
    assert held.percentile(90) == Percentile(7, 100, exact=True)


def test_a_negative_duration_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        Distribution.of([-5])


def test_sixty_four_values_are_few_and_one_more_is_many() -> None:
    values = list(range(10_000, 10_000 + FEW))
    assert Distribution.of(values).settled().percentile(50) == Percentile(10_031, FEW, exact=True)
    assert Distribution.of([*values, 10_000]).settled().values == {}


def test_what_has_become_buckets_stays_so_when_few_are_left() -> None:
    large, part = Distribution.of([5_000] * 100), Distribution.of([5_000] * 90)
    left = large.settled().without(part.settled()).settled()
    assert left.n == 10
    assert left.percentile(50) == Percentile(5_023, 10, exact=False)
