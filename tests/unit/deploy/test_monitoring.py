"""
The programs that check what Prometheus and Alertmanager are told complain where there is reason to.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.project import PROJECT

RULES = PROJECT / "deploy/prometheus/rules"
CHECK_CONFIG = ("promtool", "check", "config", "--lint-fatal", "prometheus/prometheus.yml")
CHECK_RULES = ("promtool", "check", "rules", "--lint-fatal", "prometheus/rules/state.yml")
AMTOOL = ("amtool", "check-config", "alertmanager/alertmanager.yml")
PLANTED = [
    (CHECK_CONFIG, "scrape_interval:", "scrape_intervall:", "field scrape_intervall not found"),
    (CHECK_CONFIG, "rules/*.yml", "rules/[.yml", "syntax error in pattern"),
    (CHECK_RULES, "expr: ", "expr: sum(", "could not parse expression"),
    (CHECK_RULES, "summary: ", "summary: '{{ $lables.site }}' #", "undefined variable"),
    (AMTOOL, "receiver: watchdog", "receiver: watchdogs", 'undefined receiver "watchdogs"'),
    (AMTOOL, '"Sqm.+"', '"Sqm(.+"', "error parsing regexp"),
]


def alerts() -> Iterator[tuple[str, str]]:
    for file in sorted(RULES.glob("*.yml")):
        for group in yaml.safe_load(file.read_text())["groups"]:
            for rule in group["rules"]:
                if "alert" in rule:
                    yield file.name, rule["alert"]


@pytest.fixture
def deploy(tmp_path: Path) -> Path:
    for part in ("prometheus", "alertmanager"):
        shutil.copytree(PROJECT / "deploy" / part, tmp_path / part)
    return tmp_path


def said(command: tuple[str, ...], folder: Path) -> tuple[int, str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("command", "before", "after", "complaint"), PLANTED)
def test_a_planted_fault_is_complained_of(
    command: tuple[str, ...], before: str, after: str, complaint: str, deploy: Path
) -> None:
    assert said(command, deploy)[0] == 0
    file = deploy / command[-1]
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))
    status, words = said(command, deploy)
    assert status != 0
    assert complaint in words


@pytest.mark.parametrize(
    ("name", "alert", "expr"),
    [
        (name, alert, expr)
        for name, alert in alerts()
        for expr in ("vector(1) > 1", "vector(1)")
        # The watchdog is meant to fire always.
        if (alert, expr) != ("SqmWatchdog", "vector(1)")
    ],
)
def test_an_alert_that_never_or_always_fires_fails_its_test(name: str, alert: str, expr: str, deploy: Path) -> None:
    file = deploy / "prometheus/rules" / name
    written: dict[str, Any] = yaml.safe_load(file.read_text())
    (rule,) = (one for group in written["groups"] for one in group["rules"] if one.get("alert") == alert)
    rule["expr"] = expr
    file.write_text(yaml.safe_dump(written))
    status, words = said(("promtool", "test", "rules", f"prometheus/tests/{name}"), deploy)
    assert status != 0
    assert f"alertname: {alert}" in words
