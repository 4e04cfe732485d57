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
    assert "no service event is called 'journey.caled'" in shown


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
