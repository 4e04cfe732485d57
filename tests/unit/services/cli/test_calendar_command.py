"""
`sqm calendar` as a quality manager asks it.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.cli import main
from tests.project import PROJECT

RIGA = str(PROJECT / "deploy/standards/calendars/riga-branch.yaml")

TWO = """apiVersion: sqm/v1
kind: Calendar
metadata: {id: day, version: 1, title: Day, owner: q, zone: UTC, effective_from: 2026-01-01T00:00:00Z}
hours: {monday: [{from: 08:00, until: 16:00}]}
---
apiVersion: sqm/v1
kind: Calendar
metadata: {id: day, version: 2, title: Day, owner: q, zone: UTC, effective_from: 2027-01-01T00:00:00Z}
hours: {monday: [{from: 09:00, until: 16:00}]}
---
apiVersion: sqm/v1
kind: Calendar
metadata: {id: once, version: 1, title: Once, owner: q, zone: UTC, effective_from: 2026-01-01T00:00:00Z}
exceptions: [{name: Fair, from: 2026-06-01, to: 2026-06-02, hours: [{from: 22:00, until: 02:00}]}]
import_holidays: [{country: LV, years: {from: 2026, to: 2026}, language: en_US}]
"""


def ask(*words: str, file: str = RIGA) -> int:
    return main(["calendar", words[0], "--calendar", file, *words[1:]])


def told_as_json(capsys: pytest.CaptureFixture[str], *words: str, file: str = RIGA) -> dict[str, Any]:
    assert ask(*words, "--format", "json", file=file) == 0
    told = json.loads(capsys.readouterr().out)
    assert isinstance(told, dict)
    return told


@pytest.fixture
def two(tmp_path: Path) -> str:
    file = tmp_path / "two.yaml"
    file.write_text(TWO)
    return str(file)


def test_a_due_time_is_told_with_the_days_that_counted_and_the_holidays_that_did_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ask("due", "--from", "2026-06-22T13:00", "--duration", "8h") == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "due Thu 2026-06-25 17:00:00 +03:00 2026-06-25T14:00:00.000Z" in lines
    assert "open 8 h (480 min) between them" in lines
    assert lines[-5:] == [
        "Mon 2026-06-22 13:00 14:00 60 min Short day before Ligo",
        "Mon 2026-06-22 14:00 24:00 closed Short day before Ligo",
        "Tue 2026-06-23 00:00 24:00 closed Līgo diena",
        "Wed 2026-06-24 00:00 24:00 closed Jāņu diena",
        "Thu 2026-06-25 10:00 17:00 420 min",
    ]


def test_a_warning_runs_backwards_in_open_time(capsys: pytest.CaptureFixture[str]) -> None:
    told = told_as_json(capsys, "due", "--from", "2026-06-25T10:30", "--duration", "-90m")
    assert told["begins"]["local"] == "2026-06-22T13:00:00+03:00"
    assert told["open_ms"] == sum(one["counted_ms"] for one in told["segments"]) == 5_400_000


def test_the_close_of_the_third_business_day_following_receipt(capsys: pytest.CaptureFixture[str]) -> None:
    told = told_as_json(capsys, "due", "--from", "2026-06-22T20:00:00Z", "--business-days", "3")
    assert told["due"]["local"] == "2026-06-29T18:00:00+03:00"


def test_elapsed_open_time_has_minutes_and_parts_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("elapsed", "--from", "2026-06-25T18:29:30", "--to", "2026-06-26T09:45") == 0
    said = capsys.readouterr().out
    assert "1 h 15 min (75.50 min)" in said
    assert "18:29:30  19:00  30.50 min" in said


def test_the_next_opening_names_what_is_closed_until_then(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("next", "--from", "2026-12-23T20:00") == 0
    said = capsys.readouterr().out
    assert "opens   Mon 2026-12-28 09:00:00 +02:00" in said
    assert "Otrie Ziemassvētki" in said
    assert "09:00 on Mon 2026-12-28" in said
    assert ask("next", "--from", "2026-12-23T10:00") == 0
    assert "opens   Wed 2026-12-23 10:00:00" in capsys.readouterr().out


def test_segments_are_all_of_the_time_in_another_zone(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("segments", "--from", "2026-10-23T12:00", "--to", "2026-10-26T12:00", "--zone", "America/New_York")
    told = told_as_json(capsys, *words)
    assert told["zone"] == "America/New_York"
    assert [(one["date"], one["open"], one["counted_ms"]) for one in told["segments"]] == [
        ("2026-10-23", True, 18_000_000),
        ("2026-10-23", False, 0),
        ("2026-10-26", True, 10_800_000),
    ]


def test_a_local_time_that_the_clock_skips_is_the_moment_of_the_change(capsys: pytest.CaptureFixture[str]) -> None:
    told = told_as_json(capsys, "next", "--from", "2026-03-29T03:30")
    assert told["from"]["local"] == "2026-03-29T04:00:00+03:00"


def test_a_time_outside_of_the_calendars_own_years_is_noted(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("next", "--from", "2028-01-10T08:00") == 0
    assert "riga-branch@1 is not in force at 2028-01-10T06:00:00.000Z" in capsys.readouterr().out


def test_of_several_calendars_one_is_chosen_by_id_and_version(capsys: pytest.CaptureFixture[str], two: str) -> None:
    monday = ("next", "--from", "2027-06-07T00:00")
    assert told_as_json(capsys, *monday, "--id", "day", file=two)["opens"]["at"] == "2027-06-07T09:00:00.000Z"
    assert told_as_json(capsys, *monday, "--id", "day@1", file=two)["opens"]["at"] == "2027-06-07T08:00:00.000Z"


def test_an_evening_is_told_with_the_day_on_which_it_ends(capsys: pytest.CaptureFixture[str], two: str) -> None:
    words = ("segments", "--from", "2026-06-01", "--to", "2026-06-04", "--id", "once")
    assert ask(*words, file=two) == 0
    said = capsys.readouterr().out
    assert "22:00  02:00 on Tue 2026-06-02  240 min  Fair" in said


def test_freezing_writes_the_holidays_down_and_reads_back(
    capsys: pytest.CaptureFixture[str], two: str, tmp_path: Path
) -> None:
    assert main(["calendar", "freeze", two]) == 0
    said = capsys.readouterr().out
    documents = list(yaml.safe_load_all(said))
    assert [one["metadata"]["version"] for one in documents] == [1, 2, 1]
    assert "import_holidays" not in documents[2]
    assert {"name": "Midsummer Day", "date": "2026-06-24", "closed": True} in documents[2]["exceptions"]
    frozen = tmp_path / "frozen.yaml"
    frozen.write_text(said)
    assert main(["calendar", "freeze", str(frozen)]) == 0
    assert capsys.readouterr().out == said


def test_what_is_frozen_keeps_its_instants_in_its_own_zone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "freeze", RIGA]) == 0
    metadata = yaml.safe_load(capsys.readouterr().out)["metadata"]
    assert metadata["effective_from"] == "2026-01-01T00:00:00+02:00"
    assert metadata["effective_until"] == "2028-01-01T00:00:00+02:00"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("due", "--from", "2026-06-22"), "say either --duration"),
        (("due", "--from", "2026-06-22", "--duration", "1h", "--business-days", "1"), "say either --duration"),
        (("due", "--from", "2026-06-22", "--duration", "90"), "--duration '90': a duration is written with its unit"),
        (("due", "--from", "2026-06-22", "--duration", "-90"), "--duration '90': a duration is written with its unit"),
        (("elapsed", "--from", "2026-06-22", "--to", "2026-06-20"), "--to 2026-06-20: lies before --from 2026-06-22"),
        (("next", "--from", "tomorrow"), "--from tomorrow: write a time like 2026-06-22T16:00"),
        (("next", "--from", "1815-06-18"), "--from 1815-06-18: write a time between 1971 and 2299"),
        (("next", "--from", "2026-06-22", "--zone", "Europe/Atlantis"), "--zone: no time zone is called"),
        (("next", "--from", "2026-06-22", "--id", "lisbon"), "holds no such calendar, but riga-branch@1"),
        (("next", "--from", "2026-06-22", "--id", "riga-branch@2"), "--id riga-branch@2: "),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_with_its_fix(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert ask(*words) != 0
    assert told in capsys.readouterr().err


def test_files_without_one_calendar_are_told(capsys: pytest.CaptureFixture[str], two: str) -> None:
    assert ask("next", "--from", "2026-06-22", file=two) != 0
    assert "holds several calendars (day@1, day@2, once@1); choose one with --id" in capsys.readouterr().err
    standards = str(PROJECT / "deploy/standards/examples/bank-calls.yaml")
    assert ask("next", "--from", "2026-06-22", file=standards) != 0
    assert "holds no calendar" in capsys.readouterr().err


def test_what_is_never_reached_is_told(capsys: pytest.CaptureFixture[str], two: str) -> None:
    assert ask("due", "--from", "2026-06-22", "--duration", "1h", "--id", "once", file=two) != 0
    assert "Once (once@1) does not get there within twenty years" in capsys.readouterr().err
    assert ask("next", "--from", "2026-06-22", "--id", "once", file=two) != 0
    assert "Once (once@1) is not open again within twenty years" in capsys.readouterr().err


def test_the_calendar_of_the_documentation_is_right(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "calendars.md").read_text()
    calendar, imports = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    file = tmp_path / "page.yaml"
    file.write_text(calendar + imports.partition("import_ics")[0])
    words = ("due", "--from", "2026-05-29T20:00", "--duration", "5h")
    assert told_as_json(capsys, *words, file=str(file))["due"]["local"] == "2026-06-01T10:00:00+03:00"
    answer = page.partition("The first one says")[2].partition("- `due` is")[0].split("\n\n", 1)[1]
    assert ask("due", "--from", "2026-06-22T13:00", "--duration", "8h") == 0
    said = capsys.readouterr().out
    assert [line.strip() for line in answer.strip().splitlines()] == [line.strip() for line in said.splitlines()]


MEETING = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:half-day
SUMMARY:Half a day
DTSTART:20260630T130000
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize("words", [["calendar", "freeze"], ["standards", "validate"]])
def test_what_an_imported_file_says_of_times_of_day_is_told_beside_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    (tmp_path / "closures.ics").write_text(MEETING, encoding="utf-8")
    file = tmp_path / "riga.yaml"
    imports = "import_ics: [{file: closures.ics, years: {from: 2026, to: 2026}}]\n"
    file.write_text(TWO.partition("---")[0] + imports, encoding="utf-8")
    assert main([*words, str(file)]) == 0
    said = capsys.readouterr()
    assert "1 event(s) at a time of day are passed over, like 'Half a day' of 2026-06-30 13:00" in said.err
    assert "note:" not in said.out
