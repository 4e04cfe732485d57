"""
The import contracts of pyproject.toml catch what they are there for: each is seen failing on a small tree of packages.

The real tree is checked by `make check`; here the contracts themselves are.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.project import PROJECT

SERVICES = ("ingest", "sla", "alerts", "history", "agent")
CLEAN = [
    "schemas/__init__.py",
    "schemas/events.py",
    "domain/__init__.py",
    "domain/calendars.py",
    "dashboards/__init__.py",
    "dashboards/panels.py",
    "services/__init__.py",
    "services/runtime/__init__.py",
    "services/runtime/clock.py",
    "services/cli/__init__.py",
    *(
        f"services/{service}/{module}"
        for service in SERVICES
        for module in ("__init__.py", "__main__.py", "app.py", "shell/__init__.py", "shell/http.py")
    ),
    *(f"services/{service}/engine/{module}" for service in SERVICES for module in ("__init__.py", "fold.py")),
]

PLANTED = [
    (
        "services-apart",
        "a service imports another",
        {"services/ingest/shell/http.py": "import services.sla.shell.http"},
    ),
    ("services-apart", "the runtime imports a service", {"services/runtime/clock.py": "import services.history.app"}),
    ("services-apart", "a service is not in the list", {"services/newcomer/__init__.py": ""}),
    ("inside-a-service", "an engine imports its shell", {"services/sla/engine/fold.py": "import services.sla.shell"}),
    (
        "inside-a-service",
        "a shell imports the wiring",
        {"services/history/shell/http.py": "import services.history.app"},
    ),
    ("inside-a-service", "a service grows a drawer", {"services/ingest/helpers.py": ""}),
    ("pure", "an engine reads the clock", {"services/sla/engine/fold.py": "import time"}),
    ("pure", "the engine of alerts draws lots", {"services/alerts/engine/fold.py": "import random"}),
    ("pure", "an engine logs", {"services/ingest/engine/fold.py": "import structlog"}),
    ("pure", "the domain reads the environment", {"domain/calendars.py": "import os"}),
    ("pure", "an engine meets the runtime", {"services/sla/engine/fold.py": "import services.runtime.clock"}),
    ("vendors", "a shell talks to Kafka by itself", {"services/ingest/shell/http.py": "import aiokafka"}),
    ("vendors", "alerts talk to Kafka by themselves", {"services/alerts/shell/http.py": "import aiokafka"}),
    ("vendors", "a worker makes spans by itself", {"services/sla/shell/http.py": "import opentelemetry.trace"}),
    ("vendors", "a command talks to ClickHouse by itself", {"services/cli/load.py": "import clickhouse_connect"}),
    (
        "light-agent",
        "the agent meets a client of Kafka by way of the runtime",
        {"services/agent/app.py": "import services.runtime.clock", "services/runtime/clock.py": "import aiokafka"},
    ),
    ("schemas-alone", "a schema imports the domain", {"schemas/events.py": "import domain.calendars"}),
    ("domain-alone", "the domain imports a service", {"domain/calendars.py": "import services.runtime.clock"}),
    (
        "dashboards-alone",
        "a panel takes its figure from the domain",
        {"dashboards/panels.py": "import domain.calendars"},
    ),
    ("no-cycles", "two files need each other", {"domain/a.py": "import domain.b", "domain/b.py": "import domain.a"}),
]


def contracts() -> dict[str, str]:
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract["name"] for contract in declared}


def tree(folder: Path, planted: dict[str, str]) -> Path:
    shutil.copy(PROJECT / "pyproject.toml", folder)
    for place, text in [*((place, "") for place in CLEAN), *planted.items()]:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text + "\n")
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    # The current folder comes first on the path, so the small tree hides the real one.
    command = "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_clean_tree_keeps_every_contract(tmp_path: Path) -> None:
    result = lint(tree(tmp_path, {}))
    assert result.returncode == 0, result.stdout + result.stderr
    assert all(f"{name} KEPT" in result.stdout for name in contracts().values())


@pytest.mark.parametrize(
    ("contract", "planted"),
    [(contract, planted) for contract, _, planted in PLANTED],
    ids=[f"{contract}: {what}" for contract, what, _ in PLANTED],
)
def test_a_planted_violation_breaks_its_contract(tmp_path: Path, contract: str, planted: dict[str, str]) -> None:
    result = lint(tree(tmp_path, planted))
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{contracts()[contract]} BROKEN" in result.stdout


def test_every_contract_has_been_seen_failing() -> None:
    assert set(contracts()) == {contract for contract, _, _ in PLANTED}
