"""
What a reader's Grafana sends: variables filled in and macros expanded as the ClickHouse plugin documents.

Variables are replaced by Grafana's front end (`$name`, `${name}`, `${name:format}`), `$__conditionalAll` by the
plugin's front end before that, all other macros by its back end after it. For those who ask what dashboards ask, but
have no Grafana: tests and benchmarks.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from urllib.parse import quote

__all__ = ["ALL", "Choice", "Span", "expanded", "matched", "offered"]

ALL: Final = "$__all"
_CONDITIONAL: Final = "$__conditionalAll("
_VARIABLE: Final = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\$(\w+)")
_MACRO: Final = re.compile(r"\$__(\w+)(?:\(([^()]*)\))?")


class Span(NamedTuple):
    """
    What is shown, in milliseconds, and how much time a point of a curve is of.
    """

    from_ms: int
    to_ms: int
    interval_s: int = 3_600


Choice = Sequence[str]
"""The values of a variable that are chosen; `$__all` alone is all of them."""


def expanded(sql: str, span: Span, chosen: Mapping[str, Choice], options: Mapping[str, Choice]) -> str:
    """
    The SQL that reaches ClickHouse. Raises KeyError for a variable that the dashboard does not have or a format that
    ours do not use, and ValueError for a macro that the plugin does not document.
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
        sql = sql[:at] + ("1=1" if list(chosen[name]) in ([ALL], [""]) else condition) + sql[end + 1 :]
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
    every: Mapping[str, str] | None = None,
) -> str:
    name, form = found[1] or found[3], found[2]
    if name.startswith("__"):
        return found[0]
    all_of_them = list(chosen[name]) == [ALL]
    if all_of_them and every and name in every:
        return every[name]
    if form == "queryparam":
        return "&".join(f"var-{name}={quote(one, safe='@:$,;')}" for one in chosen[name])
    return _FORMATS[form](list(options[name] if all_of_them else chosen[name]))


def _alternatives(values: list[str]) -> str:
    escaped = [re.sub(r"[\\^$*+?.()|\[\]{}/]", r"\\\g<0>", one) for one in values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


_FORMATS: Mapping[str | None, Callable[[list[str]], str]] = {
    "percentencode": lambda values: quote(values[0] if len(values) == 1 else f"{{{','.join(values)}}}", safe=""),
    "regex": _alternatives,
}
"""Grafana's formats that our dashboards use, beside `queryparam`."""


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


def matched(expr: str, chosen: Mapping[str, Choice], options: Mapping[str, Choice], every: Mapping[str, str]) -> str:
    """
    PromQL with its variables filled in; `every` are what stands for `All` of variables that say it themselves.
    """
    return _VARIABLE.sub(lambda found: _filled(found, chosen, options, every), expr)


def offered(
    variable: Mapping[str, Any], ask: Callable[[str], Sequence[Mapping[str, Any]]]
) -> tuple[list[str], list[str]]:
    """
    The values that a variable of a dashboard offers, and those that are chosen before the reader chooses; `ask` answers
    its question. Raises ValueError for a kind of variable that our dashboards do not have.
    """
    name, current = variable["name"], (variable.get("current") or {}).get("value")
    match variable["type"]:
        case "query":
            options = [str(next(iter(row.values()))) for row in ask(variable["query"])]
        case "datasource" | "textbox" | "constant":
            options = [current or variable.get("query", "")]
        case "custom":
            options = [one.split(" : ")[-1].strip() for one in variable["query"].split(",")]
        case kind:
            raise ValueError(f"variable {name}: of the kind {kind}, which is not known here")
    return options, [current] if current else options[:1]
