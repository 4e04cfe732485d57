"""
The commands that the documentation shows exist, with the options that it gives them.
"""

import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from schemas.metrics import METRICS
from services.agent.app import AgentSettings
from services.alerts.app import AlertsSettings
from services.alerts.engine import saving
from services.cli import topic_files
from services.cli.commands import COMMANDS
from services.history.app import HistorySettings
from services.ingest.app import IngestSettings
from services.runtime.settings import ProcessSettings, describe, load_settings
from services.runtime.stack import make_environment
from services.sla.app import SlaSettings
from services.sla.engine import chunks, objectives
from tests.project import PROJECT

PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]

# A command in a block begins its line; one in a sentence stands between backquotes.
_IN_BLOCK = re.compile(r"^ {4,}(?:[A-Z_]+=\S* )*(?:\.venv/bin/)?(sqm [a-z-].*)$", re.MULTILINE)
_IN_FENCE = re.compile(r"^(?:[A-Z_]+=\S* )*(?:\.venv/bin/)?(sqm [a-z-].*)$", re.MULTILINE)
_IN_LINE = re.compile(r"`(?:[A-Z_]+=\S* )*(sqm [a-z-][^`]*)`")


def commands_of(text: str) -> Iterator[list[str]]:
    text = re.sub(r"\\\n\s*", " ", text)  # a command that goes on in the next line
    for pattern in (_IN_BLOCK, _IN_FENCE, _IN_LINE):
        for match in pattern.finditer(text):
            line = re.split(r"\s[|&;>]\s?|\s{3,}", match[1])[0]
            yield [word for word in shlex.split(line)[1:] if word != "…"]


def faults_of(words: list[str]) -> Iterator[str]:
    """
    Say what is wrong with a command line: a command that is not there, or an option that it does not have.
    """
    known = {command.name: command for command in COMMANDS}
    if words[0].startswith("-"):
        return
    if words[0] not in known:
        yield f"no command {words[0]}"
        return
    program: Any = typer.main.get_command(importlib.import_module(known[words[0]].module).app)
    rest = words[1:]
    if hasattr(program, "commands") and rest and not rest[0].startswith("-"):
        names = rest[0].split("|")
        for name in names:
            if name not in program.commands:
                yield f"no command {words[0]} {name}"
                return
        program, rest = program.commands[names[0]], rest[1:]
    options = {name for parameter in program.params for name in (*parameter.opts, *parameter.secondary_opts)} | {
        "--help"
    }
    for word in rest:
        if word.startswith("--") and word.partition("=")[0] not in options:
            yield f"sqm {words[0]} has no option {word}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_command_of_the_page_exists(page: Path) -> None:
    found = list(commands_of(page.read_text(encoding="utf-8")))
    assert [fault for words in found for fault in faults_of(words)] == []


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_example_in_a_help_text_is_right(command: str) -> None:
    program: Any = typer.main.get_command(importlib.import_module(f"services.cli.{command}").app)
    parts = [program, *getattr(program, "commands", {}).values()]
    examples = "\n".join(f"    {line.strip()}" for part in parts for line in (part.epilog or "").splitlines())
    assert [fault for words in commands_of(examples) for fault in faults_of(words)] == []


def test_the_pages_show_commands_at_all() -> None:
    shown = {words[0] for page in PAGES for words in commands_of(page.read_text(encoding="utf-8"))}
    assert shown >= {"demo", "replay", "explain", "standards", "load", "simulate", "tokens", "deadletters", "history"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("    sqm demoo\n", "no command demoo"),
        ("use `sqm standards proof x.yaml` to", "no command standards proof"),
        ("```\nSQM_TOKEN=x sqm simulate --fast\n```\n", "sqm simulate has no option --fast"),
        ("    .venv/bin/sqm explain ID --outt DIR | less\n", "sqm explain has no option --outt"),
        ("```\nsqm explain ID \\\n  --outt DIR\n```\n", "sqm explain has no option --outt"),
    ],
)
def test_a_command_that_does_not_exist_is_found(text: str, fault: str) -> None:
    assert fault in [found for words in commands_of(text) for found in faults_of(words)]


_METRIC = re.compile(r"`(sqm_(?:ingest|sla|history|alerts|agent)_[a-z_]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_metric_that_a_page_names_is_measured_by_somebody(page: Path) -> None:
    named = set(_METRIC.findall(page.read_text(encoding="utf-8")))
    assert named - {metric.name for metric in METRICS} == set()


_VARIABLE = re.compile(r"`?\b(SQM_[A-Z0-9_]*[A-Z0-9])\b")
OF_NO_SERVICE = {
    "SQM_TOKEN",
    "SQM_SECRET_DEMO_WEBHOOK",
    "SQM_TEST_DATA",
    "SQM_TEST_JANUARY_DAYS",
    "SQM_TEST_STORM_SITES",
}
"""Of the commands that send, of secrets that a configuration names, and of the tests."""


OF_SENDERS = "SQM_SECRET_WEBHOOK__"
"""How the secret of every sender of webhooks begins."""


def variables_of_services() -> set[str]:
    kinds: tuple[type[ProcessSettings], ...] = (
        AgentSettings, AlertsSettings, HistorySettings, IngestSettings, SlaSettings,
    )  # fmt: skip
    names = {name for kind in kinds for name in describe(load_settings(kind, {}))}
    of_the_stack = make_environment(bytes, 0, 1, 1).variables.keys()
    return names | {f"{name}_FILE" for name in names} | OF_NO_SERVICE | of_the_stack


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_variable_that_a_page_names_is_read_by_somebody(page: Path) -> None:
    known = variables_of_services()
    named = set(_VARIABLE.findall(page.read_text(encoding="utf-8")))
    unknown = {name for name in named if not any(one.startswith(name) for one in known)}
    assert {name for name in unknown if not name.startswith(OF_SENDERS)} == set()


def test_the_page_about_upgrading_names_the_formats_that_this_version_writes() -> None:
    page = (PROJECT / "docs/upgrading.md").read_text(encoding="utf-8")
    for place, format_ in {
        "`sqm.sla.checkpoints.v1`": chunks.VERSION,
        "`sqm.sla.objectives.v1`": objectives.VERSION,
        "`sqm.alerts.state.v1`": saving.FORMAT,
        "`sqm topics export`": f"`{topic_files.FORMAT}`",
    }.items():
        assert re.search(rf"^\| [^|]*{re.escape(place)} \| {re.escape(str(format_))} \|", page, re.MULTILINE), place
