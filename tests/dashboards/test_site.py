"""
The dashboard of one site shows what the engine says of that site, and of its neighbours beside it.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.statistics import share_interval
from tests.dashboards.season_rows import figure, rows_of
from tests.fakes.metrics_past import LINES
from tests.fakes.shown_dashboards import Rows, Seen, titles
from tests.season import Seeded

SITE, STANDARD, ZONE = "branch-07", "counter-wait", ZoneInfo("Europe/Berlin")
NORTH = {"branch-07", "branch-12", "branch-21"}


def standards(rows: Rows, season: Seeded) -> None:
    for row in rows:
        of = rows_of(season, "attainment", standard=row["Standard"])
        good, total = figure(one for one in of if one["site"] == SITE)
        assert (row["Counted"], row["Attainment"]) == (total, pytest.approx(good / total))
        there, of_there = figure(one for one in of if one["site"] != SITE)
        assert row["Other sites"] == pytest.approx(there / of_there)
    wait = next(row for row in rows if row["Standard"] == STANDARD)
    likely = share_interval(*figure(rows_of(season, "attainment", standard=STANDARD, site=SITE)))
    assert likely is not None
    assert (wait["Likely from"], wait["Likely to"]) == (pytest.approx(likely.low), pytest.approx(likely.high))
    assert (wait["Target"], wait["Verdict"]) == (0.8, "kept")


def means(rows: Rows, season: Seeded) -> None:
    good, total = figure(rows_of(season, "attainment", standard="complaints", site=SITE))
    assert rows == [
        {"Name": "complaints", "Counted": total, "Figure": pytest.approx(good / total), "Target": 5,
         "Verdict": "kept"}
    ]  # fmt: skip


def trend(rows: Rows, season: Seeded) -> None:
    minutes = rows_of(season, "attainment", standard=STANDARD)
    first = [one for one in minutes if one["minute"][:10] == "2026-11-16"]
    good, total = figure(one for one in first if one["site"] == SITE)
    others, of_others = figure(one for one in first if one["site"] in NORTH - {SITE})
    assert rows[0]["Here"] == pytest.approx(good / total)
    assert rows[0]["Others of the region"] == pytest.approx(others / of_others)
    assert rows[0]["Target"] == 0.8


def neighbours(rows: Rows, season: Seeded) -> None:
    minutes = rows_of(season, "attainment", standard=STANDARD)
    assert {row["Id"] for row in rows} == NORTH
    for row in rows:
        good, total = figure(one for one in minutes if one["site"] == row["Id"])
        assert (row["Journeys"], row["Attainment"]) == (total, pytest.approx(good / total))
        assert row["Site"].endswith(" (here)") == (row["Id"] == SITE)


def waits(rows: Rows, season: Seeded) -> None:
    clocks = [
        one
        for one in rows_of(season, "measurements", standard=STANDARD, site=SITE)
        if one["validity"] == "plausible" and one["ended_by"] in {"stopped", "abandoned"}
    ]
    by_hour: dict[tuple[str, int], list[float]] = {}
    for one in clocks:
        at = datetime.fromtimestamp(int(one["arrived_ms"]) / 1_000, ZONE)
        by_hour.setdefault((f"{at:%A}", at.hour), []).append(int(one["value_ms"]) / int(one["limit_ms"]))
    shown = {
        (row["Weekday"], hour): row[f"{hour:02}"] for row in rows for hour in range(24) if row[f"{hour:02}"] is not None
    }
    assert shown.keys() == by_hour.keys()
    for key, used in by_hour.items():
        used.sort()
        place = 0.9 * (len(used) - 1)
        below, above = used[int(place)], used[min(int(place) + 1, len(used) - 1)]
        assert shown[key] == pytest.approx((below + (above - below) * (place % 1)) * 100, abs=0.51)


def queues(rows: Rows, _: Seeded) -> None:
    (row,) = rows
    assert row["Waiting"] == LINES[STANDARD, SITE, "counter"]["sqm_sla_waiting_journeys"]
    assert row["Longest wait"] == LINES[STANDARD, SITE, "counter"]["sqm_sla_oldest_waiting_seconds"]


def staff(rows: Rows, season: Seeded) -> None:
    shown = {row["Hour"]: row for row in rows}
    assert "03" not in shown
    # Three at the counter and three advisers, before the first of them goes to lunch.
    assert shown["09"]["On duty"] == 6
    came = Counter(
        datetime.fromtimestamp(int(one["at"]) / 1_000, ZONE).hour
        for one in rows_of(season, "events", type="sqm.journey.arrived", site=SITE)
    )
    assert shown["09"]["Customers for each"] == pytest.approx(came[9] / (6 * 6))


def reasons(rows: Rows, season: Seeded) -> None:
    told = Counter(
        (one["standard"], one["reason"].replace("_", " "))
        for one in rows_of(season, "violations", kind="journey", site=SITE)
    )
    assert {(row["Standard"], row["Reason"]): row["Violations"] for row in rows} == told


def checklists(rows: Rows, season: Seeded) -> None:
    earned: Counter[str] = Counter()
    possible: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for one in rows_of(season, "items", site=SITE):
        if one["result"] != "not_applicable":
            name = one["category"].replace("_", " ")
            seen[name] += 1
            possible[name] += int(one["weight"])
            earned[name] += int(one["weight"]) * (one["result"] == "passed")
    assert {row["Category"]: row["Score"] for row in rows} == {
        f"{name} ({seen[name]})": pytest.approx(earned[name] / possible[name]) for name in seen
    }


def violations(rows: Rows, season: Seeded) -> None:
    told = [one for one in rows_of(season, "violations", site=SITE) if one["kind"] != "at_risk"]
    told.sort(key=lambda one: one["id"])
    told.sort(key=lambda one: one["opened_at"], reverse=True)
    assert [row["Violation"] for row in rows] == [one["id"] for one in told[:100]]


def complaints(rows: Rows, season: Seeded) -> None:
    told = rows_of(season, "complaints", site=SITE)
    assert Counter((row["Cause"], row["State"]) for row in rows) == Counter(
        (one["topic"], one["state"]) for one in told
    )
    missed = {one["id"] for one in rows_of(season, "violations", kind="journey", site=SITE)}
    assert {row["Violation"] for row in rows if row["Missed"] != "–"} <= missed


def sources(rows: Rows, season: Seeded) -> None:
    told = Counter(one["source"] for one in rows_of(season, "events", site=SITE))
    assert {row["Source"]: row["Events"] for row in rows} == told
    assert {row["State"] for row in rows} == {"heard"}


EXPECTED: dict[str, Callable[[Rows, Seeded], None]] = {
    "Standards against their targets": standards,
    "Standards that are not shares": means,
    "This site and the others of its region": trend,
    "Sites of the region": neighbours,
    "How long nine of ten waited, by weekday and hour": waits,
    "Queues now": queues,
    "Staff on duty, and customers for each of them": staff,
    "What went wrong, by standard and reason": reasons,
    "Checklists by category": checklists,
    "Violations, the latest first": violations,
    "Complaints, those that are still open first": complaints,
    "Systems that report from here": sources,
}


@pytest.mark.parametrize("title", titles("site"))
def test_a_panel_shows_what_the_engine_says_of_the_site(title: str, see: Callable[..., Seen], season: Seeded) -> None:
    EXPECTED[title](see("site").rows(title), season)


def test_the_site_that_decays_falls_behind_its_neighbours(see: Callable[..., Seen], season: Seeded) -> None:
    decay = season.season.planted.decay
    rows = see("site", site=decay.site, standard=decay.standard).rows("This site and the others of its region")
    assert rows[0]["Here"] > rows[-1]["Here"] + 0.2
    assert rows[-1]["Likely to"] < rows[-1]["Others of the region"]


def test_the_clock_that_is_wrong_is_seen_at_its_shop(see: Callable[..., Seen], season: Seeded) -> None:
    clock = season.season.planted.wrong_clock
    rows = see("site", site=clock.site, standard=clock.standard).rows("Systems that report from here")
    ahead = {row["Source"]: row["Ahead by"] for row in rows}
    assert ahead[clock.source] == pytest.approx(clock.fast_ms, abs=10_000)
