"""
`sqm mapping` shows what a mapping makes of a file, and checks one without a file.
"""

import json
from pathlib import Path

import pytest

from services.cli import main
from tests.fakes.mappings import HEADER, TICKETS

ROWS = HEADER + "A1,d3,31.01.2026,08:00:00,08:05:00\nA2,d3,nonsense,08:00:00,-\nA3,d3,31.01.2026,09:00:00,-\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mapping.yaml").write_text(TICKETS, encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def test_a_good_mapping_is_confirmed_in_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mapping", "check", str(folder / "mapping.yaml")]) == 0
    assert capsys.readouterr().out == "ok: tickets, 5 columns, 2 events (journey.arrived, journey.called)\n"


def test_a_mapping_with_faults_is_told_field_by_field(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faulty = TICKETS.replace("zone: Europe/Berlin", "zone: Mars/Base").replace("journey.called", "journey.caled")
    (folder / "mapping.yaml").write_text(faulty, encoding="utf-8")
    assert main(["mapping", "check", str(folder / "mapping.yaml")]) == 2
    shown = capsys.readouterr().err
    assert "mapping.yaml:6: zone" in shown
    assert "no service event is called 'journey.caled' (value 'journey.caled'); did you mean 'journey.called'?" in shown


def test_try_shows_fields_meanings_and_events(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mapping", "try", str(folder / "mapping.yaml"), str(folder / "rows.csv"), "--rows", "1"]) == 0
    shown = capsys.readouterr().out
    assert "'08:00:00' → 1769842800000 (2026-01-31T07:00:00.000Z)" in shown
    assert "⇒ 2026-01-31T07:05:00.000Z sqm.journey.called of 31.01.2026-A1: site=branch queue=d3" in shown


def test_try_tells_a_rejected_row_and_goes_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mapping", "try", str(folder / "mapping.yaml"), str(folder / "rows.csv")]) == 1
    shown = capsys.readouterr().out
    assert "rows.csv:3: day: expected a date like 31.01.2026 (%d.%m.%Y) (value nonsense)" in shown
    assert "of 31.01.2026-A3" in shown


def test_try_writes_events_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["mapping", "try", str(folder / "mapping.yaml"), str(folder / "rows.csv"), "--json", "--from-line", "4"])
    (event,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (event["subject"], event["type"]) == ("31.01.2026-A3", "sqm.journey.arrived")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--option", "sites"], "--option 'sites': write it as NAME=VALUE"),
        (["--option", "sites=main", "--option", "sites=desk"], "--option sites: said twice"),
        (["--option", "size=1"], "--option: there is no option 'size'; there are: sites"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], complaint: str
) -> None:
    assert main(["mapping", "try", str(folder / "mapping.yaml"), str(folder / "rows.csv"), *words]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: [", "mapping.yaml:"),
        (TICKETS + "\n---\n" + TICKETS, "holds 2 documents; a mapping is one document"),
    ],
    ids=["no-yaml", "two-documents"],
)
def test_a_file_that_holds_no_single_mapping_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, complaint: str
) -> None:
    (folder / "mapping.yaml").write_text(text, encoding="utf-8")
    assert main(["mapping", "check", str(folder / "mapping.yaml")]) == 2
    assert complaint in capsys.readouterr().err


def test_a_file_of_rows_that_is_not_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mapping", "try", str(folder / "mapping.yaml"), str(folder / "none.csv")]) == 2
    assert "none.csv: cannot be read: No such file or directory" in capsys.readouterr().err


def test_a_file_to_load_that_is_not_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", "--mapping", str(folder / "mapping.yaml"), str(folder / "none.csv")]) == 2
    assert "none.csv: there is no such file" in capsys.readouterr().err


def test_a_token_file_that_is_not_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["load", "--mapping", str(folder / "mapping.yaml"), "--token-file", str(folder / "none.txt")]
    assert main([*words, str(folder / "rows.csv")]) == 2
    assert "none.txt: cannot be read as text" in capsys.readouterr().err
