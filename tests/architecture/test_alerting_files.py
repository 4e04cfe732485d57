"""
Every alert about the product itself has a runbook and a test, rests on metrics that exist, and each of these checks has
been seen failing.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture import alerting_files as rules
from tests.project import PROJECT

Rule = Callable[[Path], Iterator[str]]
RULES: tuple[Rule, ...] = (
    rules.alerts_that_do_not_help,
    rules.runbooks_beside_alerts,
    rules.untested_rules,
    rules.unknown_metrics,
    rules.different_configurations,
)
RUNNING, PAGE = "deploy/prometheus/rules/running.yml", "docs/runbooks/SqmNotReady.md"
PLANTED = [
    (
        rules.alerts_that_do_not_help,
        RUNNING,
        "{severity: none}",
        "{severity: awful}",
        "SqmWatchdog: severity is one of",
    ),
    (rules.alerts_that_do_not_help, RUNNING, "summary: Alerts of", "title: Alerts of", "SqmWatchdog: has no summary"),
    (rules.alerts_that_do_not_help, RUNNING, "runbooks/SqmNotReady", "runbooks/", "SqmNotReady: its runbook_url ends"),
    (
        rules.runbooks_beside_alerts,
        RUNNING,
        "alert: SqmNotReady",
        "alert: SqmReady",
        "SqmNotReady: is a page of no alert",
    ),
    (rules.runbooks_beside_alerts, RUNNING, "alert: SqmNotReady", "alert: SqmReady", "SqmReady: has no page"),
    (rules.runbooks_beside_alerts, PAGE, "**Costs**", "**Price**", "SqmNotReady: says nothing under Costs"),
    (rules.runbooks_beside_alerts, "docs/runbooks/README.md", "[SqmNotReady]", "[x]", "SqmNotReady: is not in docs"),
    (rules.runbooks_beside_alerts, PAGE, "[All runbooks](README.md)", "", "SqmNotReady: its last line is [All"),
    (rules.untested_rules, RUNNING, "alert: SqmNotReady", "alert: SqmReady", "SqmReady: no test in"),
    (rules.untested_rules, "deploy/prometheus/tests/recording.yml", "p99_15m", "p98_15m", "p99_15m: no test in"),
    (rules.unknown_metrics, RUNNING, "sqm_ready{", "sqm_steady{", "SqmNotReady: no service exposes sqm_steady"),
    (
        rules.unknown_metrics,
        RUNNING,
        'sqm_ready{job!="',
        'sqm_ready{site!="',
        "SqmNotReady: sqm_ready has no label site",
    ),
    (rules.different_configurations, "deploy/prometheus/prometheus.yml", "15s", "30s", "global differs"),
    (
        rules.different_configurations,
        "deploy/prometheus/prometheus.yml",
        "sqm-sla",
        "sqm-worker",
        "scrape_configs differ",
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule: Rule) -> None:
    assert list(rule(PROJECT)) == []


@pytest.mark.parametrize(("rule", "file", "was", "planted", "fault"), PLANTED)
def test_the_rule_catches_a_planted_violation(
    tmp_path: Path, rule: Rule, file: str, was: str, planted: str, fault: str
) -> None:
    for folder in ("deploy/prometheus", "docs/runbooks"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert was in text
    (tmp_path / file).write_text(text.replace(was, planted), encoding="utf-8")
    assert any(fault in found for found in rule(tmp_path))


def test_every_rule_has_been_seen_failing() -> None:
    assert {rule for rule, *_ in PLANTED} == set(RULES)
