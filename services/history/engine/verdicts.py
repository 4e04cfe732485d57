"""
Finds verdicts in history by id and gives them back in the form of the messages that they came as.

What was retracted or withdrawn is found too: somebody may have seen it before, and asks why it is gone.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from schemas.tables import MEASUREMENTS_TABLE, VIOLATIONS_TABLE, Column, Table

__all__ = ["PUBLICATIONS_SQL", "VERDICT_TABLES", "asked_columns", "message_of", "revisions_sql", "verdicts_sql"]

VERDICT_TABLES: Final = (MEASUREMENTS_TABLE, VIOLATIONS_TABLE)

PUBLICATIONS_SQL: Final = (
    "SELECT raw FROM standards FINAL WHERE kind = 'Standard' AND id = {id:String} ORDER BY topic_offset"
)
"""Every publication of the standard `id`, the first one first."""


def verdicts_sql(table: Table) -> str:
    """
    Return the SQL for at most `most` verdicts whose id contains `name`, the one that is `name` itself first.
    """
    return (
        f"SELECT {asked_columns(table)} FROM {table.name} AS t FINAL WHERE position(t.id, {{name:String}}) > 0 "  # noqa: S608  (of constants; values are parameters)
        "ORDER BY t.id = {name:String} DESC, t.id LIMIT {most:UInt32}"
    )


def revisions_sql(table: Table) -> str:
    """
    Return the SQL for at most `most` revisions of the verdict `name`, the latest first.

    A table keeps an earlier revision only until ClickHouse merges it away, some time later, so these are those that it
    still has.
    """
    return (
        f"SELECT {asked_columns(table)} FROM {table.name} AS t WHERE t.id = {{name:String}} "  # noqa: S608  (of constants; values are parameters)
        "ORDER BY t.revision DESC LIMIT 1 BY t.revision LIMIT {most:UInt32}"
    )


def message_of(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a row that `verdicts_sql` gave as the message that it was made of; what was absent there is None.
    """
    message: dict[str, Any] = {}
    for column in table.columns:
        value = row[f"{column.name}_"]
        if value is not None and column.name in {"trail", "segments", "faults"}:
            value = json.loads(value)
        elif value is not None and ("Int" in column.type or _is_instant(column)):
            value = int(value)
        message[column.name] = value
    return message


def asked_columns(table: Table) -> str:
    """
    Return the columns of a table, called `t`, as `message_of` reads them.
    """
    return ", ".join(_asked(column) for column in table.columns)


def _asked(column: Column) -> str:
    # Under another name, for ClickHouse would take a column's own name in a condition for the value made of it.
    told = f"toUnixTimestamp64Milli(t.{column.name})" if _is_instant(column) else f"t.{column.name}"
    return f"{told} AS {column.name}_"


def _is_instant(column: Column) -> bool:
    return "DateTime64" in column.type
