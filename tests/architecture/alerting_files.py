"""
What must hold of the rules of Prometheus, their tests and the runbooks; each takes the project's folder and returns
what breaks it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from schemas.metrics import METRICS

_SEVERITIES: Final = {"critical", "warning", "none"}
_SECTIONS: Final = ("Means", "Costs", "Look first", "Ends", "Call somebody")
_WAY_BACK: Final = "\n\n[All runbooks](README.md)\n"
_ALWAYS: Final = "SqmWatchdog"
_NOT_OURS: Final = {"up": (), "process_start_time_seconds": ()}
_OF_PROMETHEUS: Final = {"job", "instance", "le"}
_METRIC: Final = re.compile(
    r"(?<![\w:.$\"~|-])(?:sqm_[a-z_]+|[a-z_]+:sqm_[a-z_:0-9]+|up|process_[a-z_]+)(?:\{([^}]*)\})?"
)
_MATCHED: Final = re.compile(r"([a-z_]+)\s*(?:=~|!~|!=|=)")


def _loaded(folder: Path) -> Iterator[tuple[str, Any]]:
    for file in sorted(folder.glob("*.yml")):
        yield file.name, yaml.safe_load(file.read_text(encoding="utf-8"))


def _rules(project: Path) -> Iterator[dict[str, Any]]:
    for _, document in _loaded(project / "deploy" / "prometheus" / "rules"):
        for group in document["groups"]:
            yield from group["rules"]


def _alerts(project: Path) -> list[dict[str, Any]]:
    return [rule for rule in _rules(project) if "alert" in rule]


def alerts_that_do_not_help(project: Path) -> Iterator[str]:
    """
    Alerts without severity, words or the page of their own.
    """
    for alert in _alerts(project):
        name, told = alert["alert"], alert.get("annotations", {})
        if alert.get("labels", {}).get("severity") not in _SEVERITIES:
            yield f"{name}: severity is one of {', '.join(sorted(_SEVERITIES))}"
        for part in ("summary", "description"):
            if not told.get(part):
                yield f"{name}: has no {part}"
        if told.get("runbook_url") != f"https://sqm.example/runbooks/{name}":
            yield f"{name}: its runbook_url ends in /runbooks/{name}"


def runbooks_beside_alerts(project: Path) -> Iterator[str]:
    """
    Alerts without a page or a line in the index, pages without an alert, a part or the way back to the index.
    """
    folder = project / "docs" / "runbooks"
    pages = {file.stem: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    index = pages.pop("README", "")
    names = {alert["alert"] for alert in _alerts(project)}
    for name in sorted(names ^ pages.keys()):
        yield f"{name}: " + ("has no page in docs/runbooks" if name in names else "is a page of no alert")
    for name, text in sorted(pages.items()):
        if f"[{name}]({name}.md)" not in index:
            yield f"{name}: is not in docs/runbooks/README.md"
        for section in _SECTIONS:
            if f"\n**{section}**:" not in text:
                yield f"{name}: says nothing under {section}"
        if not text.endswith(_WAY_BACK):
            yield f"{name}: its last line is {_WAY_BACK.strip()}"


def untested_rules(project: Path) -> Iterator[str]:
    """
    Alerts that no promtool test saw firing, or saw silent, and recorded figures that none compared.
    """
    fired: set[str] = set()
    silent = {_ALWAYS}
    compared = ""
    for _, document in _loaded(project / "deploy" / "prometheus" / "tests"):
        for test in document["tests"]:
            for seen in test.get("alert_rule_test", ()):
                (fired if seen["exp_alerts"] else silent).add(seen["alertname"])
            compared += " ".join(seen["expr"] for seen in test.get("promql_expr_test", ()) if seen["exp_samples"]) + " "
    for rule in _rules(project):
        if "record" in rule:
            if rule["record"] not in compared:
                yield f"{rule['record']}: no test in deploy/prometheus/tests compares it"
            continue
        for seen_so, which in ((fired, "fire"), (silent, "stay silent")):
            if rule["alert"] not in seen_so:
                yield f"{rule['alert']}: no test in deploy/prometheus/tests sees it {which}"


def unknown_metrics(project: Path) -> Iterator[str]:
    """
    Metrics and labels in rules that no service exposes.
    """
    labels: dict[str, set[str] | None] = {name: set(known) for name, known in _NOT_OURS.items()}
    for metric in METRICS:
        ends = ("_bucket", "_sum", "_count") if metric.kind == "histogram" else ("",)
        labels |= {metric.name + end: set(metric.labels) for end in ends}
    labels |= {rule["record"]: None for rule in _rules(project) if "record" in rule}
    for rule in _rules(project):
        name = rule.get("alert") or rule["record"]
        for found in _METRIC.finditer(rule["expr"]):
            metric_name = found[0].partition("{")[0]
            if metric_name not in labels:
                yield f"{name}: no service exposes {metric_name}"
                continue
            known = labels[metric_name]
            for label in _MATCHED.findall(found[1] or ""):
                if known is not None and label not in known | _OF_PROMETHEUS:
                    yield f"{name}: {metric_name} has no label {label}"


def different_configurations(project: Path) -> Iterator[str]:
    """
    What prometheus.yml and prometheus.local.yml say differently, but for the addresses.
    """
    folder = project / "deploy" / "prometheus"
    stack, local = (
        yaml.safe_load((folder / name).read_text(encoding="utf-8"))
        for name in ("prometheus.yml", "prometheus.local.yml")
    )
    for part in ("global", "rule_files"):
        if stack[part] != local[part]:
            yield f"{part} differs"
    jobs = [[one["job_name"] for one in configuration["scrape_configs"]] for configuration in (stack, local)]
    if jobs[0] != jobs[1]:
        yield f"scrape_configs differ: {jobs[0]} and {jobs[1]}"
