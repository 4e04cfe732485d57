"""
The report's part about objectives: every scope and window, what was left out beside, and what may still go wrong.
"""

import json
from pathlib import Path

import pytest

from services.cli import main
from tests.fakes.mappings import HEADER, TICKETS

DOCUMENTS = """
apiVersion: sqm/v1
kind: Standard
metadata: {id: wait, version: 1, title: Five minutes, owner: Branch, effective_from: 2020-01-01T00:00:00Z, why: Why.}
clock: {start: journey.arrived, stop: journey.called, limit: 5m}
objective:
  metric: sl_all_offered
  target: 80%
  windows: [{calendar: day}, {calendar: month}, {rolling: 30d}]
  scopes: [site, region]
  burn_alerts: auto
---
apiVersion: sqm/v1
kind: Standard
metadata: {id: mean, version: 1, title: Three minutes, owner: Branch, effective_from: 2020-01-01T00:00:00Z, why: Why.}
clock: {start: journey.arrived, stop: journey.called, limit: 5m}
objective: {metric: asa, target: 3m, window: {calendar: day}}
---
apiVersion: sqm/v1
kind: Standard
metadata: {id: quiet, version: 1, title: Nobody, owner: Branch, effective_from: 2030-01-01T00:00:00Z, why: Because.}
clock: {start: journey.arrived, stop: journey.called, limit: 5m}
objective: {metric: asa, target: 3m}
---
apiVersion: sqm/v1
kind: Standard
metadata: {id: half, version: 1, title: Half, owner: Branch, effective_from: 2020-01-01T00:00:00Z, why: Why.}
clock: {start: journey.arrived, stop: journey.called, limit: 5m}
objective: {metric: p50, target: 3m, window: {calendar: month}}
---
apiVersion: sqm/v1
kind: Site
metadata: {id: branch, title: Branch, region: north}
---
apiVersion: sqm/v1
kind: Exclusion
metadata: {id: strike, reason: A strike., author: quality, entered_at: 2026-01-08T00:00:00Z}
applies_to: {standard: "[wh]a*"}
from: 2026-01-07T00:00:00Z
until: 2026-01-08T00:00:00Z
"""

ROWS = [
    (5, "08:00:00", "08:01:00"), (5, "09:00:00", "09:09:00"), (6, "08:00:00", "08:01:00"), (7, "08:00:00", "08:30:00"),
    (8, "08:00:00", "08:30:00"), (9, "08:00:00", "08:01:00"), (10, "08:00:00", "08:01:00"),
    (12, "08:00:00", "08:30:00"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [f"A{n},d3,{day:02d}.01.2026,{came},{called}\n" for n, (day, came, called) in enumerate(ROWS)]
    for name, text in {
        "mapping.yaml": TICKETS, "all.yaml": DOCUMENTS, "week.csv": HEADER + "".join(lines),
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def words(folder: Path, *more: str) -> list[str]:
    standards = f"{folder}/all.yaml"
    return ["replay", "--mapping", f"{folder}/mapping.yaml", "--standards", standards, *more, f"{folder}/week.csv"]


def test_every_scope_and_window_is_told_with_and_without(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(folder, "--format", "json")) == 0
    found = json.loads(capsys.readouterr().out)["objectives"]
    months = {one["scope"]: one for one in found if one["window"] == "calendar:month"}
    assert months.keys() == {"site:branch", "region:north"}
    month = months["region:north"]
    assert (month["good"], month["total"], month["partly_elapsed"], month["finding"]) == (4, 7, True, "missed")
    assert (month["with_excluded"]["good"], month["with_excluded"]["total"]) == (4, 8)
    assert [(one["id"], one["reason"], one["author"]) for one in month["excluded_by"]] == [
        ("strike", "A strike.", "quality")
    ]
    assert [line["basis"] for line in month["budgets"]] == ["so_far", "projected"]
    assert month["interval"][0] < month["value"] < month["interval"][1]
    mean = [one for one in found if one["standard"] == "mean"]
    assert {one["budgets"] == [] and one["interval"] is None for one in mean} == {True}
    assert min(one["value"] for one in mean if one["total"]) == 60.0
    assert {one["value"] for one in mean if not one["total"]} == {None}


def test_the_table_shows_the_worst_windows_and_counts_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(folder)) == 0
    shown = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    tables = [
        place for place, line in enumerate(shown) if line.startswith("objectives figure (with excluded) n likely")
    ]
    assert len(tables) == 3
    first, after, month = "2026-01-01 00:00", "2026-01-08 00:00", "57.14% (50.00%) 7 25.0% to 84.2% missed"
    begin = next(place for place, line in enumerate(shown) if line.startswith("site:branch, calendar:day"))
    assert shown[begin : begin + 11] == [
        "site:branch, calendar:day (UTC) from 2026-01-05 00:00 50.00% 2 9.5% to 90.5% missed -1",
        "from 2026-01-06 00:00 100.00% 1 20.7% to 100.0% kept 0",
        "from 2026-01-08 00:00 0.00% 1 0.0% to 79.3% missed -1",
        "from 2026-01-09 00:00 100.00% 1 20.7% to 100.0% kept 0",
        "from 2026-01-12 00:00, so far 0.00% 1 0.0% to 79.3% missed -1 so far; -1 projected",
        "of 8: 3 kept, 3 missed, 2 no data; missed 2 times, for 1 d 8 h",
        f"site:branch, calendar:month (UTC) from {first}, so far {month} -2 so far; 0 projected, gone in 50 min 11 s",
        "missed once, for 6 d 23 h, and still; burning 3 times, for 11 h 21 min",
        f"site:branch, rolling:30d (UTC) from 2025-12-13 07:00 {month} -2",
        "missed once, for 6 d 23 h, and still",
        f"excluded: strike, 2026-01-07 00:00 to {after} (UTC): A strike. Entered by quality on {after}.",
    ]
    assert shown[tables[1] + 1 : tables[1] + 7] == [
        "site:branch, calendar:day (UTC) from 2026-01-05 00:00 5 min 2 – missed –",
        "from 2026-01-06 00:00 1 min 1 – kept –",
        "from 2026-01-07 00:00 30 min 1 – missed –",
        "from 2026-01-08 00:00 30 min 1 – missed –",
        "from 2026-01-12 00:00, so far 30 min 1 – missed –",
        "of 8: 3 kept, 4 missed, 1 no data; missed 3 times, for 2 d",
    ]


def test_a_percentile_is_told_with_how_many_were_within_its_target(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(folder, "--format", "json")) == 0
    document = json.loads(capsys.readouterr().out)
    (half,) = [one for one in document["objectives"] if one["standard"] == "half"]
    assert (half["good"], half["total"], half["value"], half["finding"]) == (4, 7, 60.0, "kept")
    assert half["with_excluded"] == {"good": 4, "total": 8, "value": 60.0}
    (figure,) = [one for one in document["attainment"] if (one["standard"], one["metric"]) == ("half", "p50")]
    assert (figure["good"], figure["total"], figure["value"], figure["unit"]) == (4, 8, 60.0, "seconds")
    assert main(words(folder)) == 0
    shown = capsys.readouterr().out
    for part in ("worst hours by p50", "1 min (1 min)"):
        assert part in shown, part


def test_a_violation_of_a_scope_stands_in_the_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(folder, "--out", str(folder / "out"))) == 0
    said = [json.loads(line) for line in (folder / "out" / "violations.ndjson").read_text().splitlines()]
    kinds = {(one["kind"], one["scope"], one["state"]) for one in said if one.get("scope")}
    assert ("objective", "region:north", "closed") in kinds
    assert any(kind == "burn" for kind, _, _ in kinds)


OTHER_KINDS = """
apiVersion: sqm/v1
kind: Standard
metadata: {id: unmet, version: 1, title: Called, owner: Branch, effective_from: 2020-01-01T00:00:00Z, why: Why.}
rate: {count: journey.called, of: journey.arrived}
objective: {metric: METRIC, target: "5", window: {calendar: month}}
"""


@pytest.mark.parametrize(("metric", "value", "shown"), [("per_100", 87.5, "87.50"), ("per_1000", 875.0, "875.00")])
def test_an_objective_of_another_kind_is_told_in_its_own_unit(
    metric: str, value: float, shown: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "all.yaml").write_text(OTHER_KINDS.replace("METRIC", metric), encoding="utf-8")
    assert main(words(folder, "--format", "json")) == 0
    (month,) = json.loads(capsys.readouterr().out)["objectives"]
    assert (month["value"], month["finding"]) == (value, "missed")
    assert main(words(folder)) == 0
    report = capsys.readouterr().out
    assert "site:branch, calendar:month" in report
    assert shown in report.partition("site:branch, calendar:month")[2]


def test_what_still_misses_its_target_has_lasted_until_the_end_of_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(folder, "--format", "json")) == 0
    found = json.loads(capsys.readouterr().out)["objectives"]
    (month,) = [
        one for one in found
        if one["window"] == "calendar:month" and one["scope"] == "site:branch" and one["standard"] == "wait"
    ]  # fmt: skip
    assert month["violations"]["still"] == 1
    assert month["violations"]["for_ms"] > 5 * 86_400_000
