"""
What history is asked for reports, and what is read out of its answers.
"""

import pytest

from services.history.engine import (
    By,
    Question,
    TallyQuestion,
    Which,
    buckets,
    buckets_sql,
    complaints,
    complaints_sql,
    of_single_journeys,
    sql_of,
    tallies,
    tally_sql,
    topics,
    topics_sql,
    waits,
    waits_sql,
    worst_sql,
)

HOSTILE = "'; DROP TABLE events; --"
ASKED = Question(HOSTILE, (By.SITE,), version=2, from_ms=0, until_ms=60_000, zone="Europe/Riga")
TALLIED = TallyQuestion(HOSTILE, (By.DAY,), 0, 60_000, "Europe/Riga")


def test_what_only_single_journeys_say_is_told_apart() -> None:
    assert of_single_journeys([By.SITE, By.TEAM, By.WEEK, By.EMPLOYEE]) == [By.TEAM, By.EMPLOYEE]


@pytest.mark.parametrize("by", [By.HOUR, By.CLOCK_HOUR, By.DAY, By.WEEKDAY, By.WEEK, By.MONTH])
def test_times_are_those_of_the_zone_which_goes_as_a_parameter(by: By) -> None:
    sql, parameters = sql_of(Question("wait", (by,), zone="Europe/Riga"))
    assert f"{{zone:String}}){' * 1000' if by is By.HOUR else ''}" in sql.replace("))", ")")
    assert parameters["zone"] == "Europe/Riga"


def test_a_place_needs_no_zone() -> None:
    for by in (By.SITE, By.QUEUE, By.REGION):
        assert "zone" not in sql_of(Question("wait", (by,)))[1]


def test_nothing_that_was_asked_stands_in_the_text_of_a_question() -> None:
    for sql, parameters in (
        waits_sql(ASKED), buckets_sql(ASKED, [10, 20]), tally_sql(TALLIED), worst_sql(TALLIED, Which.WORST, 5),
        worst_sql(TALLIED, Which.OPEN, 5), topics_sql(TALLIED), complaints_sql(TALLIED),
    ):  # fmt: skip
        assert "DROP" not in sql
        assert "Riga" not in sql
        assert {"from_ms": 0, "until_ms": 60_000}.items() <= parameters.items()
    assert waits_sql(ASKED)[1]["version"] == 2
    assert buckets_sql(ASKED, [10, 20])[1]["bounds"] == "[10, 20]"


def test_a_question_without_wishes_has_no_conditions() -> None:
    assert "WHERE 1 " in tally_sql(TallyQuestion())[0]
    assert complaints_sql(TallyQuestion())[0].endswith("AS told ")
    assert waits_sql(Question("wait"))[1] == {"standard": "wait"}


def test_waits_have_no_mean_and_no_percentile_where_nobody_was_served() -> None:
    row = {"standard": "wait", "version": 1, "by_site": "s", "stopped": 0, "within": 0, "left": 2, "sum_ms": 0,
           "longest": None, **dict.fromkeys(("p50", "p75", "p90", "p95", "p99"))}  # fmt: skip
    (found,) = waits(Question("wait", (By.SITE,)), [row])
    assert (found.mean, found.longest, found.percentiles["p90"], found.left) == (None, None, None, 2)
    served = {**row, "stopped": 2, "sum_ms": "41", "p90": "30", "longest": 30}
    (found,) = waits(Question("wait", (By.SITE,)), [served])
    assert (found.mean, found.percentiles["p90"], found.by) == (20, 30, {"site": "s"})


def test_every_stretch_between_bounds_is_there_also_without_a_value() -> None:
    found = buckets([10, 20], [{"place": 0, "stopped": 3, "left": 0}, {"place": 2, "stopped": 0, "left": 1}])
    assert [tuple(one) for one in found] == [(-1, 10, 3, 0), (10, 20, 0, 0), (20, None, 0, 1)]


def test_counts_are_read_as_numbers() -> None:
    row = {"standard": "wait", "version": 1, "by_day": "2026-03-01", "kind": "journey", "state": "closed",
           "reason": "ended_late", "n": "7", "late": "1"}  # fmt: skip
    (tally,) = tallies(TALLIED, [row])
    assert (tally.by, tally.n, tally.late) == ({"day": "2026-03-01"}, 7, 1)
    counts = dict.fromkeys(
        ("opened", "answered", "resolved", "withdrawn", "open", "reopened", "escalated", "visits"), "3"
    )
    (complaint,) = complaints(TALLIED, [{"by_day": "2026-03-01", **counts}])
    assert (complaint.opened, complaint.visits) == (3, 3)
    (topic,) = topics([{"topic": None, "severity": "high", "n": "2"}])
    assert tuple(topic) == (None, "high", 2)
