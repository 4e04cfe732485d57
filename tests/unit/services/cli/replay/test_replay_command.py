"""
The command `sqm replay` on small files: several at once, every form of report, and what it says where it cannot work.
"""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from services.cli import main
from tests.fakes.mappings import HEADER, TICKETS, WAIT

STANDARD = WAIT.replace("limit: 5m", "limit: 5m, short_abandon: 10s")

MONDAY = HEADER + "A1,d3,26.01.2026,08:00:00,08:05:00\nA2,d4,26.01.2026,08:01:00,08:07:00\n"
TUESDAY = HEADER + "B1,d3,27.01.2026,08:00:00,-\nbroken\nB2,d3,27.01.2026,08:01:00,08:02:00\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "mapping.yaml": TICKETS, "wait.yaml": STANDARD, "monday.csv": MONDAY, "tuesday.csv": TUESDAY,
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def words(folder: Path, *more: str) -> list[str]:
    return ["replay", "--mapping", f"{folder}/mapping.yaml", "--standards", f"{folder}/wait.yaml", *more]


def files(folder: Path) -> list[str]:
    return [str(folder / "tuesday.csv"), str(folder / "monday.csv")]


def test_the_json_tells_everything_that_was_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(folder, "--format", "json", "--by", "queue", *files(folder))) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in ("rows", "events", "journeys", "open_journeys")} == {
        "rows": 5, "events": 7, "journeys": 4, "open_journeys": 1,
    }  # fmt: skip
    (rejected,) = found["rejected"]
    assert (rejected["reason"], rejected["count"], rejected["first"][0]["line"]) == ("wrong_field_count", 1, 3)
    levels = {one["by"].get("queue", "all"): one for one in found["attainment"] if one["metric"] == "sl_all_offered"}
    assert {name: (one["good"], one["total"]) for name, one in levels.items()} == {
        "all": (2, 3),
        "d3": (2, 2),
        "d4": (0, 1),
    }
    assert set(levels["all"]) == {"standard", "version", "metric", "by", "good", "total", "value", "unit", "n"}
    assert found["elapsed_seconds"] >= 0


def test_the_order_of_files_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for order in (files(folder), files(folder)[::-1]):
        main(words(folder, "--format", "json", *order))
        told.append(json.loads(capsys.readouterr().out)["attainment"])
    assert told[0] == told[1]


def test_the_same_file_twice_changes_no_figure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for names in (files(folder), [*files(folder), *files(folder)]):
        main(words(folder, "--format", "json", *names))
        told.append(json.loads(capsys.readouterr().out))
    assert told[0]["attainment"] == told[1]["attainment"]
    assert told[1]["notes"] == {"duplicate": 7}


def test_the_csv_has_a_line_for_each_metric_and_group(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(folder, "--format", "csv", "--by", "queue", *files(folder))) == 0
    lines = list(csv.DictReader(StringIO(capsys.readouterr().out)))
    assert len(lines) == 33
    (whole,) = [one for one in lines if one["queue"] == "*" and one["metric"] == "goal_met"]
    assert (whole["good"], whole["total"], whole["value"]) == ("2", "3", "0.666667")


STAFF = """
apiVersion: sqm/v1
kind: Mapping
metadata: {id: tickets, title: Tickets with who served, owner: Branch IT}
source: urn:sqm:files:tickets
zone: Europe/Berlin
columns:
  ticket: {name: Ticket, required: true}
  who: {name: Who}
  team: {name: Team}
  day: {name: Day, type: date, format: "%d.%m.%Y", required: true}
  came: {name: Came, type: time_of_day, date: day, required: true}
  called: {name: Called, type: time_of_day, date: day, rolls_over_after: came}
journey:
  site: '"branch"'
  subject: "{day}-{ticket}"
events:
  - {type: journey.arrived, time: came}
  - {type: journey.called, time: called, data: {employee: who, team: team}}
"""
SERVED = """Ticket,Who,Team,Day,Came,Called
A1,e-1,red,26.01.2026,08:00:00,08:05:00
A2,e-1,red,26.01.2026,08:01:00,08:07:00
A3,e-1,red,26.01.2026,08:02:00,08:09:30
A4,e-2,red,26.01.2026,08:03:00,08:08:30
A5,e-3,blue,26.01.2026,08:04:00,08:06:00
"""


def test_broken_promises_by_employee_and_team_come_with_their_average_overrun(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Field notes B1, rows 18 and 19: attainment by employee and team as CSV, and how far beyond the limit they were.
    """
    (folder / "mapping.yaml").write_text(STAFF, encoding="utf-8")
    (folder / "served.csv").write_text(SERVED, encoding="utf-8")

    def told(*by: str) -> list[dict[str, str]]:
        fields = [word for field in by for word in ("--by", field)]
        assert main(words(folder, "--format", "csv", *fields, str(folder / "served.csv"))) == 0
        return list(csv.DictReader(StringIO(capsys.readouterr().out)))

    def figures(metric: str, *by: str) -> dict[tuple[str, ...], tuple[str, str, str]]:
        return {
            tuple(one[field] for field in by): (one["good"], one["total"], one["value"])
            for one in told(*by)
            if one["metric"] == metric
        }

    assert figures("overrun", "team") == {
        ("*",): ("240000", "3", "80.000000"),
        ("blue",): ("0", "0", ""),
        ("red",): ("240000", "3", "80.000000"),
    }
    assert figures("overrun", "employee", "team") == {
        ("*", "*"): ("240000", "3", "80.000000"),
        ("e-1", "red"): ("210000", "2", "105.000000"),
        ("e-2", "red"): ("30000", "1", "30.000000"),
        ("e-3", "blue"): ("0", "0", ""),
    }
    assert figures("goal_met", "employee", "team") == {
        ("*", "*"): ("2", "5", "0.400000"),
        ("e-1", "red"): ("1", "3", "0.333333"),
        ("e-2", "red"): ("0", "1", "0.000000"),
        ("e-3", "blue"): ("1", "1", "1.000000"),
    }
    assert main(words(folder, "--by", "employee", str(folder / "served.csv"))) == 0
    shown = capsys.readouterr().out
    assert "overrun" in shown
    assert "105.0 s" in shown


def test_the_table_shows_levels_worst_hours_and_rejected_rows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(folder, *files(folder))) == 0
    shown = capsys.readouterr().out
    for part in (
        "Nobody waits longer than five minutes: limit 5 min (wait, version 1)",
        "66.67%",
        "late abandons",
        "worst hours by sl_all_offered (hours of Europe/Berlin, ",
        "2026-01-26 08:00",
        "tuesday.csv:3: 2 fields",
    ):
        assert part in shown.replace("1 fields", "2 fields"), part


def test_the_folder_can_be_explained(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "out"
    assert main(words(folder, "--out", str(out), *files(folder))) == 0
    violations = [json.loads(line) for line in (out / "violations.ndjson").read_text().splitlines()]
    assert [(one["journey"], one["state"], one["kind"]) for one in violations] == [
        ("26.01.2026-A2", "closed", "journey"),
        ("", "closed", "objective"),
    ]
    capsys.readouterr()
    assert main(["explain", violations[0]["id"], "--out", str(out)]) == 0
    assert "26.01.2026-A2" in capsys.readouterr().out
    assert main(["explain", violations[1]["id"], "--out", str(out)]) == 0
    assert (
        "Target no longer missed: site branch, over the last 1 h: nothing was counted in the window"
        in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (["--by", "moon", "monday.csv"], "--by moon: there is no such field"),
        (["--option", "sites", "monday.csv"], "write it as NAME=VALUE"),
        (["--option", "sites=all", "monday.csv"], "one of: main, desk"),
        (["absent.csv"], "absent.csv: there is no such file"),
        (["--standards", "mapping.yaml", "monday.csv"], "mapping.yaml"),
        (["--mapping", "wait.yaml", "monday.csv"], "not a mapping"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_fix(
    folder: Path, capsys: pytest.CaptureFixture[str], more: list[str], complaint: str
) -> None:
    placed = [str(folder / word) if word.endswith((".csv", ".yaml")) else word for word in more]
    assert main(words(folder, *placed)) == 2
    assert complaint in capsys.readouterr().err


def test_a_file_unlike_its_mapping_ends_with_status_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "other.csv").write_text("Number;Place\n1;2\n")
    assert main(words(folder, *files(folder), str(folder / "other.csv"))) == 1
    assert "the header lacks Ticket" in capsys.readouterr().out


ARRIVED = HEADER + "A1,d3,26.01.2026,08:00:00,-\n"
NOTHING = [
    ("", "the files have no rows"),
    (HEADER, "the files have no rows"),
    (HEADER + "x\n", "none of 1 rows became an event\n\nrejected: 1 × wrong_field_count"),
    ("Number;Place\n1;2\n", "the header lacks Ticket"),
    (ARRIVED, "1 journey still open: nothing ended what is measured"),
]


@pytest.mark.parametrize(("text", "reason"), NOTHING, ids=["empty", "header", "broken", "other-mapping", "unended"])
def test_where_nothing_could_be_judged_the_reason_stands_first_and_the_status_is_one(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, reason: str
) -> None:
    (folder / "nothing.csv").write_text(text, encoding="utf-8")
    assert main(words(folder, str(folder / "nothing.csv"))) == 1
    said = capsys.readouterr().out
    assert said.startswith("nothing could be judged\n")
    assert reason in said
    assert "all offered" not in said
    assert main(words(folder, "--format", "csv", str(folder / "nothing.csv"))) == 1
    assert "nothing could be judged" in capsys.readouterr().err


def test_the_title_of_a_standard_is_told_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(folder, *files(folder))) == 0
    assert capsys.readouterr().out.count("Nobody waits longer than five minutes") == 1


def test_a_fault_in_a_mapping_is_told_with_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mapping.yaml").write_text(TICKETS.replace("called != null", "caled != null"), encoding="utf-8")
    assert main(words(folder, str(folder / "monday.csv"))) == 2
    shown = capsys.readouterr().err
    line = next(n for n, text in enumerate(TICKETS.splitlines(), start=1) if "called != null" in text)
    assert f"mapping.yaml:{line}: events.1.when: nothing is called 'caled' here" in shown


def test_what_no_standard_covers_is_noted_with_what_to_compare(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "wait.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "applies_to: {channel: phone}\n", encoding="utf-8")
    assert main(words(folder, *files(folder))) == 1
    said = capsys.readouterr().out
    assert said.startswith("nothing could be judged\n")
    assert "uncovered (nothing judges the journey itself; if it should be, compare `applies_to`" in said


HOURS = """---
apiVersion: sqm/v1
kind: Calendar
metadata:
  {id: hours, version: 1, title: Hours, owner: Branch, zone: Europe/Berlin, effective_from: 2020-01-01T00:00:00Z}
hours: {monday: [{from: "08:02", until: "17:00"}]}
"""


def test_the_calendar_beside_a_standard_says_when_people_are_served(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counted = STANDARD.replace("limit: 5m", "limit: 3m, calendar: hours")
    (folder / "wait.yaml").write_text(counted + HOURS, encoding="utf-8")
    assert main(words(folder, "--format", "json", str(folder / "monday.csv"))) == 0
    found = json.loads(capsys.readouterr().out)
    (met,) = (one for one in found["attainment"] if one["metric"] == "goal_met")
    # The first one came before the doors opened and waited three minutes of open time, the second one five.
    assert (met["good"], met["total"], found["notes"]) == (1, 2, {})


def test_a_draft_of_a_calendar_is_frozen_before_it_judges(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = STANDARD + HOURS + "import_holidays: [{country: DE, years: {from: 2026, to: 2026}}]\n"
    (folder / "wait.yaml").write_text(draft, encoding="utf-8")
    assert main(words(folder, str(folder / "monday.csv"))) == 0
    assert "no_calendar" not in capsys.readouterr().out
