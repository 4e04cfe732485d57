"""
Intervals of shares, means and net promoter scores, against values worked out elsewhere or in another way.
"""

from fractions import Fraction
from math import gamma, pi, sqrt
from statistics import NormalDist, mean, stdev

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.statistics import Z, mean_of, net_promoter_score, share_interval, surely_misses


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    total = draw(st.integers(1, 10**6))
    return draw(st.integers(0, total)), total


def test_the_factor_is_that_of_the_normal_distribution() -> None:
    assert pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-12) == Z


def test_the_interval_of_a_share_is_wilsons() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (good, total), (low, high) in published.items():
        found = share_interval(good, total)
        assert found is not None
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert share_interval(20, 20) == pytest.approx((1 - 0.1611, 1.0), abs=1e-4)


def test_nothing_counted_has_no_interval() -> None:
    assert share_interval(0, 0) is None
    assert mean_of(0, 0, 0) is None
    assert net_promoter_score(0, 0, 0) is None
    assert not surely_misses(0, 0, 8_000, "higher")


@given(shares())
def test_the_interval_of_a_share_holds_the_share(share: tuple[int, int]) -> None:
    found = share_interval(*share)
    assert found is not None
    assert 0 <= found.low <= share[0] / share[1] <= found.high <= 1


@given(shares(), st.integers(1, 9_999))
def test_a_target_is_surely_missed_exactly_where_it_lies_beyond_the_interval(
    share: tuple[int, int], target: int
) -> None:
    found = share_interval(*share)
    assert found is not None
    aim = target / 10_000
    assume(min(abs(found.low - aim), abs(found.high - aim)) > 1e-6)
    assert surely_misses(*share, target, "higher") == (found.high < aim)
    assert surely_misses(*share, target, "lower") == (found.low > aim)


@given(st.lists(st.integers(-500, 1_000), min_size=2, max_size=60).filter(lambda values: len(set(values)) > 1))
def test_a_mean_and_its_error_come_from_sums_alone(values: list[int]) -> None:
    found = mean_of(len(values), sum(values), sum(value * value for value in values))
    assert found is not None
    assert found.interval is not None
    assert found.mean == pytest.approx(mean(values))
    assert found.standard_error == pytest.approx(stdev(map(Fraction, values)) / sqrt(len(values)), abs=1e-9)
    assert found.interval.low <= found.mean <= found.interval.high


def test_one_value_has_a_mean_and_no_error() -> None:
    assert mean_of(1, 450, 450 * 450) == (1, 450.0, None, None)


def test_values_that_are_all_alike_have_no_interval() -> None:
    assert mean_of(3, 1_500, 750_000) == (3, 500.0, 0.0, None)


@pytest.mark.parametrize(("n", "promoters", "detractors", "score"), [(1, 1, 0, 100), (9, 0, 9, -100), (5, 0, 0, 0)])
def test_answers_that_are_all_alike_have_a_net_promoter_score_without_interval(
    n: int, promoters: int, detractors: int, score: int
) -> None:
    assert net_promoter_score(n, promoters, detractors) == (n, score, 0.0, None)


def test_a_large_offset_does_not_spoil_the_error() -> None:
    near, far = [1, 2, 4], [10**12 + 1, 10**12 + 2, 10**12 + 4]
    errors = {mean_of(3, sum(some), sum(one * one for one in some)).standard_error for some in (near, far)}  # type: ignore[union-attr]
    assert len(errors) == 1


def within(factor: float, freedom: int) -> float:
    """What lies between ± the factor under Student's density, by Simpson's rule."""
    scale: float = gamma((freedom + 1) / 2) / (sqrt(freedom * pi) * gamma(freedom / 2))
    pieces = 2_000
    step = 2 * factor / pieces
    ends = [(1 + (-factor + step * place) ** 2 / freedom) ** (-(freedom + 1) / 2) for place in range(pieces + 1)]
    area: float = step / 3 * (ends[0] + ends[-1] + 4 * sum(ends[1:-1:2]) + 2 * sum(ends[2:-1:2]))
    return scale * area


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 8, 11, 15, 20, 21, 22, 25, 31, 61, 121])
def test_the_interval_of_a_mean_holds_95_percent_of_students_density(n: int) -> None:
    squares = n * (n - 1)  # a sum of zero and this sum of squares make a standard error of one
    found = mean_of(n, 0, squares)
    assert found is not None
    assert found.interval is not None
    assert found.standard_error == pytest.approx(1)
    assert within(found.interval.high, n - 1) == pytest.approx(0.95, abs=2e-5)


def test_the_net_promoter_score_has_the_error_of_a_three_valued_variable() -> None:
    answers = [1] * 50 + [0] * 30 + [-1] * 20
    found = net_promoter_score(100, 50, 20)
    assert found is not None
    assert found.score == 30
    spread = sqrt(sum((one - mean(answers)) ** 2 for one in answers) / 100)
    assert found.standard_error == pytest.approx(100 * spread / 10)
    assert found.standard_error == pytest.approx(7.81, abs=0.005)
    assert found.interval == pytest.approx((30 - Z * 7.8102, 30 + Z * 7.8102), abs=1e-3)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_a_net_promoter_score_stays_between_its_ends(promoters: int, passives: int, detractors: int) -> None:
    assume(sum(map(bool, (promoters, passives, detractors))) > 1)
    found = net_promoter_score(promoters + passives + detractors, promoters, detractors)
    assert found is not None
    assert found.interval is not None
    assert -100 <= found.interval.low <= found.score <= found.interval.high <= 100
