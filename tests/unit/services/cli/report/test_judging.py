"""
A figure is judged only where there is enough of it, and neither a miss nor a change is named where chance explains it.
"""

import pytest

from domain.statistics import share_interval
from services.cli.report.judging import Judged, State, Trend, beside, of_figure, of_wait, worst_first
from services.history.engine import Question, Wait, figures
from tests.fakes.recorded import summed
from tests.properties.drawing import of_kind, standard

WAIT = standard("wait")
SMALL = 20


def judged_share(within: int, answered: int, least: int = 1) -> Judged:
    (figure,) = figures(
        Question("wait"), [summed(answered=answered, answered_within=within)], ["sl_all_offered"]
    )  # fmt: skip
    return of_figure(figure, WAIT, least)


@pytest.mark.parametrize(
    ("within", "answered", "least", "state"),
    [
        (0, 0, 1, State.NONE),
        (9, 10, 11, State.FEW),
        (80, 100, 1, State.HOLDS),
        (79, 100, 1, State.MISSES),
        (600, 1_000, 1, State.SURELY),
    ],
)
def test_a_share_holds_misses_or_surely_misses(within: int, answered: int, least: int, state: State) -> None:
    assert judged_share(within, answered, least).state is state


def test_without_a_text_and_of_another_metric_nobody_knows_the_target() -> None:
    (one, *_) = figures(Question("wait"), [summed(answered=9, answered_within=9)], ["abandonment"])
    assert of_figure(one, None, 1).state is State.UNKNOWN
    assert of_figure(one, WAIT, 1).state is State.UNKNOWN


def test_a_mean_beyond_its_target_is_missed_for_its_sums_do_not_say_how_surely() -> None:
    scored = of_kind("wait", "score", {"of": "feedback.received", "highest": 5, "minimum": "3"}, "csat_mean", "4")
    row = summed("csat_mean", n=2, score_sum=700, score_sum_squares=250_000)
    (figure,) = figures(Question("wait"), [row], ["csat_mean"])
    assert of_figure(figure, scored, 1).state is State.SURELY


def wait(p90: int | None, n: int = SMALL) -> Wait:
    return Wait("wait", 1, {}, n, 1, 0, 1, p90, dict.fromkeys(("p50", "p75", "p90", "p95", "p99"), p90))


@pytest.mark.parametrize(
    ("p90", "n", "state"),
    [(30_000, SMALL, State.HOLDS), (30_001, SMALL, State.SURELY), (1, SMALL - 1, State.FEW), (None, 0, State.NONE)],
)
def test_a_percentile_keeps_its_target_or_not(p90: int | None, n: int, state: State) -> None:
    held_to = standard("wait", objective={"metric": "p90", "target": "30s"})
    assert of_wait(wait(p90, n), held_to, "p90", SMALL).state is state
    if p90 is not None and n == SMALL:
        assert of_wait(wait(p90, n), held_to, "p50", SMALL).state is State.UNKNOWN


def trend(now: Judged, before: Judged) -> Trend:
    return beside([now], [before])[0].trend


def test_a_change_is_named_where_both_ranges_lie_apart() -> None:
    assert trend(judged_share(900, 1_000), judged_share(800, 1_000)) is Trend.BETTER
    assert trend(judged_share(800, 1_000), judged_share(900, 1_000)) is Trend.WORSE
    assert trend(judged_share(9, 10), judged_share(8, 10)) is Trend.SAME
    assert trend(judged_share(9, 10), judged_share(0, 0)) is Trend.NONE
    assert beside([judged_share(9, 10)], []) == [judged_share(9, 10)]


def test_without_ranges_a_change_by_a_tenth_is_named_and_less_is_better_where_it_is() -> None:
    held_to = standard("wait", objective={"metric": "p90", "target": "30s"})

    def of(p90: int) -> Judged:
        return of_wait(wait(p90), held_to, "p90", 1)

    assert trend(of(10_000), of(12_000)) is Trend.BETTER
    assert trend(of(12_000), of(10_000)) is Trend.WORSE
    assert trend(of(10_900), of(10_000)) is Trend.SAME


def test_the_farthest_from_the_target_come_first_and_the_few_last() -> None:
    ones = [judged_share(9, 10), judged_share(1, 2, least=5), judged_share(5, 10), judged_share(0, 0)]
    assert [one.good for one in worst_first(ones)][:2] == [5, 9]


def test_the_range_is_wilsons() -> None:
    assert judged_share(9, 10).interval == share_interval(9, 10)
