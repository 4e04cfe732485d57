"""
Intervals of the catalogue's figures: each holds its figure, and what cannot have one has none.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import CATALOGUE, SCORES
from domain.certainty import interval_of, standard_error_of
from domain.metrics import Counts
from domain.statistics import Interval
from domain.sums import Item, ScoreCounts, tally_answer, tally_checklist


def answers(scores: list[int], highest: int) -> ScoreCounts:
    counts = [0] * len(ScoreCounts._fields)
    for score in scores:
        tally_answer(counts, 1, score * 100, highest)
    return ScoreCounts(*counts)


def test_the_interval_of_a_service_level_is_that_of_a_share() -> None:
    hour = Counts(answered=1_000, abandoned=60, answered_within=860)
    found = interval_of(CATALOGUE["sl_all_offered"], hour)
    assert found == pytest.approx((0.7867, 0.8337), abs=1e-4)


@given(st.lists(st.integers(0, 10), min_size=2))
def test_the_interval_of_a_score_holds_the_score(scores: list[int]) -> None:
    counts = answers(scores, 1_000)
    for name in ("csat_top2", "csat_mean", "nps", "ces"):
        good, total = SCORES[name].pair(counts)
        found = interval_of(SCORES[name], counts)
        if found is None:
            assert standard_error_of(SCORES[name], counts) in (None, 0.0)
            continue
        assert found.low - 1e-9 <= good / total <= found.high + 1e-9


def test_the_interval_of_checklists_is_over_checklists_and_not_over_their_items() -> None:
    counts = [0] * len(ScoreCounts._fields)
    for passed in (5, 7, 10):
        tally_checklist(counts, 1, [Item(1, place < passed, critical=False) for place in range(10)])
    found = interval_of(SCORES["checklist_score"], ScoreCounts(*counts))
    # Scores of 50, 70 and 100 %: mean 73.3, standard error 14.5, Student's factor 4.3; cut at the ends.
    assert found == pytest.approx((0.1082, 1.0), abs=1e-3)


@pytest.mark.parametrize("name", ["asa", "aht", "p90", "complaints_per_1000", "sl_live", "waiting_now"])
def test_what_cannot_have_an_interval_has_none(name: str) -> None:
    metric = CATALOGUE[name]
    assert interval_of(metric, metric.checks[0].sums) is None


def test_of_no_answers_nothing_is_sure() -> None:
    assert all(interval_of(one, ScoreCounts()) is None for one in SCORES.values())


def test_the_standard_error_is_told_of_the_net_promoter_score_alone() -> None:
    counts = answers([10, 9, 8, 3], 1_000)
    assert standard_error_of(SCORES["nps"], counts) == pytest.approx(41.46, abs=0.01)
    assert standard_error_of(SCORES["nps"], ScoreCounts()) is None
    assert standard_error_of(SCORES["csat_mean"], counts) is None


def test_one_answer_has_no_interval_of_a_mean() -> None:
    assert interval_of(SCORES["csat_mean"], answers([4], 500)) is None
    assert isinstance(interval_of(SCORES["csat_top2"], answers([4], 500)), Interval)
