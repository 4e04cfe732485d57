"""
What is installed is pinned: by version and hash, from nowhere in particular.
"""

import re
import tomllib
from pathlib import Path

import pytest

from tests.project import PROJECT

LOCKS = [f"requirements{kind}.lock" for kind in ("", "-dev", "-agent", "-build", "-java", "-go")]
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,-]+\])?==(\S+?)(?: ;.*?)? \\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


def faults(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    unknown = [line for line in lines if not _PIN.match(line) and not _HASH.match(line)]
    pairs = zip(lines, [*lines[1:], ""], strict=True)
    return unknown + [line for line, following in pairs if _PIN.match(line) and not _HASH.match(following)]


def pinned(lock: str) -> dict[str, str]:
    found = (_PIN.match(line) for line in (PROJECT / lock).read_text().splitlines())
    return {pin.group(1): pin.group(2) for pin in found if pin}


def normal(requirement: str) -> str:
    name = _NAME.match(requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name.group()).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_its_hashes_and_nothing_else_is_said(lock: str) -> None:
    assert faults((PROJECT / lock).read_text()) == []


@pytest.mark.parametrize(
    "line", ["--index-url https://example.test", "pydantic>=2", "pydantic==2.9", "-e .", "pydantic==2.9 \\"]
)
def test_a_line_that_is_no_pin_with_hashes_is_found(line: str) -> None:
    assert faults(f"{line}\n") == [line]


def test_the_locks_hold_everything_that_the_project_asks_for() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    runtime = {normal(one) for one in project["project"]["dependencies"]}
    development = {normal(one) for one in project["dependency-groups"]["dev"]}
    assert runtime - pinned("requirements.lock").keys() == set(), "run `make lock`"
    assert (runtime | development) - pinned("requirements-dev.lock").keys() == set(), "run `make lock`"


def test_what_is_tested_is_what_runs() -> None:
    runtime, development = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert {name: development.get(name) for name in runtime} == runtime


def test_the_agent_runs_what_is_tested_by_the_same_bounds() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    asked = set(project["dependency-groups"]["agent"])
    assert asked - set(project["project"]["dependencies"]) == set()
    runtime, agent = pinned("requirements.lock"), pinned("requirements-agent.lock")
    assert {normal(one) for one in asked} - agent.keys() == set(), "run `make lock`"
    assert {name: runtime.get(name) for name in agent} == agent


def test_faust_is_pinned_exactly_because_we_override_its_insides() -> None:
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["dependencies"]
    (faust,) = [one for one in declared if normal(one) == "faust-streaming"]
    assert faust == f"faust-streaming=={pinned('requirements.lock')['faust-streaming']}"


def test_the_broker_that_is_embedded_is_the_one_that_the_pom_names() -> None:
    pom = (PROJECT / "deploy/broker/pom.xml").read_text()
    version = re.search(r"<kafka.version>(.*?)</kafka.version>", pom)
    assert version is not None
    jars = Path(PROJECT / ".tools/kafka/jars")
    assert [jar.name for jar in jars.glob("kafka_*.jar")] == [f"kafka_2.13-{version.group(1)}.jar"], "run `make setup`"
