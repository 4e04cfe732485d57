"""
`sqm explain` on a folder as `sqm replay --out` writes it.
"""

import json
from pathlib import Path

import pytest

from schemas.outcomes import MEASUREMENTS, VIOLATIONS
from services.cli import main
from tests.fakes.outcomes import measurement, standard, violation

ID = "m:call-answer@1:0:centre:E1"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    one = measurement()
    others = [measurement(id=f"m:call-answer@1:0:centre:E2{number}", journey=f"E2{number}") for number in range(9)]
    revised = measurement(rev_offset=8, met=True, value_ms=12_000, journey="E3", id="m:call-answer@1:0:centre:E3")
    first = measurement(journey="E3", id="m:call-answer@1:0:centre:E3")
    lines = [MEASUREMENTS.dump_json(each) for each in (one, revised, first, *others)]
    (tmp_path / "measurements.ndjson").write_bytes(b"\n".join(lines) + b"\n")
    (tmp_path / "violations.ndjson").write_bytes(VIOLATIONS.dump_json(violation()) + b"\n")
    (tmp_path / "standards.ndjson").write_text(standard().model_dump_json() + "\n")
    return tmp_path


def test_an_id_is_explained_with_the_standard_of_the_folder(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", ID, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Not kept: E1 at centre waited 2 min 33 s")
    assert "Calls answered" in said


def test_times_are_shown_in_the_zone_that_was_asked_for(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", ID, "--out", str(out), "--zone", "Asia/Jerusalem"]) == 0
    assert "17:13:20  arrived" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["m:call-answer@1:0:centre:E3", "centre:E3"])
def test_of_two_revisions_the_greater_one_is_told_and_the_other_as_corrected(
    name: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", name, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Kept: E3")
    assert "As of 14:13:20 it said: Not kept: E3" in said


def test_it_is_told_in_the_language_that_was_asked_for_or_that_the_reader_reads(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["explain", ID, "--out", str(out), "--language", "ru"]) == 0
    assert capsys.readouterr().out.startswith("Стандарт нарушен: E1, площадка centre: время ожидания 2 мин 33 с")  # noqa: RUF001
    monkeypatch.setenv("LANGUAGE", "lv_LV")
    assert main(["explain", ID, "--out", str(out)]) == 0
    assert capsys.readouterr().out.startswith("Standarts nav ievērots: E1, vieta centre: gaidīšanas laiks 2 min 33 s")


def test_a_program_gets_the_value_without_a_language(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    for language in ("en", "lv"):
        monkeypatch.setenv("LANGUAGE", language)
        assert main(["explain", ID, "--out", str(out), "--format", "json"]) == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]
    [value] = json.loads(answers[0])
    assert value["id"] == ID
    assert value["headline"]["key"] == "measured-broken"
    assert value["headline"]["arguments"]["value"] == {"duration_ms": 153_000, "rounded": "down"}
    assert value["remedies"][0]["arguments"]["due"] == {"instant_ms": 1_790_000_020_000}


def test_a_folder_without_standards_is_told_without_their_words(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (out / "standards.ndjson").unlink()
    assert main(["explain", ID, "--out", str(out)]) == 0
    assert "Calls answered" not in capsys.readouterr().out


def test_a_part_that_only_one_journey_has_tells_all_its_verdicts(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "centre:E1", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Not kept: E1" in said
    assert "Not kept and still running: E1" in said


def test_a_part_that_several_have_is_answered_with_a_few_of_them(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "centre:E2", "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert "several outcomes match" in said
    assert said.count("m:call-answer@1") == 5


def test_an_unknown_id_is_answered_with_near_ones_and_bounded(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "m:call-answer@1:0:centre:E9" + "x" * 5_000, "--out", str(out)]) == 1
    assert len(capsys.readouterr().err) < 2_000
    assert main(["explain", "m:call-answer@1:0:centre:E29", "--out", str(out)]) == 1
    assert "m:call-answer@1:0:centre:E2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "no-such-folder"], "no such folder"),
        (["--out", ".", "--zone", "Mars/North"], "no such time zone"),
        (["--out", "."], "holds neither"),
        (["--out", ".", "--language", "tlh"], "write en, ru, lv"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["explain", ID, *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_line_that_is_no_outcome_is_named(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (out / "measurements.ndjson").open("a") as file:
        file.write('{"id":"m:x","standard":7}\n')
    assert main(["explain", "m:x", "--out", str(out)]) == 2
    assert "measurements.ndjson:13" in capsys.readouterr().err
