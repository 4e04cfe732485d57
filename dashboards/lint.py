"""
Rules that every dashboard keeps; their names are those of Grafana's dashboard-linter, and after them come our own.

Four of its rules are left out: that dashboards have variables `job` and `instance` and that every PromQL question uses
them. Our metrics carry the product and service in their names, and a question about the line is one about all of its
workers. Rules about Loki are left out too, for nothing here asks it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from grafana_foundation_sdk.models import units

from dashboards.links import TAG
from dashboards.queries import shown_columns
from schemas.metrics import METRICS

__all__ = ["RULES", "faults"]

Dashboard = Mapping[str, Any]
Panel = Mapping[str, Any]

_SOURCES: Final = {"grafana-clickhouse-datasource": "clickhouse_datasource", "prometheus": "prometheus_datasource"}
_UNITS: Final = {value for name, value in vars(units).items() if not name.startswith("_") and isinstance(value, str)}
_MACROS: Final = {
    "conditionalAll", "dateFilter", "dateTimeFilter", "fromTime", "fromTime_ms", "interval_s", "timeFilter",
    "timeFilter_ms", "timeInterval", "toTime", "toTime_ms",
}  # fmt: skip
_GIVEN: Final = {"__interval", "__rate_interval", "__range", "__from", "__to", "__url_time_range", "__value", "__data"}
"""Variables that Grafana itself fills in."""
_VARIABLE: Final = re.compile(r"\$\{(\w+)[.:}]|\$(\w+)")
_FILLED: Final = re.compile(r"(['`]?)(\$(?!_)\{?(\w+)(?::(\w+)\})?)")
_LED: Final = {
    "Site": "sqm-site", "Standard": "sqm-standard", "Violation": "sqm-violation", "Source": "sqm-quality",
}  # fmt: skip
"""Columns by which a reader expects to go on, each with where to."""
_EVERY: Final = "/.*/"
"""Matches every field of an answer."""
_DECIDES: Final = re.compile(r", \$\w+\)")
_METRIC: Final = re.compile(r"\bsqm_\w+")
_RATE: Final = re.compile(r"\b(?:rate|irate|increase)\((?:[^()\[]|\([^()]*\))*\[([^\]]*)\]")
_COUNTERS: Final = {one.name for one in METRICS if one.kind == "counter"}
_NAMES: Final = {one.name for one in METRICS} | {
    f"{one.name}_{part}" for one in METRICS if one.kind == "histogram" for part in ("bucket", "sum", "count")
}
_INTERVAL: Final = re.compile(r"(\d+[smhd])?")
_SPAN: Final = re.compile(r"now(-\d+[smhdwMy](/[dwMy])?)?")


def faults(dashboard: Dashboard) -> list[str]:
    """
    What is wrong with a dashboard as Grafana reads it, each with the rule that it breaks.
    """
    return [f"{dashboard.get('uid')}: {name}: {fault}" for name, rule in RULES.items() for fault in rule(dashboard)]


def _panels(dashboard: Dashboard) -> Iterator[Panel]:
    return (panel for panel in dashboard["panels"] if panel["type"] != "row")


def _targets(dashboard: Dashboard) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for panel in _panels(dashboard):
        for target in panel.get("targets", ()):
            yield panel.get("title", ""), target


def _promql(dashboard: Dashboard) -> Iterator[tuple[str, str]]:
    return ((title, target["expr"]) for title, target in _targets(dashboard) if "expr" in target)


def _sql(dashboard: Dashboard) -> Iterator[tuple[str, str]]:
    for title, target in _targets(dashboard):
        if "rawSql" in target:
            yield title, target["rawSql"]
    for variable in _variables(dashboard):
        if variable["type"] == "query":
            yield f"variable {variable['name']}", variable["query"]
    for mark in dashboard["annotations"].get("list", ()):
        yield mark["name"], mark["target"]["rawSql"]


def _variables(dashboard: Dashboard) -> list[Mapping[str, Any]]:
    return list(dashboard["templating"].get("list", ()))


def _template_datasource(dashboard: Dashboard) -> Iterator[str]:
    chosen = [one for one in _variables(dashboard) if one["type"] == "datasource"]
    if not chosen:
        yield "no variable chooses a data source"
    for one in chosen:
        wanted = _SOURCES.get(one["query"])
        if one["name"] != wanted:
            yield f"the variable {one['name']} chooses {one['query']}, and should be called {wanted}"


def _template_reload(dashboard: Dashboard) -> Iterator[str]:
    for one in _variables(dashboard):
        if one["type"] == "query" and one.get("refresh") != 2:  # noqa: PLR2004  (Grafana's number for it)
            yield f"the variable {one['name']} is not asked anew when the time changes"


def _panel_datasource(dashboard: Dashboard) -> Iterator[str]:
    known = {f"${{{one['name']}}}" for one in _variables(dashboard) if one["type"] == "datasource"}
    for panel in _panels(dashboard):
        for one in (panel, *panel.get("targets", ())):
            if panel["type"] != "text" and one.get("datasource", {}).get("uid") not in known:
                yield f"{panel.get('title')!r} names the data source {one.get('datasource')} and no variable"


def _title_description(dashboard: Dashboard) -> Iterator[str]:
    for panel in _panels(dashboard):
        if not panel.get("title") or not panel.get("description"):
            yield f"panel {panel.get('id')} ({panel.get('title')!r}) needs a title, and a description of how it is made"


def _panel_units(dashboard: Dashboard) -> Iterator[str]:
    for panel in _panels(dashboard):
        config = panel.get("fieldConfig", {})
        said = [config.get("defaults", {}).get("unit")] if panel["type"] != "text" else []
        for override in config.get("overrides", ()):
            said += [one["value"] for one in override["properties"] if one["id"] == "unit"]
        for unit in said:
            if unit not in _UNITS:
                yield f"{panel.get('title')!r} has the unit {unit!r}, which Grafana does not know"


def _no_targets(dashboard: Dashboard) -> Iterator[str]:
    for panel in _panels(dashboard):
        if panel["type"] != "text" and not panel.get("targets"):
            yield f"{panel.get('title')!r} asks nothing"


def _target_promql(dashboard: Dashboard) -> Iterator[str]:
    for title, expr in _promql(dashboard):
        for name in _METRIC.findall(expr):
            if name not in _NAMES:
                yield f"{title!r} asks for {name}, which no service has (schemas/metrics.py)"


def _rate_interval(dashboard: Dashboard) -> Iterator[str]:
    for title, target in _targets(dashboard):
        wanted = "$__range" if target.get("instant") else "$__rate_interval"
        for span in _RATE.findall(target.get("expr", "")):
            if span != wanted:
                yield f"{title!r} has a rate over {span}; it should be over {wanted}"


def _counter_agg(dashboard: Dashboard) -> Iterator[str]:
    for title, expr in _promql(dashboard):
        rated = sum(len(_METRIC.findall(found.group())) for found in _RATE.finditer(expr))
        counted = [name for name in _METRIC.findall(expr) if name in _COUNTERS]
        if counted and rated < len(counted):
            yield f"{title!r} shows the counter {counted[0]} itself; it needs rate or increase"


def _histogram(dashboard: Dashboard) -> Iterator[str]:
    for title, expr in _promql(dashboard):
        if "histogram_quantile" in expr and not re.search(r"sum by \([^)]*\ble\b", expr):
            yield f"{title!r} takes a quantile of buckets that are not summed by le"


def _legend(dashboard: Dashboard) -> Iterator[str]:
    for title, target in _targets(dashboard):
        if target.get("range") and not target.get("legendFormat"):
            yield f"{title!r} leaves it to Prometheus to name its curves"
    for panel in _panels(dashboard):
        if panel["type"] in {"timeseries", "barchart"} and not panel["options"].get("legend", {}).get("showLegend"):
            yield f"{panel.get('title')!r} does not say which curve is which"


def _uneditable(dashboard: Dashboard) -> Iterator[str]:
    if dashboard.get("editable") is not False:
        yield "it is made by Python, and what is edited in Grafana would be lost"


def _time_refresh(dashboard: Dashboard) -> Iterator[str]:
    for name, said, form in (
        ("refresh", dashboard.get("refresh", ""), _INTERVAL),
        ("time.from", dashboard["time"]["from"], _SPAN),
        ("time.to", dashboard["time"]["to"], _SPAN),
    ):
        if not form.fullmatch(said):
            yield f"{name} is {said!r}, which Grafana does not read"


def _target_sql(dashboard: Dashboard) -> Iterator[str]:
    for title, sql in _sql(dashboard):
        for name, said in re.findall(r"\$__(\w+)(?:\(([^()]*)\))?", sql):
            if name not in _MACROS | {given.removeprefix("__") for given in _GIVEN}:
                yield f"{title!r} uses $__{name}, which the ClickHouse plugin does not have"
            elif name.startswith("time") and not re.fullmatch(r"\w+", said):
                yield f"{title!r} gives $__{name} {said!r}; the plugin reads the name of a column for sure"


def _known_variables(dashboard: Dashboard) -> Iterator[str]:
    known = {one["name"] for one in _variables(dashboard)} | _GIVEN
    asked = [*_sql(dashboard), *_promql(dashboard)]
    for title, text in asked:
        for braced, bare in _VARIABLE.findall(text):
            name = braced or bare
            if name not in known and name.removeprefix("__") not in _MACROS:
                yield f"{title!r} uses ${name}, which nobody can choose here"


def _encoded(dashboard: Dashboard) -> Iterator[str]:
    several = {one["name"] for one in _variables(dashboard) if one.get("multi")}
    for title, sql in _sql(dashboard):
        # The plugin replaces what decides whether a condition stands before anything is filled in.
        for quote, whole, name, form in _FILLED.findall(_DECIDES.sub(")", sql)):
            if quote != "'" or form not in {"percentencode", "queryparam"}:
                yield f"{title!r} fills in {whole} as it is, and a name may hold anything; ask by choices.py"
            elif form == "percentencode" and name in several:
                yield f"{title!r} fills in {whole}, of which there may be several; ask by choices.py"
    for title, expr in _promql(dashboard):
        for quote, whole, _, form in _FILLED.findall(expr):
            if quote != "`" or form != "regex":
                yield f"{title!r} fills in {whole} as it is, and a name may hold anything; write `${{name:regex}}`"


def _leads_on(dashboard: Dashboard) -> Iterator[str]:
    for panel in _panels(dashboard):
        if panel["type"] not in {"table", "geomap"}:
            continue
        names = {name for target in panel["targets"] for name in re.findall(r'AS "(\w+)"', target.get("rawSql", ""))}
        for change in panel.get("transformations", ()):
            names |= set(change["options"].get("renameByName", {}).values())
        links = {
            override["matcher"]["options"]: one["value"][0]["url"]
            for override in panel["fieldConfig"]["overrides"]
            for one in override["properties"]
            if one["id"] == "links"
        }
        for name, uid in _LED.items():
            if name in names and not links.get(name, "").startswith(f"/d/{uid}?"):
                yield f"{panel.get('title')!r} has a column {name} that does not lead to {uid} (links.py)"


def _leads_back(dashboard: Dashboard) -> Iterator[str]:
    ways = [one for one in dashboard.get("links", ()) if one["type"] == "dashboards" and TAG in one["tags"]]
    if TAG not in dashboard.get("tags", ()) or not ways:
        yield f"nobody comes here and goes on from here by the tag {TAG}"
    elif not all(one["includeVars"] and one["keepTime"] for one in ways):
        yield "who goes on from here loses what was chosen"


def _says_nothing(dashboard: Dashboard) -> Iterator[str]:
    for panel in _panels(dashboard):
        if panel["type"] != "text" and not panel["fieldConfig"]["defaults"].get("noValue", "").strip():
            yield f"{panel.get('title')!r} does not say in words that there is nothing to show"


def _properties(panel: Panel, wanted: str) -> Iterator[tuple[str, Any]]:
    for override in panel.get("fieldConfig", {}).get("overrides", ()):
        for one in override["properties"]:
            if one["id"] == wanted:
                yield override["matcher"]["options"], one["value"]


def _empty_cells(dashboard: Dashboard) -> Iterator[str]:
    for panel in _panels(dashboard):
        told = {name for name, _ in _properties(panel, "noValue")}
        if panel["type"] in {"table", "bargauge"} and _EVERY not in told:
            yield f"{panel.get('title')!r} says in every empty cell that the whole panel has nothing to show"
        if panel["type"] == "stat":
            for target in panel["targets"]:
                for name in shown_columns(target.get("rawSql", ""))[1:]:
                    if name not in told:
                        yield f"{panel.get('title')!r} says of {name} that there is nothing where it alone is missing"


def _words_stay(dashboard: Dashboard) -> Iterator[str]:
    for panel in _panels(dashboard):
        if panel["type"] == "table" and ("string", "string") not in _properties(panel, "unit"):
            yield f"{panel.get('title')!r} tells words that look like a number (0042) as one"


def _no_instants(dashboard: Dashboard) -> Iterator[str]:
    for panel in _panels(dashboard):
        asks_metrics = any("expr" in target for target in panel.get("targets", ()))
        if panel["type"] == "stat" and asks_metrics and panel["options"]["reduceOptions"]["fields"]:
            yield f"{panel.get('title')!r} has a tile for the instant of each answer beside its figures"


def _colourless(dashboard: Dashboard) -> Iterator[str]:
    for panel in _panels(dashboard):
        steps = dict(_properties(panel, "thresholds"))
        for name, cell in _properties(panel, "custom.cellOptions"):
            if cell["type"] == "color-background" and steps[name]["steps"][0]["color"] != "transparent":
                yield f"{panel.get('title')!r} colours {name} where it is empty; begin with transparent"


def _stable(dashboard: Dashboard) -> Iterator[str]:
    if not re.fullmatch(r"sqm-[a-z-]{3,30}", dashboard.get("uid") or ""):
        yield f"the uid {dashboard.get('uid')!r} should be sqm- and a word"
    for ident, times in Counter(panel["id"] for panel in dashboard["panels"]).items():
        if times > 1:
            yield f"{times} panels have the id {ident}"


def _apart(dashboard: Dashboard) -> Iterator[str]:
    taken: dict[tuple[int, int], str] = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                if x >= 24 or (x, y) in taken:  # noqa: PLR2004  (columns of Grafana's grid)
                    yield f"{panel.get('title')!r} lies over {taken.get((x, y), 'the edge')!r}"
                    return
                taken[x, y] = panel.get("title", "")


RULES: Final[Mapping[str, Callable[[Dashboard], Iterator[str]]]] = {
    "template-datasource-rule": _template_datasource,
    "template-on-time-change-reload-rule": _template_reload,
    "panel-datasource-rule": _panel_datasource,
    "panel-title-description-rule": _title_description,
    "panel-units-rule": _panel_units,
    "panel-no-targets-rule": _no_targets,
    "target-promql-rule": _target_promql,
    "target-rate-interval-rule": _rate_interval,
    "target-counter-agg-rule": _counter_agg,
    "target-histogram-rule": _histogram,
    "legend-rule": _legend,
    "uneditable-dashboard-rule": _uneditable,
    "dashboard-time-refresh-rule": _time_refresh,
    "target-sql": _target_sql,
    "known-variables": _known_variables,
    "encoded-choices": _encoded,
    "columns-lead-on": _leads_on,
    "leads-to-others": _leads_back,
    "words-for-nothing": _says_nothing,
    "words-for-empty-cells": _empty_cells,
    "words-stay-words": _words_stay,
    "tiles-without-instants": _no_instants,
    "no-colour-for-empty": _colourless,
    "stable-ids": _stable,
    "panels-apart": _apart,
}
"""Each rule by its name: yields what breaks it."""
