"""
A Grafana that asks: variables filled in and macros expanded as the ClickHouse plugin documents, then the real engine.

Variables are replaced by Grafana's front end (`$name`, `${name}`, `${name:format}`), `$__conditionalAll` by the
plugin's front end before that, all other macros by its back end after it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from services.runtime.clickhouse import Database
from tests.fakes.prometheus_past import Past

__all__ = ["ALL", "Grafana", "Span", "expanded"]

ALL = "$__all"
_CONDITIONAL = "$__conditionalAll("
_VARIABLE = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\$(\w+)")
_MACRO = re.compile(r"\$__(\w+)(?:\(([^()]*)\))?")


class Span(NamedTuple):
    """
    What is shown, in milliseconds, and how much time a point of a curve is of.
    """

    from_ms: int
    to_ms: int
    interval_s: int = 3_600


Row = dict[str, Any]
Choice = Sequence[str]
"""The values of a variable that are chosen; `$__all` alone is all of them."""


def expanded(sql: str, span: Span, chosen: Mapping[str, Choice], options: Mapping[str, Choice]) -> str:
    """
    The SQL that reaches ClickHouse. Raises KeyError for a variable that the dashboard does not have, and ValueError
    for a macro that the plugin does not document.
    """
    sql = _without_all(sql, chosen)
    sql = _VARIABLE.sub(lambda found: _filled(found, chosen, options), sql)
    return _MACRO.sub(lambda found: _macro(found, span), sql)


def _without_all(sql: str, chosen: Mapping[str, Choice]) -> str:
    # The last one first, as the plugin does, so that one inside another is expanded before it.
    while (at := sql.rfind(_CONDITIONAL)) >= 0:
        begin = at + len(_CONDITIONAL)
        condition, variable, end = _arguments(sql, begin)
        name = variable.strip().strip("${}")
        sql = sql[:at] + ("1=1" if list(chosen[name]) == [ALL] else condition) + sql[end + 1 :]
    return sql


def _arguments(sql: str, begin: int) -> tuple[str, str, int]:
    depth, commas = 1, []
    for place in range(begin, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[place], 0)
        if sql[place] == "," and depth == 1:
            commas.append(place)
        if depth == 0:
            if len(commas) != 1:
                raise ValueError(f"$__conditionalAll takes two arguments: {sql[begin:place]}")
            return sql[begin : commas[0]], sql[commas[0] + 1 : place], place
    raise ValueError(f"$__conditionalAll is not closed: {sql[begin:]}")


def _filled(
    found: re.Match[str],
    chosen: Mapping[str, Choice],
    options: Mapping[str, Choice],
    bare: Callable[[list[str]], str] = ",".join,
) -> str:
    name, form = found[1] or found[3], found[2]
    if name.startswith("__"):
        return found[0]
    values = list(options[name]) if list(chosen[name]) == [ALL] else list(chosen[name])
    return _FORMATS[form](values) if form else bare(values)


def _matched(values: list[str]) -> str:
    """
    Values within a regular expression within a string of PromQL, as Grafana's data source of Prometheus writes them.
    """
    escaped = [re.sub(r"[$^*{}\[\]'+?.()|]", lambda found: rf"\\{found[0]}", one) for one in values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


_FORMATS: Mapping[str, Callable[[list[str]], str]] = {
    "csv": ",".join,
    "raw": ",".join,
    "singlequote": lambda values: ",".join("'{}'".format(one.replace("'", "\\'")) for one in values),
}


def _macro(found: re.Match[str], span: Span) -> str:
    name = found[1]
    arguments = [one.strip() for one in found[2].split(",")] if found[2] else []
    if name not in _MACROS:
        raise ValueError(f"the ClickHouse plugin has no macro {found[0]}")
    return _MACROS[name](span, arguments)


def _seconds(at_ms: int) -> str:
    return f"toDateTime({at_ms // 1_000})"


def _milliseconds(at_ms: int) -> str:
    return f"fromUnixTimestamp64Milli({at_ms})"


def _date(at_ms: int) -> str:
    return f"toDate('{datetime.fromtimestamp(at_ms / 1_000, UTC):%Y-%m-%d}')"


def _between(column: str, span: Span, write: Callable[[int], str]) -> str:
    return f"{column} >= {write(span.from_ms)} AND {column} <= {write(span.to_ms)}"


_MACROS: Mapping[str, Callable[[Span, list[str]], str]] = {
    "timeFilter": lambda span, said: _between(said[0], span, _seconds),
    "timeFilter_ms": lambda span, said: _between(said[0], span, _milliseconds),
    "dateFilter": lambda span, said: _between(said[0], span, _date),
    "dateTimeFilter": lambda span, said: (
        f"({_between(said[0], span, _date)}) AND ({_between(said[1], span, _seconds)})"
    ),
    "fromTime": lambda span, _: _seconds(span.from_ms),
    "toTime": lambda span, _: _seconds(span.to_ms),
    "fromTime_ms": lambda span, _: _milliseconds(span.from_ms),
    "toTime_ms": lambda span, _: _milliseconds(span.to_ms),
    "interval_s": lambda span, _: str(span.interval_s),
    "timeInterval": lambda span, said: f"toStartOfInterval(toDateTime({said[0]}), INTERVAL {span.interval_s} second)",
}


class Grafana:
    """
    One dashboard, as JSON, shown to a reader who has chosen nothing yet: every variable has its default.
    """

    def __init__(self, dashboard: Mapping[str, Any], history: Database, past: Past, span: Span) -> None:
        self._history = history
        self._past = past
        self._span = span
        self.options: dict[str, list[str]] = {}
        self.chosen: dict[str, list[str]] = {}
        for variable in dashboard["templating"]["list"]:
            self._offer(variable)

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
                tiles |= self._tiles(target)
        found = [tiles, *found] if tiles else found
        for change in panel.get("transformations") or ():
            found = _CHANGES[change["id"]](found, change["options"])
        return found

    def _tiles(self, target: Mapping[str, Any]) -> Row:
        return {_named(target, row): row["Value"] for row in self._instant(target)}

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
        return _VARIABLE.sub(lambda found: _filled(found, self.chosen, self.options, _matched), expr)

    def _offer(self, variable: Mapping[str, Any]) -> None:
        name, current = variable["name"], (variable.get("current") or {}).get("value")
        match variable["type"]:
            case "query":
                found = self.rows(variable["query"])
                self.options[name] = [str(next(iter(row.values()))) for row in found]
            case "datasource" | "textbox" | "constant":
                self.options[name] = [current or variable.get("query", "")]
            case "custom":
                self.options[name] = [one.split(" : ")[-1].strip() for one in variable["query"].split(",")]
            case kind:
                raise ValueError(f"variable {name}: of the kind {kind}, which is not known here")
        self.chosen[name] = [current] if current else self.options[name][:1]


def _named(target: Mapping[str, Any], labels: Mapping[str, Any]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: str(labels.get(found[1], "")), target["legendFormat"])


def _merged(rows: list[Row], _: Mapping[str, Any]) -> list[Row]:
    merged: dict[tuple[tuple[str, Any], ...], Row] = {}
    for row in rows:
        shared = tuple(sorted((name, value) for name, value in row.items() if not name.startswith("Value")))
        merged.setdefault(shared, {}).update(row)
    return list(merged.values())


def _organized(rows: list[Row], options: Mapping[str, Any]) -> list[Row]:
    names = options["renameByName"]
    return [
        {names.get(name, name): value for name, value in row.items() if not options["excludeByName"].get(name)}
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
