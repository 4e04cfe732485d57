"""
Finding a Go: the first that runs and is new enough, in a fixed order.
"""

import re
from pathlib import Path

import pytest

from services.runtime.golang import OLDEST_GO, find_go
from tests.project import PROJECT


def program(file: Path, says: str, status: int = 0) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\necho {says}\nexit {status}\n")
    file.chmod(0o755)
    return file


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    An interpreter that says where its packages are, on a machine with a path that has nothing on it yet.
    """
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return program(tmp_path / "python", str(tmp_path / "packages"))


def test_the_one_of_the_path_comes_first(tmp_path: Path, python: Path) -> None:
    packaged = program(tmp_path / "packages" / "go" / "bin" / "go", "go1.27.3")
    assert find_go(python) == packaged
    own = program(tmp_path / "path" / "go", "go1.26.1")
    assert find_go(python) == own


@pytest.mark.parametrize(("says", "status"), [("go1.19.8", 0), ("go1.27.1", 1), ("devel", 0)])
def test_one_that_is_too_old_or_does_not_run_is_passed_over(
    tmp_path: Path, python: Path, says: str, status: int
) -> None:
    program(tmp_path / "path" / "go", says, status)
    assert find_go(python) is None
    packaged = program(tmp_path / "packages" / "go" / "bin" / "go", "go2.0")
    assert find_go(python) == packaged


def test_one_that_cannot_be_started_at_all_is_passed_over(tmp_path: Path, python: Path) -> None:
    program(tmp_path / "packages" / "go" / "bin" / "go", "go1.27.3").write_text("no program")
    assert find_go(python) is None


def test_it_is_as_new_as_what_is_built_asks_for() -> None:
    asked = re.search(r"^go (\d+)\.(\d+)", (PROJECT / "deploy/helm/tools/go.mod").read_text(), re.MULTILINE)
    assert asked is not None
    assert (int(asked[1]), int(asked[2])) == OLDEST_GO
