"""
The dashboard of teams shows figures of many, never of few, and how sure they are.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.asking import Span, expanded
from dashboards.people import set_apart
from domain.statistics import mean_of, share_interval
from services.cli.report.naming import without_names
from services.history.engine import By
from tests.dashboards.season_rows import rows_of
from tests.fakes.shown_dashboards import Rows, Seen, titles
from tests.season import Seeded

STANDARD = "counter-wait"


class Served(NamedTuple):
    by: dict[By, str]
    n: int


def served(season: Seeded) -> list[dict[str, Any]]:
    return [
        one
        for one in rows_of(season, "measurements", standard=STANDARD)
        if one["met"] is not None and one["ended_by"] == "stopped" and one["team"] is not None
    ]


def by(season: Seeded, *names: str) -> dict[tuple[str, ...], list[bool]]:
    found: dict[tuple[str, ...], list[bool]] = {}
    for one in served(season):
        found.setdefault(tuple(one[name] for name in names), []).append(bool(one["met"]))
    return found


def whole(rows: Rows, season: Seeded) -> None:
    told = served(season)
    assert rows == [
        {
            "Within the limit": pytest.approx(sum(bool(one["met"]) for one in told) / len(told)),
            "Journeys": len(told),
            "Teams": len({one["team"] for one in told}),
            "Employees": len({one["employee"] for one in told}),
        }
    ]


def teams(rows: Rows, season: Seeded) -> None:
    told = by(season, "team")
    assert {(row["Team"],) for row in rows} == told.keys()
    for row in rows:
        mets = told[row["Team"],]
        likely = share_interval(sum(mets), len(mets))
        assert likely is not None
        assert (row["Journeys"], row["Within the limit"]) == (len(mets), pytest.approx(sum(mets) / len(mets)))
        assert (row["Likely from"], row["Likely to"]) == (pytest.approx(likely.low), pytest.approx(likely.high))


def through_time(rows: Rows, season: Seeded) -> None:
    first = [
        bool(one["met"])
        for one in served(season)
        if one["team"] == "branch-07-counter" and one["arrived_at"][:10] == "2026-11-16"
    ]
    shown = next(row for row in rows if row["team"] == "branch-07-counter")
    assert shown["figure"] == pytest.approx(sum(first) / len(first))


def present(rows: Rows, season: Seeded) -> None:
    done = Counter(one["team"] for one in rows_of(season, "events", type="sqm.service.completed"))
    assert {row["Team"]: row["Served"] for row in rows} == done
    hours = {row["Team"]: row["Hours"] for row in rows}
    # Three at the counter and three advisers on six days, eleven hours less a break, and who are relieved at lunch.
    assert hours["branch-07-counter"] == pytest.approx(6 * 6 * (10 + 5 / 60) - 6 * 6 * 0.5)


def times(rows: Rows, season: Seeded) -> None:
    for row in rows:
        values = [int(one["value_ms"]) for one in served(season) if one["team"] == row["Team"]]
        expected = mean_of(len(values), sum(values), sum(value * value for value in values))
        assert expected is not None
        assert expected.interval is not None
        assert (row["Journeys"], row["Mean"]) == (len(values), pytest.approx(expected.mean))
        assert row["Likely from"] == pytest.approx(expected.interval.low, rel=1e-6)
        assert row["Likely to"] == pytest.approx(expected.interval.high, rel=1e-6)
        assert row["Half within"] == sorted(values)[(len(values) - 1) // 2]


def answers(rows: Rows, season: Seeded) -> None:
    told = rows_of(season, "answers", type="sqm.feedback.received")
    row = next(row for row in rows if row["Team"] == "branch-07-counter")
    given = [int(one["score"]) for one in told if one["team"] == "branch-07-counter"]
    expected = mean_of(len(given), sum(given), sum(score * score for score in given))
    assert expected is not None
    assert expected.interval is not None
    assert (row["Survey"], row["Answers"], row["Mean answer"]) == ("csat", len(given), pytest.approx(expected.mean))
    assert row["Likely from"] == pytest.approx(expected.interval.low, rel=1e-6)


def employees(rows: Rows, season: Seeded) -> None:
    told = by(season, "team", "employee")
    rates: dict[tuple[str, ...], list[bool]] = by(season, "site", "queue", "service")
    for row in rows:
        mets = told[row["Team"], row["Employee"]]
        assert (row["Journeys"], row["Within the limit"]) == (len(mets), pytest.approx(sum(mets) / len(mets)))
        work = [
            rates[one["site"], one["queue"], one["service"]]
            for one in served(season)
            if one["employee"] == row["Employee"]
        ]
        expected = sum(sum(kind) / len(kind) for kind in work) / len(work)
        assert row["Expected"] == pytest.approx(expected)
        likely = share_interval(sum(mets), len(mets))
        assert likely is not None
        assert row["Compared"] == (
            "below" if likely.high < expected else "above" if likely.low > expected else "no different"
        )
    assert len(rows) == len(told)


EXPECTED: dict[str, Callable[[Rows, Seeded], None]] = {
    "All of them together": whole,
    "Teams": teams,
    "Within the limit, by team": through_time,
    "Time on duty, and how many were served in it": present,
    "How long it took, by team": times,
    "What customers answer, by team": answers,
    "Employees": employees,
}


@pytest.mark.parametrize("title", titles("team"))
def test_a_panel_shows_what_the_engine_says_of_teams(title: str, see: Callable[..., Seen], season: Seeded) -> None:
    EXPECTED[title](see("team").rows(title), season)


def test_nobody_is_named_of_whom_there_is_little(see: Callable[..., Seen], season: Seeded) -> None:
    seen = see("team", standard="advice-wait", least="100")
    few = {
        name: n
        for name, n in Counter(
            one["employee"]
            for one in rows_of(season, "measurements", standard="advice-wait")
            if one["met"] is not None and one["employee"] is not None
        ).items()
        if n < 100
    }
    assert few
    for panel in seen.panels:
        assert not any(name in str(seen.grafana.panel(panel)) for name in few), panel["title"]
    last = seen.rows("Employees")[-1]
    assert (last["Employee"], last["Journeys"]) == (f"{len(few)} others, too few to be shown", sum(few.values()))
    assert last["Within the limit"] is None


@given(st.dictionaries(st.tuples(st.sampled_from("xy"), st.sampled_from("abcd")), st.integers(1, 30), min_size=1))
@settings(max_examples=40)
def test_dashboards_and_reports_name_the_same(season: Seeded, cells: dict[tuple[str, str], int]) -> None:
    rows = ", ".join(f"('{team}', '{name}', {n})" for (team, name), n in cells.items())
    apart = set_apart(f"values('team String, employee String, n UInt64', {rows})", "employee", "team", "n")
    asked = expanded(f"SELECT team, employee FROM {apart} WHERE NOT unnamed", Span(0, 0), {"least": ["10"]}, {})
    named = {(row["team"], row["employee"]) for row in season.database.rows(asked)}
    for team in "xy":
        served = [Served({By.EMPLOYEE: name}, n) for (of, name), n in cells.items() if of == team]
        shown, _ = without_names(served, [By.EMPLOYEE], 10)
        assert {name for of, name in named if of == team} == {one.by[By.EMPLOYEE] for one in shown}


def test_one_alone_is_not_told_by_those_beside_it(see: Callable[..., Seen], season: Seeded) -> None:
    counts = sorted(n for n in (len(mets) for mets in by(season, "team").values()))
    seen = see("team", least=str(counts[0] + 1))
    *_, last = rows = seen.rows("Teams")
    assert (last["Team"], last["Journeys"]) == ("2 others, too few to be shown", counts[0] + counts[1])
    assert len(rows) == len(counts) - 1


def test_an_address_cannot_ask_for_fewer_than_ten(see: Callable[..., Seen]) -> None:
    seen = see("team", team="branch-07-counter", standard="advice-wait", least="0")
    assert all(row["Journeys"] >= 10 for row in seen.rows("Employees"))
    assert "greatest(toUInt64OrZero" in str(seen.dashboard["panels"])
