"""
Buckets of durations: where they begin and end, how far a percentile may be off, and that order does not matter.
"""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.histogram import EXACT_BELOW, STEPS, Buckets, at_rank, bounds, bucket_of, merged, quantile, rank_of, record

LONGEST = 400 * 86_400_000
durations = st.one_of(st.integers(0, 2_000), st.integers(0, LONGEST))
quantiles = st.sampled_from([(0, 1), (1, 2), (3, 4), (9, 10), (95, 100), (99, 100), (1, 1)])


def counted(values: list[int], sign: int = 1) -> Buckets:
    buckets: Buckets = {}
    for value in values:
        record(buckets, bucket_of(value), sign)
    return buckets


def test_buckets_follow_one_another_without_gap_or_overlap() -> None:
    last = -1
    for bucket in range(bucket_of(LONGEST) + 1):
        lowest, highest = bounds(bucket)
        assert lowest == last + 1
        assert bucket_of(lowest) == bucket_of(highest) == bucket
        last = highest
    assert last >= LONGEST


@given(durations)
def test_a_value_lies_in_its_bucket_and_the_bucket_is_narrow(value: int) -> None:
    lowest, highest = bounds(bucket_of(value))
    assert lowest <= value <= highest
    assert (highest - value) * STEPS <= value
    assert value >= EXACT_BELOW or lowest == highest


def test_a_negative_value_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="-1 is negative"):
        bucket_of(-1)


@given(st.lists(durations, min_size=1), quantiles)
def test_a_percentile_is_never_better_than_it_was_and_at_most_one_128th_worse(
    values: list[int], part: tuple[int, int]
) -> None:
    found = quantile(counted(values), *part)
    true = sorted(values)[rank_of(len(values), *part) - 1]
    assert found is not None
    assert true <= found
    assert Fraction(found - true) <= Fraction(true, STEPS)


@given(st.lists(durations, min_size=1), quantiles)
def test_the_rank_is_the_lowest_that_so_many_values_do_not_exceed(values: list[int], part: tuple[int, int]) -> None:
    ordered, share = sorted(values), Fraction(*part)
    found = ordered[rank_of(len(values), *part) - 1]
    candidates = [one for one in ordered if Fraction(sum(other <= one for other in ordered), len(ordered)) >= share]
    assert found == min(candidates)


@given(st.lists(durations), st.lists(durations))
def test_what_is_taken_out_leaves_nothing_behind(stay: list[int], leave: list[int]) -> None:
    assert merged([counted(stay + leave), counted(leave, -1)]) == counted(stay)
    assert merged([counted(stay + leave), merged([counted(leave)], -1)]) == counted(stay)
    assert merged([counted(stay), merged([counted(stay)], -1)]) == {}


@given(st.lists(st.tuples(durations, st.sampled_from([1, -1]))), st.randoms(use_true_random=False))
def test_the_order_of_counting_and_taking_out_does_not_matter(signed: list[tuple[int, int]], chance: Random) -> None:
    shuffled = list(signed)
    chance.shuffle(shuffled)
    one: Buckets = {}
    other: Buckets = {}
    for value, sign in signed:
        record(one, bucket_of(value), sign)
    for value, sign in shuffled:
        record(other, bucket_of(value), sign)
    assert one == other


@given(st.lists(st.lists(durations)))
def test_the_sum_of_histograms_is_the_histogram_of_all(parts: list[list[int]]) -> None:
    assert merged(map(counted, parts)) == counted([value for part in parts for value in part])


def test_nothing_counted_has_no_percentile() -> None:
    assert quantile({}, 1, 2) is None


def test_what_was_taken_out_and_never_counted_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="more often than it was counted"):
        quantile({1: 2, 5: -1}, 1, 2)


@pytest.mark.parametrize("part", [(-1, 2), (3, 2), (0, 0)])
def test_a_quantile_lies_between_nothing_and_all(part: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="is no quantile"):
        quantile({1: 1}, *part)


def test_a_rank_beyond_the_last_value_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="there are only 2 values"):
        at_rank({1: 1, 2: 1}, 3)
