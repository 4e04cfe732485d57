"""
The command tells drift and breaking changes by its exit status, and names what to do.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.export.generated import PROJECT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """
    A git checkout of its own, with the contracts as they are now in its first commit.
    """
    for part in ("schemas", "docs/reference"):
        shutil.copytree(PROJECT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    program = shutil.which("git")
    assert program, "git is needed to test what is compared with a revision"
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.invalid", "-c", "commit.gpgsign=false")
    subprocess.run([program, *identity, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "State")


def export(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "schemas.export", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_what_is_up_to_date_passes(checkout: Path) -> None:
    assert export(checkout, "--check", "--breaking-against", "HEAD") == (0, "")
    assert export(checkout) == (0, "everything was up to date\n")


def test_a_changed_model_is_drift_until_it_is_exported(checkout: Path) -> None:
    replace(checkout / "schemas/outcomes.py", '"""Where the stretch begins."""', '"""Where it starts."""')
    status, told = export(checkout, "--check")
    assert status == 1
    assert "schemas/json/measurement.json: differs from what the models say; run: python -m schemas.export" in told
    assert "docs/reference/outcomes.md" in told
    assert export(checkout)[0] == 0
    assert export(checkout, "--check", "--breaking-against", "HEAD") == (0, "")


def test_a_removed_field_breaks_against_the_last_commit(checkout: Path) -> None:
    replace(checkout / "schemas/events.py", "    into: LongName\n", "    onto: LongName\n")
    export(checkout)
    status, told = export(checkout, "--check", "--breaking-against", "HEAD")
    assert status == 1
    assert "schemas/json/journey.merged.json: /data/into: the field is gone (since HEAD)" in told
    assert "schemas/json/journey.merged.json: /data/onto: the field is required now (since HEAD)" in told


def test_a_lost_message_breaks(checkout: Path) -> None:
    lost = checkout / "schemas/json/lost.json"
    lost.write_text(json.dumps({"$id": "urn:sqm:schema:v1:lost"}), "utf-8")
    commit(checkout)
    status, told = export(checkout, "--breaking-against", "HEAD")
    assert status == 1
    assert told.startswith("schemas/json/lost.json: the message is gone (since HEAD); ")


def test_a_new_version_of_a_message_promises_nothing_about_the_old_one(checkout: Path) -> None:
    old = checkout / "schemas/json/site.json"
    schema = json.loads(old.read_text("utf-8")) | {"$id": "urn:sqm:schema:v0:site", "properties": {"gone": {}}}
    old.write_text(json.dumps(schema), "utf-8")
    commit(checkout)
    assert export(checkout, "--breaking-against", "HEAD") == (0, "")


def test_an_unknown_revision_is_no_pass(checkout: Path) -> None:
    status, told = export(checkout, "--breaking-against", "never-was")
    assert status == 2
    assert "never-was" in told
