"""
What history is asked when somebody wants to know how far a standard was kept, and the figures that it makes of the
answer.
"""

from typing import Any

import pytest

from domain.metrics import METRICS, Counts
from domain.statistics import Interval, Mean, NetPromoterScore, mean_of, net_promoter_score, share_interval
from domain.sums import ScoreCounts
from services.history.engine import Basis, By, LeftOut, Question, figures, sql_of
from tests.fakes.recorded import summed

COUNTS = Counts(
    answered=8, answered_within=6, abandoned=2, abandoned_within=1, abandoned_short=1, answered_wait_ms=80_000
)


def row(counts: Counts = COUNTS, aim: str = "sl_all_offered", **keys: object) -> dict[str, Any]:
    return summed(aim, **keys, **counts._asdict())


def test_a_question_without_wishes_is_about_all_versions_of_the_standard() -> None:
    sql, parameters = sql_of(Question("wait"))
    assert "FROM standing_attainment WHERE standard = {standard:String} GROUP BY standard, version ORDER BY" in sql
    assert parameters == {"standard": "wait"}


@pytest.mark.parametrize(
    ("wish", "name", "value", "condition"),
    [
        ({"version": 2}, "version", 2, "version = {version:UInt32}"),
        ({"from_ms": 0}, "from_ms", 0, "minute >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')"),
        ({"until_ms": 60_000}, "until_ms", 60_000, "minute < fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC')"),
    ],
)
def test_what_narrows_a_question_goes_as_a_parameter(
    wish: dict[str, int], name: str, value: int, condition: str
) -> None:
    sql, parameters = sql_of(Question("wait", **wish))  # type: ignore[arg-type]  # whichever field it is
    assert f"WHERE standard = {{standard:String}} AND {condition} GROUP" in sql
    assert parameters == {"standard": "wait", name: value}


def test_nothing_that_was_asked_stands_in_the_text_of_the_question() -> None:
    sql, parameters = sql_of(Question("'; DROP TABLE events; --"))
    assert "DROP" not in sql
    assert parameters["standard"] == "'; DROP TABLE events; --"


def test_groups_are_named_and_ordered_as_they_were_asked_for() -> None:
    sql, _ = sql_of(Question("wait", by=(By.HOUR, By.SITE)))
    assert "toStartOfHour(minute, {zone:String})) * 1000 AS by_hour, site AS by_site" in sql
    assert sql.endswith("ORDER BY standard, version, by_hour, by_site")


def test_measurements_are_counted_by_their_ends_and_by_the_time_of_arrival() -> None:
    sql, _ = sql_of(Question("wait", by=(By.HOUR,), basis=Basis.MEASUREMENTS))
    assert "FROM standing_measurements" in sql
    assert "toStartOfHour(arrived_at, {zone:String})" in sql
    assert "countIf(ended_by = 'cancelled') AS n_cancelled" in sql
    assert "AND kind = 'clock' GROUP" in sql


def test_every_metric_is_made_of_the_counts_of_a_row_unless_some_are_named() -> None:
    found = figures(Question("wait"), [row()])
    assert [one.metric for one in found] == list(METRICS)
    assert {one.sums for one in found} == {COUNTS}
    (chosen,) = figures(Question("wait"), [row()], ["sl_all_offered"])
    assert (chosen.good, chosen.total, chosen.value) == (6, 10, 0.6)


def test_a_figure_keeps_the_group_that_it_is_of() -> None:
    question = Question("wait", by=(By.SITE, By.QUEUE))
    (found,) = figures(question, [row(by_site="s1", by_queue=None)], ["asa"])
    assert (found.standard, found.version, found.by) == ("wait", 1, {"site": "s1", "queue": None})


def test_of_nobody_there_is_no_value() -> None:
    (found,) = figures(Question("wait"), [row(Counts())], ["sl_all_offered"])
    assert (found.total, found.value) == (0, None)


SCORED = {"n": 100, "top2": 86, "score_sum": 43_000, "score_sum_squares": 19_000_000, "promoters": 50, "detractors": 20}


@pytest.mark.parametrize(
    ("aim", "said", "metric", "pair", "interval"),
    [
        ("sl_all_offered", COUNTS._asdict(), "sl_all_offered", (6, 10), share_interval(6, 10)),
        ("rate", {"good": 3, "total": 4}, "rate", (3, 4), share_interval(3, 4)),
        ("per_1000", {"good": 3_000, "total": 1_200}, "per_1000", (3_000, 1_200), None),
        ("csat_top2", SCORED, "csat_top2", (86, 100), share_interval(86, 100)),
        ("csat_top2", SCORED, "csat_mean", (43_000, 100), mean_of(100, 43_000, 19_000_000)),
        ("nps", SCORED, "nps", (3_000, 100), net_promoter_score(100, 50, 20)),
        ("ces", {**SCORED, "n": 1, "score_sum": 400}, "ces", (400, 1), None),
    ],
)  # fmt: skip
def test_a_figure_of_any_kind_has_the_interval_that_its_sums_allow(
    aim: str,
    said: dict[str, int],
    metric: str,
    pair: tuple[int, int],
    interval: Interval | Mean | NetPromoterScore | None,
) -> None:
    (found,) = figures(Question("wait"), [summed(aim, **said)], [metric])
    assert (found.good, found.total) == pair
    assert found.interval == (interval.interval if isinstance(interval, Mean | NetPromoterScore) else interval)


@pytest.mark.parametrize(
    ("aim", "metrics"),
    [
        ("csat_top2", ["csat_top2", "csat_mean"]),
        ("checklist_score", ["checklist_score", "critical_failures"]),
        ("nps", ["nps"]),
        ("complaints_per_1000", ["complaints_per_1000"]),
        ("aht", [*METRICS, "aht"]),
        ("p90", list(METRICS)),
        ("", list(METRICS)),
    ],
)
def test_a_standard_is_shown_by_the_metrics_that_its_rows_can_be_held_to(aim: str, metrics: list[str]) -> None:
    assert [one.metric for one in figures(Question("wait"), [summed(aim)])] == metrics
    assert figures(Question("wait"), [summed(aim)], ["reopen_rate"]) == []


def test_what_is_left_out_is_taken_from_the_sums_and_the_figure_with_it_stands_beside() -> None:
    out = {(1, "s1"): LeftOut({"answered": 3, "answered_within": 1}, ("power-cut",))}
    question = Question("wait", by=(By.SITE,))
    cut, whole = figures(question, [row(by_site="s1"), row(by_site="s2")], ["sl_all_offered"], out)
    assert (cut.good, cut.total, cut.n, cut.left_out_by) == (5, 7, 7, ("power-cut",))
    assert (cut.all_good, cut.all_total, cut.all_n) == (6, 10, 10)
    assert cut.interval == share_interval(5, 7)
    assert (whole.good, whole.total, whole.left_out_by) == (6, 10, ())


def test_scores_are_sums_of_every_field_that_a_row_has() -> None:
    (found,) = figures(Question("wait"), [summed("csat_mean", **SCORED)], ["csat_mean"])
    assert found.sums == ScoreCounts(100, 0, 0, 43_000, 19_000_000, 50, 20, 86, 0)
    assert found.n == 100
