"""
What a side comes to: whether its objective was held, to the last journey, and how many days there are.
"""

from collections import Counter
from typing import Any

import pytest

from schemas.standards import DOCUMENTS, Standard
from services.cli.backtest.comparing import Swing, Verdict
from services.cli.backtest.notices import Notices
from services.cli.backtest.proposals import Side, Trial
from services.cli.backtest.results import Held, days_of, named_swings, results_of
from services.cli.backtest.run import Found
from services.cli.replay.figures import Figure, Group
from services.cli.replay.local_time import LocalTime
from services.history.engine import Period
from tests.fakes.outcomes import standard

NOON = 1_790_000_000_000 - 1_790_000_000_000 % 86_400_000 + 43_200_000
DAY = 86_400_000
P50 = {"metric": "p50", "target": "30s"}


def side_with(**objective: object) -> Side:
    body: dict[str, Any] = standard().model_dump(mode="json", by_alias=True)
    body["objective"] = objective
    read = DOCUMENTS.validate_python(body)
    assert isinstance(read, Standard)
    return Side("new/0/wait", "wait@1", (read,))


def found_with(*figures: Figure, first_at: int | None = NOON, last_at: int | None = NOON) -> Found:
    local = LocalTime("UTC")
    return Found(Trial((), (), ()), (), figures, Notices(local), local, first_at, last_at, 0, 0, Counter())


def test_a_percentile_over_versions_and_sites_is_that_of_all_values() -> None:
    parts = [
        figure("p50", 1, 2)._replace(values={10_000: 1, 40_000: 1}),
        figure("p50", 1, 1, version=2)._replace(values={20_000: 1}),
        figure("p50", 1, 1, site="a")._replace(values={20_000: 1}),
    ]
    told = [(one.site, one.good, one.total, one.value) for one in results_of(found_with(*parts), side_with(**P50))]
    assert told == [(None, 2, 3, 20_000), ("a", 1, 1, 20_000)]
    assert [one.value for one in results_of(found_with(), side_with(**P50))] == [None]


def figure(metric: str, good: int, total: int, *, version: int = 1, site: str | None = None) -> Figure:
    by = () if site is None else (("site", site),)
    return Figure(Group("new/0/wait", version, by), metric, good, total, None, "", total)


@pytest.mark.parametrize(
    ("objective", "good", "total", "held"),
    [
        ({"metric": "goal_met", "target": "80%"}, 8, 10, Held.KEPT),
        ({"metric": "goal_met", "target": "80%"}, 79_999, 100_000, Held.FAILED),
        ({"metric": "goal_met", "target": "80%", "minimum_n": 11}, 10, 10, Held.TOO_FEW),
        ({"metric": "goal_met", "target": "80%"}, 0, 0, Held.NO_VALUE),
        ({"metric": "abandonment", "target": "5%"}, 1, 20, Held.KEPT),
        ({"metric": "abandonment", "target": "5%"}, 2, 20, Held.FAILED),
        ({"metric": "asa", "target": "30s"}, 60_000, 2, Held.KEPT),
        ({"metric": "asa", "target": "30s"}, 60_001, 2, Held.FAILED),
        ({"metric": "aht", "target": "30s"}, 60_000, 2, Held.KEPT),
        ({"metric": "aht", "target": "30s"}, 60_001, 2, Held.FAILED),
        ({"metric": "p90", "target": "30s"}, 9, 10, Held.KEPT),
        ({"metric": "p90", "target": "30s"}, 89, 100, Held.FAILED),
    ],
)
def test_an_objective_is_held_to_the_last_journey(objective: dict[str, Any], good: int, total: int, held: Held) -> None:
    (whole,) = results_of(found_with(figure(objective["metric"], good, total)), side_with(**objective))
    assert whole.held is held


def test_versions_that_followed_one_another_are_summed_and_sites_come_by_name() -> None:
    found = found_with(
        figure("goal_met", 1, 2), figure("goal_met", 3, 4, version=2), figure("abandonment", 9, 9),
        figure("goal_met", 1, 2, site="b"), figure("goal_met", 3, 4, version=2, site="a"),
    )  # fmt: skip
    told = [(one.site, one.good, one.total) for one in results_of(found, side_with(metric="goal_met", target="80%"))]
    assert told == [(None, 4, 6), ("a", 3, 4), ("b", 1, 2)]


@pytest.mark.parametrize(
    ("period", "days"),
    [
        (Period(), 3),
        (Period(NOON - DAY, None), 4),
        (Period(None, NOON + 12 * 3_600_000), 1),
        (Period(NOON - 12 * 3_600_000, NOON + 7 * DAY - 12 * 3_600_000), 7),
    ],
)
def test_days_are_those_of_the_period_and_where_it_is_open_of_the_arrivals(period: Period, days: int) -> None:
    assert days_of(found_with(last_at=NOON + 2 * DAY), period) == days


def test_where_nobody_arrived_there_are_no_days() -> None:
    assert days_of(found_with(first_at=None, last_at=None), Period()) == 0


def test_turns_are_named_and_what_did_not_change_is_no_change() -> None:
    swings: dict[Swing, int] = {
        (Verdict.KEPT, Verdict.KEPT): 9, (Verdict.KEPT, Verdict.BROKEN): 1, (Verdict.BROKEN, Verdict.NEITHER): 2,
        (Verdict.UNJUDGED, Verdict.KEPT): 3, (Verdict.UNJUDGED, Verdict.BROKEN): 4, (Verdict.KEPT, Verdict.UNJUDGED): 5,
    }  # fmt: skip
    assert named_swings(swings.items()) == {
        "kept_to_broken": 1, "broken_to_kept": 0, "newly_judged": 7, "no_longer_judged": 5, "broken_to_neither": 2,
    }  # fmt: skip
