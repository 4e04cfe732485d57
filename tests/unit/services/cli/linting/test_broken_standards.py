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
import yaml

from domain.linting import RULES, Rule, Severity
from schemas.export.messages import EXAMPLES
from services.cli import main

HERE = Path(__file__).parent / "broken_standards"
SOUND = HERE / "beside/wait.yaml"
FILES = sorted(HERE.glob("*.yaml"))
KINDS = ("standard", "calendar", "site", "source", "retirement")
_EXPECT = re.compile(r"^\ufeff?# expect (?P<line>[0-9]+) (?P<rule>[a-z_]+): (?P<text>.*)$", re.MULTILINE)
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


def text_of(file: Path) -> str:
    """
    What is expected stands in the file, or beside one that no words can stand in.
    """
    beside = file.with_suffix(".expect")
    return (beside if beside.exists() else file).read_text("utf-8", errors="replace")


def words_of(text: str) -> list[str]:
    match = _LINT.search(text)
    words = shlex.split(match["words"]) if match else []
    return [str(HERE / word) if word.startswith("beside/") else word for word in words]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_standard_is_told_with_line_field_and_fix(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = text_of(file)
    wanted = expected(text)
    status, said = lint(file, capsys, *words_of(text))
    told = [line for line in said.split("\n") if line.startswith(str(file))]
    assert said.replace("\n", "").isprintable(), "nothing commands the terminal"
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
    text = text_of(file)
    told = json.loads(lint(file, capsys, *words_of(text), "--format", "json")[1])
    assert [(one["line"], one["rule"]) for one in told["findings"]] == [one[:2] for one in expected(text)]
    for one in told["findings"]:
        assert one["file"] == str(file)
        assert one["problem"]
        assert one["fix"]
        # What cannot be read as YAML has no field yet.
        assert one["field"] or file.stem.startswith("hostile-")
    assert told["errors"] + told["warnings"] == len(told["findings"])


def test_every_rule_has_a_broken_standard() -> None:
    shown = {one.rule for file in FILES for one in expected(text_of(file))}
    # No duration is as long as history keeps sums; its unit test takes shorter ones.
    assert set(Rule) - shown == {Rule.WINDOW_OUTLIVES_HISTORY}


def standards(selector: str, number: int) -> str:
    body = SOUND.read_text("utf-8")
    return "---\n".join(
        body.replace("id: wait", f"id: wait-{place}").replace("clock:", f"applies_to: {selector}\nclock:")
        for place in range(number)
    )


HOSTILE = {
    "a huge file": ("# " + "x" * 2_000_000, "larger than 1048576 bytes; split it into several files"),
    "many values": ("[" + "1," * 60_000 + "1]", "more than 50000 values; split the file"),
    "many documents": ("---\n1\n" * 1_001, "more than 1000 documents; split it into several files"),
    "deep lists": ("[" * 500_000, "nested deeper than 32 levels"),
    "deep mappings": ("{a: " * 200_000, "nested deeper than 32 levels"),
    "a key without end": (f"{'k' * 900_000}: 1", "not YAML: "),
    "a word without end": (f"kind: {'k' * 900_000}", "kind: "),
    "a glob without end": (standards(f'{{queue: "{"*a" * 100_000}"}}', 1), "applies_to.queue"),
    "a limit without end": (SOUND.read_text("utf-8").replace("4m", "9" * 500_000 + "m"), "a duration is written"),
    "faults without end": ("apiVersion: sqm/v1\nkind: Site\n" + "".join(f"k{n}: 1\n" for n in range(20_000)), "more"),
    "globs that grow together": (
        standards("{queue: [" + ", ".join(f'"*a{"?" * n}*b{"?" * n}"' for n in range(1, 30)) + "]}", 60),
        "[measured_twice]",
    ),
    "globs that are never decided": (
        "---\n".join(standards(f'{{queue: "*{letter}{"?" * 60}"}}', 30).replace("wait", letter) for letter in "abcdef"),
        "[globs_undecided]",
    ),
}


@pytest.mark.parametrize(("text", "told"), [pytest.param(*one, id=name) for name, one in HOSTILE.items()])
def test_a_hostile_file_ends_with_findings_of_bounded_length(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "hostile.yaml"
    file.write_text(text, "utf-8")
    status, said = lint(file, capsys, "--strict")
    assert status == 1
    assert told in said
    assert max(map(len, said.splitlines())) < 1_000


BAD = [file for kind in KINDS for file in sorted((EXAMPLES / kind / "bad").glob("*.json"))]


@pytest.mark.parametrize("example", BAD, ids=lambda file: f"{file.parents[1].name}/{file.stem}")
def test_every_bad_example_of_a_document_is_told_with_its_line(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(example.read_text("utf-8"))
    file = tmp_path / "bad.yaml"
    file.write_text(yaml.safe_dump(content["message"], sort_keys=False), "utf-8")
    status, said = lint(file, capsys)
    assert status == 1
    found = [line for line in said.splitlines() if line.startswith(f"{file}:")]
    assert found
    lines = ["", *file.read_text("utf-8").splitlines()]
    steps = [step for step in content["pointer"].split("/") if step and not step.isdecimal()]
    for line in found:
        number = int(line.removeprefix(f"{file}:").split(":")[0])
        assert f"{file}:{number}: error [not_valid] " in line
    # Of a field that is missing the line is that of what should contain it: an entry of a list begins with a hyphen.
    told = [lines[int(line.removeprefix(f"{file}:").split(":")[0])].strip() for line in found]
    keys = [*steps, "apiVersion", "kind"]
    assert any(line.startswith("- ") or line.split(":")[0].strip("'") in keys for line in told), (said, steps)
    assert not re.search("Input should|should match|should have", said), "a fault is told in the words of documents"
