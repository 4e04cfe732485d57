"""
What history is asked when somebody wants to know how far a standard was kept, and the figures that it makes of the
answer.
"""

from typing import Any

import pytest

from domain.metrics import METRICS, Counts
from services.history.engine import Basis, By, Question, figures, sql_of

COUNTS = Counts(
    answered=8, answered_within=6, abandoned=2, abandoned_within=1, abandoned_short=1, answered_wait_ms=80_000
)


def row(counts: Counts = COUNTS, **keys: object) -> dict[str, Any]:
    return {"standard": "wait", "version": 1, **keys, **{f"n_{name}": n for name, n in counts._asdict().items()}}


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
    assert "toStartOfHour(minute, 'UTC')) * 1000 AS by_hour, site AS by_site" in sql
    assert sql.endswith("ORDER BY standard, version, by_hour, by_site")


def test_measurements_are_counted_by_their_ends_and_by_the_time_of_arrival() -> None:
    sql, _ = sql_of(Question("wait", by=(By.HOUR,), basis=Basis.MEASUREMENTS))
    assert "FROM standing_measurements" in sql
    assert "toStartOfHour(arrived_at, 'UTC')" in sql
    assert "countIf(ended_by = 'cancelled') AS n_cancelled" in sql


def test_every_metric_is_made_of_the_counts_of_a_row_unless_some_are_named() -> None:
    found = figures(Question("wait"), [row()])
    assert [one.metric for one in found] == list(METRICS)
    assert {one.counts for one in found} == {COUNTS}
    (chosen,) = figures(Question("wait"), [row()], ["sl_all_offered"])
    assert (chosen.good, chosen.total, chosen.value) == (6, 10, 0.6)


def test_a_figure_keeps_the_group_that_it_is_of() -> None:
    question = Question("wait", by=(By.SITE, By.QUEUE))
    (found,) = figures(question, [row(by_site="s1", by_queue=None)], ["asa"])
    assert (found.standard, found.version, found.by) == ("wait", 1, {"site": "s1", "queue": None})


def test_of_nobody_there_is_no_value() -> None:
    (found,) = figures(Question("wait"), [row(Counts())], ["sl_all_offered"])
    assert (found.total, found.value) == (0, None)
