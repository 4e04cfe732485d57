"""
`sqm standards diff`: what a draft changes, and whether its version says so.
"""

from pathlib import Path

import pytest

from services.cli import main

STANDARD = """apiVersion: sqm/v1
kind: Standard
metadata:
  id: wait
  version: {version}
  title: {title}
  owner: Branches
  effective_from: 2026-01-01T00:00:00Z
  why: People look at the clock.
clock: {{start: journey.arrived, stop: journey.called, limit: {limit}}}
objective: {{metric: goal_met, target: 80%}}
"""
SITE = "apiVersion: sqm/v1\nkind: Site\nmetadata: {id: harbour, title: Harbour, zone: %s}\n"


def wait(version: int = 1, title: str = "Called soon", limit: str = "4m") -> str:
    return STANDARD.format(version=version, title=title, limit=limit)


def diff(folder: Path, old: str, new: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    for name, text in (("old.yaml", old), ("new.yaml", new)):
        (folder / name).write_text(text, "utf-8")
    status = main(["standards", "diff", str(folder / "old.yaml"), str(folder / "new.yaml")])
    return status, capsys.readouterr().out


def test_the_same_is_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(tmp_path, wait(), wait(limit="240s"), capsys) == (0, "Standard wait: the same\n")


def test_another_meaning_under_a_new_version_is_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = diff(tmp_path, wait(), wait(2, "Called at once", "3m"), capsys)
    assert status == 0
    assert said.splitlines() == [
        "Standard wait: version 1 → 2",
        "  meaning  clock.limit: 4m → 3m",
        "  wording  metadata.title: Called soon → Called at once",
    ]


def test_another_meaning_under_the_same_version_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = diff(tmp_path, wait(), wait(limit="3m"), capsys)
    assert status == 1
    assert "new.yaml:1: another meaning needs a new version; set metadata.version to 2" in said


def test_a_version_that_only_rewords_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = diff(tmp_path, wait(), wait(2, "Called at once"), capsys)
    assert status == 1
    assert "new.yaml:1: other wording is no new version; set metadata.version back to 1" in said


def test_other_words_under_the_same_version_are_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = diff(tmp_path, wait(), wait(1, "Called at once"), capsys)
    assert (status, "fault" in said) == (0, False)


def test_the_newest_version_of_either_side_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = f"{wait(2, limit='3m')}---\n{wait(1)}"
    assert diff(tmp_path, old, wait(2, limit="3m"), capsys) == (0, "Standard wait: the same\n")


def test_what_one_side_lacks_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(tmp_path, wait(), SITE % "Europe/Riga", capsys) == (
        0, "Site harbour: new\nStandard wait: only in the old\n",
    )  # fmt: skip


def test_what_has_no_versions_may_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = diff(tmp_path, SITE % "Europe/Riga", SITE % "Europe/Vilnius", capsys)
    assert status == 0
    assert "  meaning  metadata.zone: Europe/Riga → Europe/Vilnius" in said
