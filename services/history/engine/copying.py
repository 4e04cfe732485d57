"""
Plans how each topic becomes rows: which table, which columns, and what a record must have to fit.

ClickHouse takes the JSON apart itself, once a record; a record that does not fit makes the whole insert fail, so that
nothing is stored half, and ClickHouse is then asked which ones they are.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from schemas import tables
from schemas.tables import INSTANT, PLACED, Column, Table

__all__ = ["COPIES", "Copy", "Misfit", "copy_of"]


class Misfit(StrEnum):
    """
    Why history cannot store a record; the dead letter and the metric carry the same word.
    """

    NOT_JSON = "not_json"
    FIELD_MISSING = "field_missing"
    NOT_STORABLE = "not_storable"


class Copy(NamedTuple):
    """
    One topic's way into its table.

    `parsed` is the expression that takes the JSON apart, named `j`; `fits` says whether a record may be stored, and
    `why_not` names the `Misfit` of one that may not. Where anything fits, all three are empty.
    """

    table: Table
    columns: tuple[str, ...]
    expressions: tuple[str, ...]
    parsed: str = ""
    fits: str = ""
    why_not: str = ""


_TEXT: Final = "ifNull(arriving_value, '')"
_PLACES: Final = {
    "topic_partition": "arriving_partition",
    "topic_offset": "arriving_offset",
    "recorded_at": "fromUnixTimestamp64Milli(arriving_timestamp, 'UTC')",
}
_BYTES: Final = {"key": "arriving_key", "value": "arriving_value", "headers": "arriving_headers"}

# Instants of events are RFC 3339 text; those of outcomes are milliseconds.
_IN_DATA: Final = frozenset({
    "site", "queue", "channel", "service", "segment", "priority", "team", "employee", "customer", "actor", "outcome",
    "milestone", "reason",
})  # fmt: skip
_EVENT_TIMES: Final = {"occurred_at": "time", "received_at": "receivedat"}


def _bare(column: Column) -> str:
    """
    The type inside Nullable and LowCardinality.
    """
    kind = column.type
    for wrapper in ("LowCardinality(", "Nullable("):
        if kind.startswith(wrapper):
            kind = kind[len(wrapper) : -1]
    return kind


def _finish(column: Column, extracted: str) -> str:
    """
    Turn something extracted, which is NULL where it was absent, into the column's value.
    """
    if column.default is not None:
        return f"ifNull({extracted}, {column.default})"
    return extracted if column.may_be_absent else f"assumeNotNull({extracted})"


def _json_type(column: Column) -> str:
    return "Nullable(Int64)" if _bare(column) == INSTANT else f"Nullable({_bare(column)})"


def _instant(extracted: str) -> str:
    return f"fromUnixTimestamp64Milli({extracted}, 'UTC')"


def _plan(table: Table, fields: dict[str, str], expressions: dict[str, str], parsed: str) -> Copy:
    """
    Assemble: `fields` is each JSON column as extracted, `expressions` each column's final value.
    """
    required = [
        f"{fields[column.name]} IS NOT NULL"
        for column in table.columns
        if column.name in fields and not column.may_be_absent
    ]
    fits = " AND ".join(required)
    placed = dict(_PLACES)
    # In the select and not in a WHERE, so that ClickHouse takes the JSON apart once for both.
    placed["topic_offset"] += f" + throwIf(NOT ({fits}), 'a record does not fit')"
    columns = [column.name for column in (*table.columns, *PLACED)]
    return Copy(
        table,
        tuple(columns),
        tuple(expressions[name] if name in expressions else placed[name] for name in columns),
        f"{parsed} AS j",
        fits,
        f"if(isValidJSON({_TEXT}), '{Misfit.FIELD_MISSING}', '{Misfit.NOT_JSON}')",
    )


def _parse(structure: str) -> str:
    return f"JSONExtract({_TEXT}, '{structure}')"


def _outcome(table: Table) -> Copy:
    """
    Outcomes: every column is the JSON field of the same name.
    """
    structure = ", ".join(f"{column.name} {_json_type(column)}" for column in table.columns)
    fields = {column.name: f"j.{column.name}" for column in table.columns}
    return _plan(
        table,
        fields,
        {
            column.name: _finish(
                column, _instant(fields[column.name]) if _bare(column) == INSTANT else fields[column.name]
            )
            for column in table.columns
        },
        _parse(f"Tuple({structure})"),
    )


def _event(table: Table) -> Copy:
    """
    Events: CloudEvents attributes outside, the facts in `data`, and the whole text kept beside them.
    """
    outer: list[str] = []
    inner: list[str] = []
    fields: dict[str, str] = {}
    expressions: dict[str, str] = {}
    for column in table.columns:
        if column.name == "raw":
            expressions["raw"] = _TEXT
            continue
        if column.name in _IN_DATA:
            inner.append(f"{column.name} Nullable(String)")
            fields[column.name] = f"j.data.{column.name}"
        elif column.name in _EVENT_TIMES:
            outer.append(f"{_EVENT_TIMES[column.name]} Nullable(String)")
            text = f"ifNull(j.{_EVENT_TIMES[column.name]}, '')"
            fields[column.name] = f"parseDateTime64BestEffortOrNull({text}, 3, 'UTC')"
        else:
            outer.append(f"{column.name} {_json_type(column)}")
            fields[column.name] = f"j.{column.name}"
        expressions[column.name] = _finish(column, fields[column.name])
    structure = f"Tuple({', '.join(outer)}, data Tuple({', '.join(inner)}))"
    return _plan(table, fields, expressions, _parse(structure))


def _publication(table: Table) -> Copy:
    """
    Publications: the document's own id and version inside `document.metadata`.
    """
    inside = "j.document.metadata."
    fields = {
        "kind": "j.document.kind",
        "id": f"{inside}id",
        "version": f"{inside}version",
        "published_at": "j.published_at",
        "published_by": "j.published_by",
    }
    by_name = {column.name: column for column in table.columns}
    expressions = {name: _finish(by_name[name], field) for name, field in fields.items()}
    expressions["published_at"] = _finish(by_name["published_at"], _instant(fields["published_at"]))
    expressions |= {"key": "ifNull(arriving_key, '')", "raw": _TEXT}
    structure = (
        "Tuple(published_at Nullable(Int64), published_by Nullable(String), document Tuple("
        "kind Nullable(String), metadata Tuple(id Nullable(String), version Nullable(UInt32))))"
    )
    return _plan(table, fields, expressions, _parse(structure))


def _as_it_came(table: Table) -> Copy:
    sources = {**_BYTES, **_PLACES}
    columns = tuple(column.name for column in (*table.columns, *PLACED))
    return Copy(table, columns, tuple(sources[name] for name in columns))


COPIES: Final[tuple[Copy, ...]] = (
    _event(tables.EVENTS_TABLE),
    _as_it_came(tables.DEAD_LETTERS_TABLE),
    _publication(tables.STANDARDS_TABLE),
    _outcome(tables.MEASUREMENTS_TABLE),
    _outcome(tables.VIOLATIONS_TABLE),
    _outcome(tables.ATTAINMENT_TABLE),
    _outcome(tables.ALERTS_TABLE),
    _outcome(tables.ALERT_COMMANDS_TABLE),
    _outcome(tables.NOTIFICATIONS_TABLE),
    _outcome(tables.DELIVERIES_TABLE),
)
"""The way of every topic."""


def copy_of(topic: str) -> Copy:
    """
    Return the way of one topic, by its logical name.
    """
    return next(copy for copy in COPIES if copy.table.topic == topic)
