"""
A Grafana that asks the real engines what dashboards ask.
"""

import re
from collections.abc import Callable, Mapping
from copy import copy
from datetime import UTC, datetime
from typing import Any, Self

from dashboards.asking import Span, expanded, matched, offered
from services.runtime.clickhouse import Database
from tests.fakes.prometheus_past import Past

__all__ = ["Grafana"]

Row = dict[str, Any]


class Grafana:
    """
    One dashboard, as JSON, shown to a reader who has chosen nothing yet: every variable has its default.
    """

    def __init__(self, dashboard: Mapping[str, Any], history: Database, past: Past, span: Span) -> None:
        self.dashboard = dashboard
        self._history = history
        self._past = past
        self._span = span
        self.options: dict[str, list[str]] = {}
        self.chosen: dict[str, list[str]] = {}
        self.every = {
            one["name"]: one["allValue"] for one in dashboard["templating"]["list"] if one.get("allValue") is not None
        }
        for variable in dashboard["templating"]["list"]:
            name = variable["name"]
            self.options[name], self.chosen[name] = offered(variable, self.rows)

    def choosing(self, **values: str) -> Self:
        """
        The same, shown to a reader who has chosen one value of each of some variables.
        """
        other = copy(self)
        other.chosen = self.chosen | {name: [value] for name, value in values.items()}
        return other

    def rows(self, sql: str) -> list[Row]:
        """
        Ask history what a panel asks.
        """
        # Instants as instants: the plugin's driver takes them in binary, where no zone stands in the way.
        asked = expanded(sql, self._span, self.chosen, self.options)
        return self._history.rows(f"{asked}\nSETTINGS date_time_output_format = 'iso'")

    def panel(self, panel: Mapping[str, Any]) -> list[Row]:
        """
        All that a panel shows: rows of history as they come; figures about metrics as one row, or as a row for each
        set of labels; curves about metrics as a row for each instant and series.
        """
        found: list[Row] = []
        tiles: Row = {}
        for target in panel.get("targets", ()):
            if "rawSql" in target:
                found += self.rows(target["rawSql"])
            elif target.get("range"):
                found += self._curves(target)
            elif target.get("format") == "table":
                found += self._labelled(target, several=len(panel["targets"]) > 1)
            else:
                tiles |= self._tiles(target, every_field=bool(panel["options"]["reduceOptions"]["fields"]))
        found = [tiles, *found] if tiles else found
        for change in panel.get("transformations") or ():
            found = _CHANGES[change["id"]](found, change["options"])
        return found

    def _tiles(self, target: Mapping[str, Any], *, every_field: bool) -> Row:
        found: Row = {_named(target, row): row["Value"] for row in self._instant(target)}
        return found | {"Time": self._span.to_ms} if found and every_field else found

    def _labelled(self, target: Mapping[str, Any], *, several: bool) -> list[Row]:
        value = f"Value #{target['refId']}" if several else "Value"
        return [
            {"Time": self._span.to_ms}
            | {name: text for name, text in row.items() if name != "Value"}
            | {value: row["Value"]}
            for row in self._instant(target)
        ]

    def _instant(self, target: Mapping[str, Any]) -> list[Row]:
        return self._past.at(self._promql(target["expr"]), self._span.to_ms // 1_000)

    def _curves(self, target: Mapping[str, Any]) -> list[Row]:
        step = self._span.interval_s
        found = self._past.between(
            self._promql(target["expr"]), self._span.from_ms // 1_000, self._span.to_ms // 1_000, step
        )
        return [
            {"time": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}", "series": _named(target, labels),
             "value": None if text == "NaN" else float(text)}
            for labels, values in found
            for at, text in values
        ]  # fmt: skip

    def _promql(self, expr: str) -> str:
        expr = expr.replace("$__rate_interval", f"{max(self._span.interval_s, 60)}s")
        expr = expr.replace("$__range", f"{(self._span.to_ms - self._span.from_ms) // 1_000}s")
        return matched(expr, self.chosen, self.options, self.every)


def _named(target: Mapping[str, Any], labels: Mapping[str, Any]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: str(labels.get(found[1], "")), target["legendFormat"])


def _merged(rows: list[Row], _: Mapping[str, Any]) -> list[Row]:
    merged: dict[tuple[tuple[str, Any], ...], Row] = {}
    for row in rows:
        shared = tuple(sorted((name, value) for name, value in row.items() if not name.startswith("Value")))
        merged.setdefault(shared, {}).update(row)
    return list(merged.values())


def _organized(rows: list[Row], options: Mapping[str, Any]) -> list[Row]:
    names, places = options["renameByName"], options["indexByName"]
    return [
        {
            names.get(name, name): row[name]
            for name in sorted(row, key=lambda one: places.get(one, -1))
            if not options["excludeByName"].get(name)
        }
        for row in rows
    ]


def _sorted(rows: list[Row], options: Mapping[str, Any]) -> list[Row]:
    (by,) = options["sort"]
    return sorted(rows, key=lambda row: row.get(by["field"], 0.0), reverse=by["desc"])


_CHANGES: Mapping[str, Callable[[list[Row], Mapping[str, Any]], list[Row]]] = {
    "merge": _merged,
    "organize": _organized,
    "sortBy": _sorted,
}
"""Grafana's transformations that our panels use, by their ids."""
