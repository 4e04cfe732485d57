"""
The agent brings little to a shop's machine: what it imports is what its own small lock installs, and its unit is sound.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from services.agent.app import AgentSettings
from services.runtime.settings import describe, load_settings
from tests.fakes.systemd import verified
from tests.project import PROJECT

UNIT = PROJECT / "deploy/agent/sqm-agent.service"
HEAVY = {"aiokafka", "confluent_kafka", "faust", "clickhouse_connect", "chdb", "cel", "apprise", "cramjam", "yaml"}
LOOKED_FOR = {"attrs"}
"""rich shows objects of attrs, where that is installed."""
# What an import brings in, by the distribution that it came with.
ASKED = """
import importlib, json, sys
from importlib.metadata import packages_distributions
before = set(sys.modules)
for name in sys.argv[1:]:
    importlib.import_module(name)
of = packages_distributions()
roots = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps([sorted(roots), sorted({one for root in roots for one in of.get(root, [])})]))
"""


def imported(*modules: str) -> tuple[set[str], set[str]]:
    ran = subprocess.run(
        [sys.executable, "-c", ASKED, *modules], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    roots, distributions = json.loads(ran.stdout)
    return set(roots), {re.sub(r"[-_.]+", "-", one).lower() for one in distributions}


def test_agent_and_its_command_import_what_their_lock_installs_and_nothing_else() -> None:
    locked = set(re.findall(r"^([a-z0-9-]+)==", (PROJECT / "requirements-agent.lock").read_text(), re.MULTILINE))
    roots, distributions = imported("services.agent.app", "services.cli.frame", "services.cli.agent", "typer.main")
    assert roots & HEAVY == set()
    assert distributions - locked - LOOKED_FOR - {"sqm"} == set()
    assert {"starlette", "httpx", "typer"} <= distributions


def test_help_waits_for_nothing() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "services.agent", "--help"]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("usage: python -m services.agent")
    loaded = set(re.findall(r"\|\s+(\S+)$", ran.stderr, re.MULTILINE))
    assert "argparse" in loaded
    assert loaded & (HEAVY | {"pydantic", "starlette", "httpx", "services.agent.app"}) == set()


def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    found = verified(tmp_path, UNIT.name, UNIT.read_text())
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("Restart=always", "Restart=allways"), ("DynamicUser=yes", "DynamicUsr=yes"), ("Type=notify", "Type=notified")],
)
def test_systemd_finds_a_fault_that_is_planted(tmp_path: Path, right: str, wrong: str) -> None:
    text = UNIT.read_text()
    assert right in text
    assert verified(tmp_path, UNIT.name, text.replace(right, wrong)).stderr


def test_the_unit_and_its_example_set_what_the_agent_reads() -> None:
    known = set(describe(load_settings(AgentSettings, {})))
    texts = UNIT.read_text() + (UNIT.parent / "agent.env").read_text()
    named = set(re.findall(r"\bSQM_[A-Z_]+", texts))
    assert {name.removesuffix("_FILE") if name.endswith("TOKEN_FILE") else name for name in named} <= known
    assert "SQM_AGENT_FILE" in named
