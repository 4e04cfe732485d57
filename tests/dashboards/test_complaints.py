"""
The dashboard of complaints and feedback shows what was said, with how sure the figures are.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from dashboards.scores import error_of_mean, mean_bounds
from domain.statistics import mean_of, net_promoter_score, share_interval
from services.runtime.clickhouse import Database
from tests.dashboards.season_rows import figure, rows_of, sums
from tests.fakes.shown_dashboards import Rows, Seen, titles
from tests.season import Seeded

ANSWERING = {"complaint-acknowledged": 86_400_000, "complaint-answered": 432_000_000}


def per_1000(complained: int, visits: int) -> dict[str, Any]:
    likely = share_interval(complained, visits)
    assert likely is not None
    return {
        "Per 1,000 visits": pytest.approx(1_000 * complained / visits),
        "Likely from": pytest.approx(1_000 * likely.low),
        "Likely to": pytest.approx(1_000 * likely.high),
    }


def rate(rows: Rows, season: Seeded) -> None:
    good, visits = figure(rows_of(season, "attainment", standard="complaints"))
    assert good == 1_000 * len(rows_of(season, "complaints"))
    assert rows == [per_1000(good // 1_000, visits) | {"Target at most": 5}]


def counts(rows: Rows, season: Seeded) -> None:
    told = rows_of(season, "complaints")
    still = [one for one in told if one["state"] not in {"resolved", "withdrawn"}]
    late = {one["journey"] for one in rows_of(season, "violations", kind="journey") if one["standard"] in ANSWERING}
    assert rows == [
        {
            "Opened": len(told),
            "Still open": len(still),
            "Overdue": len([one for one in still if one["journey"] in late]),
            "Reopened": len([one for one in told if int(one["reopened"])]),
        }
    ]
    assert rows[0]["Overdue"] > 0


def through_time(rows: Rows, season: Seeded) -> None:
    day = [
        one
        for one in rows_of(season, "attainment", standard="complaints")
        if "2026-11-16 23:00" <= one["minute"] < "2026-11-17 23:00"
    ]
    good, visits = figure(day)
    (shown,) = [row for row in rows if row["time"] == "2026-11-16T23:00:00Z"]
    assert shown == per_1000(good // 1_000, visits) | {"time": "2026-11-16T23:00:00Z", "Target": 5}
    # Some hours before midnight are a day of their own, of too few visits to say anything.
    assert len(rows) == 8


def causes(rows: Rows, season: Seeded) -> None:
    told = Counter(one["topic"] for one in rows_of(season, "complaints"))
    assert {row["Cause"]: row["Complaints"] for row in rows} == told
    assert rows[0]["Cause"] == "waiting time"


def answered(rows: Rows, season: Seeded) -> None:
    assert {row["Standard"]: row["Limit"] for row in rows} == ANSWERING
    for row in rows:
        good, total = figure(rows_of(season, "attainment", standard=row["Standard"]))
        values = sorted(
            int(one["value_ms"])
            for one in rows_of(season, "measurements", standard=row["Standard"])
            if one["ended_by"] == "stopped"
        )
        assert (row["Ended"], row["Attainment"], row["Target"]) == (total, pytest.approx(good / total), 0.9)
        assert row["Half within"] == values[(len(values) - 1) // 2]
        assert row["Nine of ten within"] in values
        assert sum(value <= row["Nine of ten within"] for value in values) >= 0.9 * len(values)


def sites(rows: Rows, season: Seeded) -> None:
    told = Counter(one["site"] for one in rows_of(season, "complaints"))
    for row in rows:
        _, visits = figure(rows_of(season, "attainment", standard="complaints", site=row["Site"]))
        complained = told[row["Site"]]
        assert row == {"Site": row["Site"], "Complaints": complained} | per_1000(complained, visits)
    assert len(rows) == len(season.season.sites)


def single(rows: Rows, season: Seeded) -> None:
    told = {(one["site"], one["opened_at"][:19]): one for one in rows_of(season, "complaints")}
    shown = {(row["Site"], row["Opened"][:19].replace("T", " ")): row for row in rows}
    assert shown.keys() == told.keys()
    for key, row in shown.items():
        one = told[key]
        assert (row["Cause"], row["State"]) == (one["topic"], one["state"])
        if one["responded_at"] is not None:
            took = datetime.fromisoformat(one["responded_at"]) - datetime.fromisoformat(one["opened_at"])
            assert row["Answered after"] == pytest.approx(took.total_seconds(), abs=1)


def scores(rows: Rows, season: Seeded) -> None:
    shown = {row["Metric"]: row for row in rows}
    n, top2 = sums(rows_of(season, "attainment", standard="satisfaction"), "n", "top2")
    likely = share_interval(top2, n)
    assert likely is not None
    assert (shown["csat_top2"]["Answers"], shown["csat_top2"]["Score"]) == (n, pytest.approx(100 * top2 / n))
    assert shown["csat_top2"]["Likely from"] == pytest.approx(100 * likely.low)
    assert shown["csat_top2"]["Verdict"] == "perhaps kept"
    minutes = rows_of(season, "attainment", standard="recommendation")
    promoted = net_promoter_score(*sums(minutes, "n", "promoters", "detractors"))
    assert promoted is not None
    assert promoted.interval is not None
    nps = shown["nps"]
    assert (nps["Answers"], nps["Score"], nps["Standard error"], nps["Likely from"], nps["Likely to"]) == (
        promoted.n, pytest.approx(promoted.score), pytest.approx(promoted.standard_error),
        pytest.approx(promoted.interval.low), pytest.approx(promoted.interval.high),
    )  # fmt: skip
    asked = {one["site"] for one in minutes}
    came = [one for one in rows_of(season, "events", type="sqm.journey.arrived") if one["site"] in asked]
    assert nps["Answered for"] == pytest.approx(promoted.n / len(came))


def of_the_day(season: Seeded, standard: str) -> list[dict[str, Any]]:
    return [
        one
        for one in rows_of(season, "attainment", standard=standard)
        if "2026-11-16 23:00" <= one["minute"] < "2026-11-17 23:00"
    ]


def satisfied(rows: Rows, season: Seeded) -> None:
    n, top2 = sums(of_the_day(season, "satisfaction"), "n", "top2")
    (shown,) = [row for row in rows if row["time"] == "2026-11-16T23:00:00Z"]
    assert shown["Score"] == pytest.approx(top2 / n)


def recommended(rows: Rows, season: Seeded) -> None:
    promoted = net_promoter_score(*sums(of_the_day(season, "recommendation"), "n", "promoters", "detractors"))
    assert promoted is not None
    (shown,) = [row for row in rows if row["time"] == "2026-11-16T23:00:00Z"]
    assert shown["Score"] == pytest.approx(promoted.score)


def distribution(rows: Rows, season: Seeded) -> None:
    told = Counter((one["instrument"], str(int(one["score"]))) for one in given(season))
    assert {row["Answer"]: row["CSAT"] for row in rows if row["CSAT"]} == {
        score: n for (instrument, score), n in told.items() if instrument == "csat"
    }
    assert {row["Answer"]: row["NPS"] for row in rows if row["NPS"]} == {
        score: n for (instrument, score), n in told.items() if instrument == "nps"
    }


def given(season: Seeded) -> list[dict[str, Any]]:
    return rows_of(season, "answers", type="sqm.feedback.received")


def checklists(rows: Rows, season: Seeded) -> None:
    """
    Together they make up what the engine scored.
    """
    earned, possible = sums(rows_of(season, "attainment", standard="friendliness"), "earned", "possible")
    weights: Counter[str] = Counter()
    for one in rows_of(season, "items"):
        if one["result"] != "not_applicable":
            weights[one["category"].replace("_", " ")] += int(one["weight"])
    assert sum(weights.values()) == possible
    assert sum(row["Score"] * weights[row["Category"].split(" (")[0]] for row in rows) == pytest.approx(earned)


def items(rows: Rows, season: Seeded) -> None:
    told = [one for one in rows_of(season, "items") if one["result"] != "not_applicable"]
    seen = Counter(one["item"] for one in told)
    passed = Counter(one["item"] for one in told if one["result"] == "passed")
    assert {row["Item"]: (row["Seen"], row["Passed"]) for row in rows} == {
        item: (n, pytest.approx(passed[item] / n)) for item, n in seen.items()
    }


def voices(rows: Rows, season: Seeded) -> None:
    told = Counter(row["What"] for row in rows for _ in range(int(row["Times"])))
    assert told["suggestion"] == len(rows_of(season, "answers", type="sqm.suggestion.submitted"))
    assert told["incident"] == len(rows_of(season, "answers", type="sqm.incident.reported"))


EXPECTED: dict[str, Callable[[Rows, Seeded], None]] = {
    "Complaints for every 1,000 visits": rate,
    "Complaints by how far they are": counts,
    "Complaints for every 1,000 visits, through time": through_time,
    "Complaints by cause": causes,
    "Time to answer against its standard": answered,
    "By site": sites,
    "Complaints, those that are still open first": single,
    "Scores": scores,
    "Satisfied, through time": satisfied,
    "Net promoter score, through time": recommended,
    "Answers, from worst to best": distribution,
    "Checklists by category": checklists,
    "Items of checklists, the worst first": items,
    "What staff suggest and report": voices,
}


@pytest.mark.parametrize("title", titles("complaints"))
def test_a_panel_shows_what_was_said(title: str, see: Callable[..., Seen], season: Seeded) -> None:
    EXPECTED[title](see("complaints").rows(title), season)


def test_the_site_that_forgets_to_smile_scores_lower(see: Callable[..., Seen], season: Seeded) -> None:
    def score(**site: str) -> float:
        rows = see("complaints", **site).rows("Items of checklists, the worst first")
        return float(sum(row["Seen"] * row["Passed"] for row in rows) / sum(row["Seen"] for row in rows))

    assert score(site=season.season.planted.unfriendly) < score()


def test_a_mean_is_as_sure_as_the_product_says(history: Database) -> None:
    error = error_of_mean("n", "total", "squares")
    low, high = mean_bounds("n", "mean", "error")
    samples = [[4], [4, 4], [1, 5], [2, 3, 5, 5], list(range(1, 22)), list(range(1, 23)), list(range(1, 200))]
    for values in samples:
        n, total, squares = len(values), sum(values), sum(value * value for value in values)
        (row,) = history.rows(
            f"SELECT {low} AS low, {high} AS high, error FROM (SELECT toInt64({n}) AS n, {total} AS total, "
            f"{squares} AS squares, total / n AS mean, {error} AS error)"
        )
        expected = mean_of(n, total, squares)
        assert expected is not None
        assert row["error"] == (
            None if expected.standard_error is None else pytest.approx(expected.standard_error, abs=1e-9)
        )
        if expected.interval is None:
            assert (row["low"], row["high"]) == (None, None)
        else:
            assert (row["low"], row["high"]) == (
                pytest.approx(expected.interval.low), pytest.approx(expected.interval.high)
            )  # fmt: skip
