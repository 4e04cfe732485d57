"""
What the report of a replay says beside its figures: what is counted apart, the grades, and the stated reasons.
"""

import json
from pathlib import Path

import pytest

from services.cli import main
from tests.fakes.mappings import HEADER, TICKETS

META = "effective_from: 2020-01-01T00:00:00Z, owner: Branch, why: Why., version: 1"
GRADED = f"""
apiVersion: sqm/v1
kind: Standard
metadata: {{id: wait, title: Five minutes, {META}}}
clock:
  start: journey.arrived
  stop: journey.called
  limit: 5m
  validity: {{shortest: 1s}}
  bands: [{{name: A, within: 2m}}, {{name: B, within: 5m}}, {{name: F}}]
  limits: [{{when: {{queue: d4}}, limit: 10m, bands: [{{name: A, within: 10m}}, {{name: E}}]}}]
objective: {{metric: goal_met, target: 80%}}
---
apiVersion: sqm/v1
kind: Standard
metadata: {{id: lost, title: Lost, {META}}}
rate: {{count: sale.lost, of: journey.arrived}}
objective: {{metric: lost_sales_per_100, target: "5"}}
"""
LOST = "events:\n  - {type: sale.lost, when: called == null, time: came, data: {reason: 'desk'}}\n"
ROWS = [
    ("d3", "08:00:00", "08:01:00"), ("d3", "08:01:00", "08:06:00"), ("d3", "08:02:00", "08:20:00"),
    ("d4", "09:00:00", "09:09:00"), ("d4", "09:01:00", "09:01:00"), ("d4", "09:02:00", "-"), ("d3", "09:03:00", "-"),
    ("d3", "09:04:00", "-"),
]  # fmt: skip


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    rows = [f"A{n},{desk},26.01.2026,{came},{called}\n" for n, (desk, came, called) in enumerate(ROWS)]
    mapping = TICKETS.replace("events:\n", LOST)
    for name, text in {"mapping.yaml": mapping, "all.yaml": GRADED, "day.csv": HEADER + "".join(rows)}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return ["replay", "--mapping", f"{tmp_path}/mapping.yaml", "--standards", f"{tmp_path}/all.yaml",
            f"{tmp_path}/day.csv"]  # fmt: skip


def test_programs_get_what_stands_beside_the_figures(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--format", "json", "--by", "queue"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["counted_apart"] == [
        {"standard": "wait", "version": 1, "implausible": 1, "still_open_beyond_the_limit": 1}
    ]
    assert [(one["by"], one["grades"]) for one in found["grades"]] == [
        ({}, {"A": 2, "B": 1, "F": 1}),
        ({"queue": "d3"}, {"A": 1, "B": 1, "F": 1}),
        ({"queue": "d4"}, {"A": 1}),
    ]
    assert [(one["standard"], one["reason"], one["n"]) for one in found["reasons"]] == [
        ("lost", "d3", 2),
        ("lost", "d4", 1),
    ]


def test_people_see_it_beneath_the_figures(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--by", "queue"]) == 0
    shown = capsys.readouterr().out
    assert "counted apart, in none of these figures: 1 implausible, 1 still open beyond the limit" in shown
    assert "reasons: d3 2, d4 1" in shown
    table = shown.partition("  grades:\n")[2].splitlines()[:4]
    assert [line.split() for line in table] == [
        ["queue", "n", "A", "B", "F", "E"],
        ["all", "4", "2", "1", "1", "0"],
        ["d3", "3", "1", "1", "1", "0"],
        ["d4", "1", "1", "0", "0", "0"],
    ]
