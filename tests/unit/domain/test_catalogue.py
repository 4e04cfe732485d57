"""
The whole catalogue: what must come out of given sums does, nothing counted has no value, targets are met in integers.
"""

from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import CATALOGUE, CLOCKS, LIVE, PERCENTILES, RATES, SCORES, counted_of, figure_of, keeps, per_n
from domain.distributions import Distribution
from domain.metrics import METRICS, UNITS, Counts, Metric
from domain.sums import LiveCounts, RateCounts, ScoreCounts
from schemas.objectives import AT_MOST_METRICS, DURATION_METRICS, SHARE_METRICS, MetricName

KINDS = {"clock", "rate", "score", "sequence", "live"}
ALL = list(CATALOGUE.values())

CHECK_TABLE = {
    "sl_all_offered": "81.13%",
    "sl_short_excluded": "81.90%",
    "sl_short_credited": "82.08%",
    "sl_late_abandons": "82.69%",
    "sl_abandons_credited": "83.02%",
    "sl_answered_only": "86.00%",
}


def figure(metric: Metric[Any], sums: object) -> str | None:
    return figure_of(metric, *metric.pair(sums))


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
def test_the_figure_of_every_check_comes_out_of_its_sums(metric: Metric[Any]) -> None:
    assert [figure(metric, check.sums) for check in metric.checks] == [check.figure for check in metric.checks]


def test_the_six_service_levels_of_the_table() -> None:
    hour = Counts(answered=1_000, abandoned=60, answered_within=860, abandoned_within=20, abandoned_short=10)
    assert {name: figure(METRICS[name], hour) for name in CHECK_TABLE} == CHECK_TABLE


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
def test_every_metric_says_all_about_itself_and_is_checked(metric: Metric[Any]) -> None:
    assert CATALOGUE[metric.name] is metric
    assert metric.better in {"higher", "lower"}
    assert metric.unit in UNITS
    assert metric.kinds
    assert set(metric.kinds) <= KINDS
    assert all([metric.formula, metric.source, metric.nothing, metric.attribution])
    figures = {check.figure for check in metric.checks}
    assert figures - {None}
    assert None in figures or metric.name == "waiting_now"


def test_documents_can_be_held_to_all_but_what_is_shown_of_the_present() -> None:
    held = {metric.name for metric in ALL if metric.kinds != ("live",)}
    assert held - PERCENTILES.keys() == set(get_args(MetricName)) - PERCENTILES.keys()
    assert {metric.name for metric in ALL} - held == LIVE.keys()


def test_no_name_means_two_things() -> None:
    tables: tuple[dict[str, Any], ...] = (CLOCKS, PERCENTILES, RATES, SCORES, LIVE)
    assert sum(map(len, tables)) == len(CATALOGUE)
    assert set(METRICS) < set(CLOCKS)


def test_what_a_standard_says_of_a_metric_is_what_the_catalogue_says() -> None:
    written = {name: CATALOGUE[name] for name in get_args(MetricName)}
    assert {name for name, metric in written.items() if metric.unit == "share"} == set(SHARE_METRICS)
    assert {name for name, metric in written.items() if metric.unit == "milliseconds"} == set(DURATION_METRICS)
    assert {name for name, metric in written.items() if metric.better == "lower"} == set(AT_MOST_METRICS)


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
def test_nothing_counted_neither_keeps_nor_breaks_a_target(metric: Metric[Any]) -> None:
    assert keeps(metric, 0, 0, 0) is None
    assert figure_of(metric, 0, 0) is None


@given(st.sampled_from(ALL), st.integers(-(10**9), 10**9), st.integers(1, 10**6), st.integers(-(10**6), 10**6))
def test_a_target_is_kept_by_the_exact_figure_and_by_the_target_itself(
    metric: Metric[Any], good: int, total: int, target: int
) -> None:
    exact, aim = Fraction(good, total), Fraction(target, UNITS[metric.unit][1])
    assert keeps(metric, good, total, target) == (exact >= aim if metric.better == "higher" else exact <= aim)
    assert keeps(metric, target * total, total * UNITS[metric.unit][1], target)


@pytest.mark.parametrize(
    ("name", "good", "total", "shown"),
    [
        ("nps", -200, 3, "-66.67"),
        ("nps", 0, 5, "0.00"),
        ("nps", -1, 400, "0.00"),
        ("csat_mean", 1_301, 3, "4.34"),
        ("rate", 1, 3, "33.33%"),
        ("rate", 2, 3, "66.67%"),
        ("asa", 153_000, 1, "2 min 33 s"),
        ("complaints_per_1000", 5_000, 3, "1666.67"),
    ],
)
def test_a_figure_is_shown_to_the_nearest_hundredth(name: str, good: int, total: int, shown: str) -> None:
    assert figure_of(CATALOGUE[name], good, total) == shown


def test_a_count_per_n_is_made_for_what_a_standard_counts() -> None:
    falls = per_n(1_000, "falls_per_1000", "1,000 × falls / bed days", "no bed was taken", "usual in hospitals")
    assert figure(falls, RateCounts(3, 1_200)) == "2.50"
    assert keeps(falls, *falls.pair(RateCounts(3, 1_200)), target=250)
    assert not keeps(falls, *falls.pair(RateCounts(3, 1_200)), target=249)
    assert figure(falls, RateCounts(3, 0)) is None


sums = st.integers(0, 10**6)


@given(st.lists(st.builds(RateCounts, sums, sums)))
def test_rates_of_parts_add_up(parts: list[RateCounts]) -> None:
    for metric in RATES.values():
        pairs = [metric.pair(part) for part in parts]
        assert metric.pair(RateCounts(*map(sum, zip(*parts, strict=True)))) == (
            sum(one for one, _ in pairs),
            sum(one for _, one in pairs),
        )


@given(st.lists(st.builds(ScoreCounts, *[sums] * 9)))
def test_scores_of_parts_add_up(parts: list[ScoreCounts]) -> None:
    for metric in SCORES.values():
        pairs = [metric.pair(part) for part in parts]
        assert metric.pair(ScoreCounts(*map(sum, zip(*parts, strict=True)))) == (
            sum(one for one, _ in pairs),
            sum(one for _, one in pairs),
        )


@given(sums, sums, sums, sums)
def test_who_waits_beyond_the_limit_never_makes_the_present_look_better(
    answered: int, within: int, abandoned: int, beyond: int
) -> None:
    present = LiveCounts(answered + within, within, abandoned, beyond, beyond)
    good, total = LIVE["sl_live"].pair(present)
    _, offered = METRICS["sl_all_offered"].pair(Counts(answered + within, within, abandoned))
    assert good <= offered <= total


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=200))
def test_percentiles_rise(values: list[int]) -> None:
    held = Distribution.of(values).settled()
    found = [PERCENTILES[name].pair(held) for name in ("p50", "p75", "p90", "p95", "p99")]
    assert found == sorted(found)
    assert {total for _, total in found} == {1}


@pytest.mark.parametrize(
    ("metric", "word"),
    [
        ("asa", "journeys"),
        ("nps", "answers"),
        ("checklist_score", "weight of the checklists"),
        ("critical_failures", "checklists"),
        ("complaints_per_1000", "events"),
        ("first_contact_resolution", "contacts"),
    ],
)
def test_what_a_metric_counts_has_a_name(metric: str, word: str) -> None:
    assert counted_of(metric) == word
