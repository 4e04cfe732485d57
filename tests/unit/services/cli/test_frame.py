"""
The frame of the command line: overview, errors, exit statuses.
"""

import os
import re
import subprocess
import sys

import pytest

from services.cli import main
from services.cli.commands import COMMANDS
from tests.project import PROJECT


def test_the_overview_lists_every_command_with_its_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in COMMANDS:
        assert f"  {command.name}" in shown
        assert command.summary in shown


def test_the_overview_loads_no_command_and_no_library_that_only_commands_need() -> None:
    code = (
        "import sys; from services.cli import main; main(['--help']);"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & {'typer', 'rich', 'pydantic', 'aiokafka', 'faust'}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("[]\n")


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"Usage: sqm {command}")


@pytest.mark.parametrize("words", [["standards", "list"], ["deadletters", "list"]])
def test_a_broker_that_does_not_answer_is_told_in_one_line_with_the_setting(words: list[str]) -> None:
    away = {**os.environ, "SQM_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1"}
    command = [sys.executable, "-m", "services.cli", *words]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, env=away)
    assert ran.returncode == 3
    assert len(ran.stderr.splitlines()) == 1
    assert "SQM_KAFKA__BOOTSTRAP_SERVERS" in ran.stderr


def test_a_stage_that_refuses_nothing_is_answered_with_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadletters", "list", "--stage", "ingst"]) == 2
    assert "ingest, mapping, sla, history" in capsys.readouterr().err


def test_a_misspelt_command_is_answered_with_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["standars"]) == 2
    assert "did you mean 'standards'?" in capsys.readouterr().err


def test_a_misconfiguration_is_a_sentence_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["standards", "validate", "there-is-no-such-folder"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("sqm standards: there-is-no-such-folder: ")
    assert "Traceback" not in said


@pytest.mark.parametrize("words", [["history", "who"], ["history", "erase", "anna"], ["explain"], []])
def test_a_word_that_is_no_text_is_a_sentence_and_status_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, os.fsdecode(b"\xffnna")]) == 2
    assert capsys.readouterr().err == "sqm: b'\\xffnna' is no text in UTF-8; type it, or name the file, in UTF-8\n"


def test_a_misspelt_option_is_a_sentence_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["standards", "validate", "--verbos"]) == 2
    assert capsys.readouterr().err == "sqm standards: no such option: --verbos; `sqm standards --help` says more\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["simulate", "--speed", "x"], "invalid value for '--speed': must be a whole number"),
        (["simulate", "--speed", "0"], "invalid value for '--speed': must be at least 1"),
        (["metrics", "--format", "x"], "invalid value for '--format': 'x' is not one of 'table', 'json', 'markdown'"),
        (["replay"], "missing argument 'FILE'"),
        (["calendar", "nxt"], "no such command 'nxt'. Did you mean 'next'?"),
    ],
)
def test_a_misused_option_is_one_line_in_plain_words(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err == f"sqm {words[0]}: {said}; `sqm {words[0]} --help` says more\n"


def test_a_group_without_a_command_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["standards"]) == 2
    assert capsys.readouterr().err.startswith("Usage: sqm standards")


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_help_calls_values_what_people_call_them(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert not {"<str>", "<int", "<path>", "<list"} & set(re.findall(r"<[a-z]+>?", shown))


def test_it_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("sqm ")
