"""
Who should report and did not is told by a replay: how often, for how long, and whether still.
"""

import json
from pathlib import Path

import pytest

from services.cli import main
from tests.fakes.mappings import HEADER, TICKETS, WAIT

TALKS = """
apiVersion: sqm/v1
kind: Standard
metadata: {id: talks, version: 1, title: Every desk talks, owner: IT, effective_from: 2020-01-01T00:00:00Z, why: Why.}
presence: {of: queue, signs: journey.arrived, every: 50m, grace: 10m}
"""
ONCE = [("d1", "08:00:00"), ("d1", "08:50:00"), ("d1", "09:40:00")]
TWICE = [("d2", "08:00:00"), ("d2", "09:30:00"), ("d2", "10:45:00")]
STILL = [("d3", "08:00:00")]


def replayed(tmp_path: Path, signs: list[tuple[str, str]], *more: str) -> int:
    rows = "".join(f"A{n},{desk},26.01.2026,{at},-\n" for n, (desk, at) in enumerate(signs))
    for name, text in {"mapping.yaml": TICKETS, "talks.yaml": TALKS, "day.csv": HEADER + rows}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    judged = ["--mapping", f"{tmp_path}/mapping.yaml", "--standards", f"{tmp_path}/talks.yaml", f"{tmp_path}/day.csv"]
    return main(["replay", *judged, *more])


def test_silences_are_told_the_longest_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(tmp_path, ONCE[:2] + TWICE + STILL) == 0
    said = capsys.readouterr().out
    assert "6 journeys (0 still open)" in said, "who should report is no journey"
    begin = said.index("  silent for longer")
    assert said[begin:].splitlines()[:4] == [
        "  silent for longer 4 times, beyond it for 3 h 25 min in all:",
        "    d3 at branch: once, for 1 h 45 min, and still",
        "    d1 at branch: once, for 55 min, and still",
        "    d2 at branch: 2 times, for 45 min",
    ]


def test_programs_get_every_one_who_was_silent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(tmp_path, TWICE, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["silences"] == [
        {
            "standard": "talks", "version": 1, "site": "branch", "who": "d2", "times": 2, "for_ms": 2_700_000,
            "still": False,
        }
    ]  # fmt: skip


def test_of_many_the_longest_are_told_and_the_others_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desks = [(f"d{n}", f"08:0{n}:00") for n in range(7)]
    assert replayed(tmp_path, [*desks, ("e", "10:00:00")]) == 0
    said = capsys.readouterr().out
    assert "    d0 at branch: once, for 1 h, and still\n" in said
    assert "    and 2 others\n" in said


def test_that_nobody_was_silent_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(tmp_path, ONCE) == 0
    assert "nobody was silent" in capsys.readouterr().out


def test_that_nobody_gave_a_sign_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mapping.yaml").write_text(TICKETS, encoding="utf-8")
    # A second standard judges the journeys, so that there is something to tell.
    beats = TALKS.replace("signs: journey.arrived, ", "").replace("id: talks", "id: beats")
    (tmp_path / "talks.yaml").write_text(beats + "---" + WAIT, encoding="utf-8")
    (tmp_path / "day.csv").write_text(HEADER + "A1,d,26.01.2026,08:00:00,08:01:00\n", encoding="utf-8")
    judged = ["--mapping", f"{tmp_path}/mapping.yaml", "--standards", f"{tmp_path}/talks.yaml", f"{tmp_path}/day.csv"]
    assert main(["replay", *judged]) == 0
    assert "nobody gave a sign, so nobody is awaited" in capsys.readouterr().out
