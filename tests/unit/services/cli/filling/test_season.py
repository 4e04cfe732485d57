"""
A season in history: what was planted is found again by history's own questions, and nothing counts twice.
"""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from schemas.base import DAY_MS
from schemas.tables import TABLES
from services.cli.filling import require_room
from services.history.engine import AlertQuestion, By, Question, alert_measures, alert_questions, figures, sql_of
from services.runtime.errors import Rejected
from tests.season import Seeded

MONDAY, WEEKEND = 0, (5, 6)


def kept(season: Seeded, standard: str, *days: int) -> Mapping[tuple[object, object], float]:
    """
    The share of customers for whom a standard was kept on some days of the season, by site and queue.
    """
    good: dict[tuple[object, object], int] = {}
    total: dict[tuple[object, object], int] = {}
    for day in days:
        from_ms = season.season.begins_at + day * DAY_MS
        question = Question(standard, (By.SITE, By.QUEUE), from_ms=from_ms, until_ms=from_ms + DAY_MS)
        for one in figures(question, season.database.rows(*sql_of(question))):
            if one.metric == one.aim:
                place = (one.by["site"], one.by["queue"])
                good[place] = good.get(place, 0) + one.good
                total[place] = total.get(place, 0) + one.total
    return {place: good[place] / total[place] for place in good}


def test_the_standard_decays_at_one_site_and_at_no_other(season: Seeded) -> None:
    before, after = kept(season, "counter-wait", 0, 1, 2, 3), kept(season, "counter-wait", 4, 7)
    falls = {site: before[site] - after[site] for site in before}
    assert falls.pop(("branch-12", "counter")) > 0.15
    assert len(falls) == 2
    assert max(falls.values()) < 0.1


def test_the_queue_is_slow_on_mondays_and_no_other_of_its_site_is(season: Seeded) -> None:
    mondays, others = kept(season, "registration-wait", 0, 7), kept(season, "registration-wait", 1, 2, 3, 4)
    office = "city-office-2"
    assert others[office, "registration"] - mondays[office, "registration"] > 0.2
    assert abs(others[office, "permits"] - mondays[office, "permits"]) < 0.1


def test_the_till_with_the_wrong_clock_reports_before_it_happens_and_makes_its_shop_look_worse(season: Seeded) -> None:
    rows = season.database.rows(
        "SELECT source, avg(dateDiff('millisecond', occurred_at, received_at)) AS delay_ms FROM events FINAL "
        "GROUP BY source ORDER BY delay_ms"
    )
    wrong = season.season.planted.wrong_clock
    assert rows[0]["source"] == wrong.source
    assert float(rows[0]["delay_ms"]) < -0.9 * wrong.fast_ms
    assert all(float(row["delay_ms"]) > 0 for row in rows[1:])
    by_site = kept(season, "till-wait", *range(8))
    assert by_site["shop-9", "tills"] - by_site["shop-5", "tills"] > 0.2


def test_what_history_says_of_the_planted_places_is_what_really_happened(season: Seeded) -> None:
    """
    Reports that were lost or misspelt are what figures and truth may differ by.
    """
    told = season.truth.told()
    first = told["decay"]["kept_by_week"][0] / 10_000
    assert kept(season, "counter-wait", *range(7))["branch-12", "counter"] == pytest.approx(first, abs=0.02)
    mondays = told["short_day"]["kept_by_weekday"]["Monday"] / 10_000
    found = kept(season, "registration-wait", 0, 7)["city-office-2", "registration"]
    assert found == pytest.approx(mondays, abs=0.02)
    assert [sentence.partition(":")[0] for sentence in season.truth.sentences()] == [
        "branch-12", "city-office-2, queue registration", "/demo/shop-5/till-2",
    ]  # fmt: skip


def test_every_table_has_rows_and_a_copy_of_an_event_is_one_row(season: Seeded) -> None:
    empty = {
        table.name
        for table in TABLES
        if not season.database.rows(f"SELECT count() AS rows FROM {table.name}")[0]["rows"]  # noqa: S608  (names of our tables)
    }
    assert empty == set()
    rows = season.database.rows("SELECT count() AS rows FROM events FINAL")
    assert int(rows[0]["rows"]) < season.filled.accepted
    assert season.filled.refused["unknown_field"] == season.truth.told()["faults"]["misspelt"]


def test_a_promise_is_tightened_half_way_and_an_outage_is_agreed_on_afterwards(season: Seeded) -> None:
    versions = season.database.rows(
        "SELECT version, count() AS n FROM standing_measurements WHERE standard = 'till-wait' GROUP BY 1 ORDER BY 1"
    )
    assert [int(row["version"]) for row in versions] == [1, 2]
    agreed = season.database.rows("SELECT id FROM standards FINAL WHERE kind = 'Exclusion'")
    assert agreed == [{"id": "exchange-renewed"}]


def test_an_action_against_the_decay_is_taken_and_found_wanting(season: Seeded) -> None:
    rows = season.database.rows("SELECT id, standard, site, queue, state FROM corrective_actions")
    assert [list(row.values()) for row in rows] == [["shorter-form", "counter-wait", "branch-12", "counter", "failed"]]


def test_alerts_are_raised_answered_and_judged(season: Seeded) -> None:
    question = AlertQuestion()
    measures = alert_measures(question, [season.database.rows(*one) for one in alert_questions(question)])
    assert measures
    actions = season.database.rows("SELECT DISTINCT action FROM alert_commands ORDER BY action")
    assert [row["action"] for row in actions] == ["acknowledge", "comment", "feedback"]
    outcomes = season.database.rows("SELECT DISTINCT outcome FROM deliveries ORDER BY outcome")
    assert [row["outcome"] for row in outcomes] == ["delivered", "given_up"]


def test_nothing_is_told_of_the_future(season: Seeded) -> None:
    for table in ("events", "measurements", "violations", "attainment", "alerts", "alert_commands", "notifications"):
        rows = season.database.rows(f"SELECT max(toUnixTimestamp64Milli(recorded_at)) AS at FROM {table}")  # noqa: S608  (names of our tables)
        assert int(rows[0]["at"]) <= season.season.ends_at


def test_a_season_that_is_there_has_room_for_itself_only(season: Seeded) -> None:
    require_room(season.database, season.season, beside_others=False)
    with pytest.raises(Rejected, match="another season already, of `sqm simulate --to-history --days 8 --seed 3"):
        require_room(season.database, replace(season.season, seed=4), beside_others=False)
    with pytest.raises(Rejected, match="which is no site of the season"):
        require_room(season.database, replace(season.season, sites=season.season.sites[:3]), beside_others=False)
    require_room(season.database, replace(season.season, sites=season.season.sites[:3]), beside_others=True)
