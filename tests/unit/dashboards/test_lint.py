"""
Every dashboard keeps every rule, and each rule catches what it is there for.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from dashboards.__main__ import written
from dashboards.lint import RULES, faults

Dashboard = dict[str, Any]

_CELLS = [
    {"matcher": {"id": "byRegexp", "options": "/.*/"}, "properties": [{"id": "noValue", "value": "–"}]},
    {"matcher": {"id": "byType", "options": "string"}, "properties": [{"id": "unit", "value": "string"}]},
    {
        "matcher": {"id": "byName", "options": "Late"},
        "properties": [
            {"id": "thresholds", "value": {"steps": [{"value": None, "color": "transparent"}]}},
            {"id": "custom.cellOptions", "value": {"type": "color-background"}},
        ],
    },
]
_PROM = {"type": "prometheus", "uid": "${prometheus_datasource}"}
GOOD: Dashboard = {
    "uid": "sqm-good",
    "tags": ["sqm"],
    "links": [{"type": "dashboards", "tags": ["sqm"], "includeVars": True, "keepTime": True}],
    "editable": False,
    "refresh": "30s",
    "time": {"from": "now-6h", "to": "now"},
    "templating": {
        "list": [
            {"type": "datasource", "name": "clickhouse_datasource", "query": "grafana-clickhouse-datasource"},
            {"type": "datasource", "name": "prometheus_datasource", "query": "prometheus"},
            {"type": "query", "name": "site", "query": "SELECT id FROM standing_sites", "refresh": 2,
             "multi": True},
        ]
    },
    "annotations": {"list": []},
    "panels": [
        {
            "id": 1, "type": "timeseries", "title": "Events", "description": "How many.", "datasource": _PROM,
            "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
            "options": {"legend": {"showLegend": True}},
            "fieldConfig": {"defaults": {"unit": "short", "noValue": "Nothing came."}, "overrides": []},
            "targets": [
                {"expr": "sum(rate(sqm_sla_events_total[$__rate_interval]))", "legendFormat": "all", "range": True,
                 "datasource": _PROM},
            ],
        },
        {
            "id": 2, "type": "table", "title": "Sites", "description": "Which.", "options": {},
            "datasource": {"uid": "${clickhouse_datasource}"}, "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8},
            "fieldConfig": {"defaults": {"unit": "string", "noValue": "None."}, "overrides": _CELLS},
            "targets": [
                {"rawSql": "SELECT 1 FROM events WHERE $__conditionalAll(has(['${site:queryparam}'], a), $site)",
                 "datasource": {"uid": "${clickhouse_datasource}"}},
            ],
        },
        {
            "id": 3, "type": "stat", "title": "Now", "description": "Who.", "datasource": _PROM,
            "gridPos": {"x": 0, "y": 8, "w": 12, "h": 8}, "options": {"reduceOptions": {"fields": ""}},
            "fieldConfig": {"defaults": {"unit": "short", "noValue": "Nobody."}, "overrides": []},
            "targets": [{"expr": "sum(sqm_ready)", "instant": True, "datasource": _PROM}],
        },
        {
            "id": 4, "type": "stat", "title": "Then", "description": "Who.", "options": {},
            "datasource": {"uid": "${clickhouse_datasource}"}, "gridPos": {"x": 12, "y": 8, "w": 12, "h": 8},
            "fieldConfig": {"defaults": {"unit": "short", "noValue": "Nobody."}, "overrides": [
                {"matcher": {"options": "Likely"}, "properties": [{"id": "noValue", "value": "–"}]}
            ]},
            "targets": [
                {"rawSql": 'SELECT 1 AS "Figure", 2 AS "Likely"', "datasource": {"uid": "${clickhouse_datasource}"}},
            ],
        },
    ],
}  # fmt: skip


def planted(change: Callable[[Dashboard], object]) -> Dashboard:
    dashboard = copy.deepcopy(GOOD)
    change(dashboard)
    return dashboard


def curve(dashboard: Dashboard) -> Dashboard:
    return dashboard["panels"][0]  # type: ignore[no-any-return]


def cells(dashboard: Dashboard) -> list[dict[str, Any]]:
    return dashboard["panels"][1]["fieldConfig"]["overrides"]  # type: ignore[no-any-return]


def asks(expr: str) -> Callable[[Dashboard], object]:
    return lambda one: curve(one)["targets"][0].update(expr=expr)


def asks_sql(sql: str) -> Callable[[Dashboard], object]:
    return lambda one: one["panels"][1]["targets"][0].update(rawSql=sql)


PLANTED: dict[str, list[Callable[[Dashboard], object]]] = {
    "template-datasource-rule": [
        lambda one: one["templating"]["list"][0].update(name="db"),
        lambda one: one.update(templating={"list": []}),
    ],
    "template-on-time-change-reload-rule": [lambda one: one["templating"]["list"][2].update(refresh=1)],
    "panel-datasource-rule": [
        lambda one: curve(one).update(datasource={"uid": "P1809F7CD0C75ACF3"}),
        lambda one: curve(one)["targets"][0].update(datasource={"uid": "prom"}),
    ],
    "panel-title-description-rule": [
        lambda one: curve(one).update(description=""),
        lambda one: curve(one).update(title=None),
    ],
    "panel-units-rule": [
        lambda one: curve(one)["fieldConfig"]["defaults"].update(unit="customers"),
        lambda one: curve(one)["fieldConfig"].update(overrides=[{"properties": [{"id": "unit", "value": "minutes"}]}]),
    ],
    "panel-no-targets-rule": [lambda one: curve(one).update(targets=[])],
    "target-promql-rule": [asks("sqm_sla_customers")],
    "target-rate-interval-rule": [asks("sum(rate(sqm_sla_events_total[5m]))")],
    "target-counter-agg-rule": [asks("sum(sqm_sla_events_total)")],
    "target-histogram-rule": [
        asks("histogram_quantile(0.9, rate(sqm_sla_fold_duration_seconds_bucket[$__rate_interval]))")
    ],
    "legend-rule": [
        lambda one: curve(one)["targets"][0].update(legendFormat=""),
        lambda one: curve(one).update(options={}),
    ],
    "uneditable-dashboard-rule": [lambda one: one.update(editable=True)],
    "dashboard-time-refresh-rule": [
        lambda one: one.update(refresh="often"),
        lambda one: one.update(time={"from": "yesterday", "to": "now"}),
    ],
    "target-sql": [
        asks_sql("SELECT 1 WHERE $__timeFrame(occurred_at)"),
        asks_sql("SELECT 1 WHERE $__timeFilter(toDateTime(at))"),
        lambda one: one["annotations"]["list"].append({"name": "Marks", "target": {"rawSql": "SELECT $__now"}}),
    ],
    "known-variables": [asks_sql("SELECT 1 WHERE $__timeFilter(at) AND queue = '${queue:percentencode}'")],
    "encoded-choices": [
        asks_sql("SELECT 1 WHERE site IN (${site:singlequote})"),
        asks_sql("SELECT 1 WHERE site IN (${site:queryparam})"),
        asks_sql("SELECT 1 WHERE site = '$site'"),
        asks_sql("SELECT 1 WHERE $__conditionalAll(site = '${site}', $site)"),
        asks_sql("SELECT toHour(at, '${site:percentencode}')"),
        asks('sum(sqm_ready{site=~"$site"})'),
        asks('sum(sqm_ready{site=~"${site:regex}"})'),
    ],
    "columns-lead-on": [
        asks_sql('SELECT 1 AS "Site"'),
        lambda one: one["panels"][1].update(
            transformations=[{"id": "organize", "options": {"renameByName": {"standard": "Standard"}}}]
        ),
    ],
    "leads-to-others": [
        lambda one: one.update(tags=[]),
        lambda one: one.update(links=[]),
        lambda one: one["links"][0].update(includeVars=False),
    ],
    "words-for-nothing": [lambda one: curve(one)["fieldConfig"]["defaults"].update(noValue=" ")],
    "words-for-empty-cells": [
        lambda one: cells(one)[0].update(properties=[]),
        lambda one: one["panels"][3]["fieldConfig"].update(overrides=[]),
    ],
    "words-stay-words": [lambda one: cells(one)[1]["matcher"].update(options="number")],
    "tiles-without-instants": [lambda one: one["panels"][2]["options"]["reduceOptions"].update(fields="/.*/")],
    "no-colour-for-empty": [
        lambda one: cells(one)[2]["properties"][0]["value"]["steps"][0].update(color="dark-red"),
    ],
    "stable-ids": [lambda one: one.update(uid="P12"), lambda one: curve(one).update(id=2)],
    "panels-apart": [
        lambda one: curve(one)["gridPos"].update(w=13),
        lambda one: one["panels"][1]["gridPos"].update(w=13),
    ],
}


def test_a_good_dashboard_breaks_no_rule() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_catches_what_is_planted(rule: str) -> None:
    for change in PLANTED[rule]:
        assert [one.split(": ")[1] for one in faults(planted(change)) if f" {rule}:" in one]


@pytest.mark.parametrize(("name", "text"), written().items(), ids=written())
def test_every_dashboard_of_ours_keeps_the_rules(name: str, text: str) -> None:
    assert faults(json.loads(text)) == [], name
