"""
What is generated stands as it would be written, and what is not is told by its name.
"""

from pathlib import Path

import pytest

from dashboards.__main__ import main, written


def test_the_project_s_files_are_as_they_would_be_written() -> None:
    assert main(["--check"]) == 0


def test_files_that_are_missing_changed_or_left_over_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"], tmp_path) == 1
    assert "dashboards/json/standard.json: not as" in capsys.readouterr().err
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    (tmp_path / "docs/dashboards/standard.md").write_text("Otherwise.")
    left_over = tmp_path / "dashboards/json/tills.json"
    left_over.write_text("{}")
    assert main(["--check"], tmp_path) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{name}: not as `python -m dashboards` writes it"
        for name in ("dashboards/json/tills.json", "docs/dashboards/standard.md")
    ]
    assert main([], tmp_path) == 0
    assert not left_over.exists()
    assert (tmp_path / "dashboards/json/standard.json").read_text() == written()["standard"]


def test_only_check_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--chek"]) == 1
    assert "there is only --check" in capsys.readouterr().err
