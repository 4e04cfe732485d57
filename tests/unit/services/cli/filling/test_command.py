"""
`sqm simulate --to-history`: what it says, what it leaves, and what it refuses.
"""

import json
from pathlib import Path

import pytest

from services.cli import main
from services.runtime.clickhouse import ClickHouseSettings
from tests.fakes.databases import settings_for

ONE_DAY = ("simulate", "--to-history", "--days", "1", "--until", "2026-11-24")


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> ClickHouseSettings:
    settings = settings_for("folder", tmp_path_factory.getbasetemp())
    monkeypatch.setenv("SQM_CLICKHOUSE__DATABASE", settings.database)
    monkeypatch.setenv("SQM_CLICKHOUSE__URL", "http://nowhere.invalid:8123")
    return settings


def test_a_season_is_stored_and_its_truth_is_told_and_another_one_is_refused(
    settings: ClickHouseSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = tmp_path / "truth.json"
    folder = ("--folder", str(settings.folder))
    assert main([*ONE_DAY, *folder, "--truth", str(truth)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("1 days of 11 sites until 2026-11-24: ")
    assert said[1] == "what is planted in it:"
    assert [line.strip().partition(":")[0] for line in said[2:]] == [
        "branch-12", "city-office-2, queue registration", "/demo/shop-5/till-2",
    ]  # fmt: skip
    told = json.loads(truth.read_text(encoding="utf-8"))
    assert told["wrong_clock"]["reports"] > 100
    assert told["accepted"] + sum(told["refused"].values()) > told["reported"]
    assert main([*ONE_DAY, *folder, "--seed", "4"]) != 0
    assert "history holds another season already" in capsys.readouterr().err


def test_a_date_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--to-history", "--until", "yesterday"]) != 0
    assert "--until yesterday: a date, like 2026-11-26" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option", [("--days", "3"), ("--until", "2026-11-24"), ("--folder", "x"), ("--beside-others",)]
)
def test_what_belongs_to_a_season_is_refused_without_one(
    option: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", *option]) != 0
    assert f"{option[0]} goes with --to-history" in capsys.readouterr().err


@pytest.mark.parametrize("option", [("--for", "10m"), ("--print",), ("--speed", "3"), ("--backlog", "1h")])
def test_what_belongs_to_a_live_play_is_refused_with_a_season(
    option: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--to-history", *option]) != 0
    assert f"{option[0]} does not go with --to-history" in capsys.readouterr().err
