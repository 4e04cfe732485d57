"""
The image of deploy/Dockerfile without Docker: the same lock without what is left out, the same wheel, nothing else.

Packages are not installed anew but linked to from the environment of the tests, which has the same ones by the same
hashes; so what a service imports and the image does not hold is missed here as it would be there.
"""

import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

from tests.project import PROJECT

__all__ = ["build_image", "packages_of_the_image"]

_NAME = re.compile(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==")


def packages_of_the_image() -> set[str]:
    """
    Do what the Dockerfile does to the lock, by its own line.
    """
    text = (PROJECT / "deploy/Dockerfile").read_text()
    arguments = dict(re.findall(r'^ARG ([A-Z_]+)="([^"]*)"$', text, re.MULTILINE))
    (line,) = re.findall(r"^RUN (awk .*) > image\.lock$", text, re.MULTILINE)
    command = ["sh", "-c", line]
    lock = subprocess.run(
        command,
        cwd=PROJECT,
        env={**arguments, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {found[1] for found in map(_NAME.match, lock.splitlines()) if found}


def build_image(folder: Path) -> Path:
    """
    Make what stands at /opt/sqm in the image, and return it.
    """
    source, home = folder / "src", folder / "opt" / "sqm"
    source.mkdir()
    for line in (PROJECT / ".dockerignore").read_text().splitlines():
        if line.startswith("!"):
            place = PROJECT / line.removeprefix("!")
            if place.is_dir():
                shutil.copytree(place, source / place.name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(place, source)
    _run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=source)
    _run(sys.executable, "-m", "venv", "--without-pip", str(home), cwd=folder)
    (wheel,) = folder.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", str(home), "--disable-pip-version-check", "install"]
    _run(*pip, "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel), cwd=folder)
    _link_packages(home)
    return home


def _link_packages(home: Path) -> None:
    (there,) = (home / "lib").glob("python*/site-packages")
    wanted = packages_of_the_image()
    for distribution in distributions():
        if re.sub(r"[-_.]+", "-", distribution.metadata["Name"]).lower() not in wanted:
            continue
        tops = {
            Path(file).parts[0] for file in distribution.files or () if Path(file).parts[0] not in {"..", "__pycache__"}
        }
        for top in tops:
            place = Path(str(distribution.locate_file(top)))
            if not (there / top).exists():
                (there / top).symlink_to(place)


def _run(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
