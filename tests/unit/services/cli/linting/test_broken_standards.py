"""
Broken standards, one file for each way of being broken: each is told with file, line, field and fix, and nothing else
is. A file begins with what the lint is called with, and with what is expected of it.
"""

import json
import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from domain.linting import RULES, Rule, Severity
from services.cli import main

HERE = Path(__file__).parent / "broken_standards"
FILES = sorted(HERE.glob("*.yaml"))
_EXPECT = re.compile(r"^# expect (?P<line>[0-9]+) (?P<rule>[a-z_]+): (?P<text>.*)$", re.MULTILINE)
_LINT = re.compile(r"^# lint (?P<words>.*)$", re.MULTILINE)


class Told(NamedTuple):
    line: int
    rule: str
    text: str


def lint(file: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = main(["standards", "lint", str(file), *words])
    said = capsys.readouterr()
    assert said.err == ""
    return status, said.out


def expected(text: str) -> list[Told]:
    return [Told(int(one["line"]), one["rule"], one["text"]) for one in _EXPECT.finditer(text)]


def words_of(text: str) -> list[str]:
    match = _LINT.search(text)
    words = shlex.split(match["words"]) if match else []
    return [str(HERE / word) if word.startswith("beside/") else word for word in words]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_standard_is_told_with_line_field_and_fix(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = file.read_text("utf-8")
    wanted = expected(text)
    status, said = lint(file, capsys, *words_of(text))
    told = [line for line in said.splitlines() if " [" in line]
    assert len(told) == len(wanted), said
    for line, one in zip(told, wanted, strict=True):
        severity = RULES[Rule(one.rule)].severity
        assert line.startswith(f"{file}:{one.line}: {severity} [{one.rule}] "), said
        assert one.text in line, said
        assert len(line) < 600, "a message never repeats a huge text"
    assert status == any(RULES[Rule(one.rule)].severity is Severity.ERROR for one in wanted)
    assert lint(file, capsys, *words_of(text), "--strict")[0] == 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_same_is_told_to_machines(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = file.read_text("utf-8")
    told = json.loads(lint(file, capsys, *words_of(text), "--format", "json")[1])
    assert [(one["line"], one["rule"]) for one in told["findings"]] == [one[:2] for one in expected(text)]
    assert all(one["file"] == str(file) and one["problem"] for one in told["findings"])
    assert told["errors"] + told["warnings"] == len(told["findings"])


def test_every_rule_has_a_broken_standard() -> None:
    shown = {one.rule for file in FILES for one in expected(file.read_text("utf-8"))}
    # No duration is as long as history keeps sums; its unit test takes shorter ones.
    assert set(Rule) - shown == {Rule.WINDOW_OUTLIVES_HISTORY}
