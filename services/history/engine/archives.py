"""
Decides how history is written to files and taken back: what belongs in them, where a table is cut into parts that fit
in memory, and whether files fit the database that is to take them.

Parts are cut along the sorting key, so that ClickHouse finds each without looking through the whole table. What is
copied replaces itself by its key when it is taken back, however often.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from schemas.base import Contract, Millis
from schemas.derived_tables import DERIVED
from schemas.tables import PLACED, TABLES, Column
from services.history.engine.spans import Parameters, within

__all__ = [
    "ARCHIVED",
    "Archived",
    "Manifest",
    "NotTaken",
    "Part",
    "Piece",
    "cuts_sql",
    "parts_of",
    "why_file_not_taken",
    "why_not_taken",
]

Key = tuple[str, ...]
_TIMES: Final = {
    "events": "occurred_at", "dead_letters": "recorded_at", "standards": "published_at",
    "measurements": "arrived_at", "violations": "arrived_at", "attainment": "minute", "alerts": "at",
    "alert_commands": "at", "notifications": "at", "deliveries": "at", "measurement_revisions": "arrived_at",
    "violation_revisions": "opened_at", "event_revisions": "recorded_at",
}  # fmt: skip
"""By which instant a row belongs to a period."""


_WIDE: Final = {"UInt128": "FixedString(16)", "UInt256": "FixedString(32)"}
_EXPORT_AGAIN: Final = "so nothing was taken: export again, or mend the program that made the file"


class Archived(NamedTuple):
    """
    A table that is written to files: its columns but those that ClickHouse works out by itself, its sorting key, and
    the instant by which a row belongs to a period.
    """

    name: str
    columns: tuple[Column, ...]
    key: Key
    time: str

    @property
    def described(self) -> tuple[str, ...]:
        """
        The columns, each as `name type`.
        """
        return tuple(f"{column.name} {column.type}" for column in self.columns)


ARCHIVED: Final = {
    one.name: one
    for one in (
        *(Archived(table.name, (*table.columns, *PLACED), table.key, _TIMES[table.name]) for table in TABLES),
        # What was said before a correction cannot be made again from what stands.
        *(
            Archived(table.name, table.columns, table.key, _TIMES[table.name])
            for table in DERIVED
            if table.name in _TIMES
        ),
    )
}
"""By their names."""


class Part(NamedTuple):
    """
    One stretch of a table along its key: SQL for its rows and for how many there are, and the parameters of both.
    """

    rows_sql: str
    count_sql: str
    parameters: Parameters


class Piece(Contract):
    """
    One file: the table whose rows it holds, how many, and how to tell that it is whole.
    """

    file: Annotated[str, Field(pattern=r"^[a-z_]+\.[0-9]{5}\.parquet$")]
    """Name of the file."""
    table: str
    """The table."""
    rows: Annotated[int, Field(ge=0)]
    """How many rows it holds."""
    bytes: Annotated[int, Field(ge=0)]
    """How long it is."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Its checksum."""


class Manifest(Contract):
    """
    What an archive of history holds.
    """

    kind: Literal["sqm-history"]
    """What this is."""
    made_at: Millis
    """When it was finished."""
    product: str
    """The version that made it."""
    schema_edition: Annotated[int, Field(ge=1)]
    """The number of the last migration that its tables had."""
    from_ms: Millis | None
    """Begin of the period; null: open."""
    until_ms: Millis | None
    """Its end, which is not part of it; null: open."""
    tables: dict[str, tuple[str, ...]]
    """The columns of each table, each as `name type`."""
    pieces: tuple[Piece, ...]
    """Its files."""


class NotTaken(StrEnum):
    """
    Why an archive is not taken into a database.
    """

    NEWER_EDITION = "newer_edition"
    UNKNOWN_TABLE = "unknown_table"
    OTHER_COLUMNS = "other_columns"
    FILE_NOT_LISTED = "file_not_listed"
    FILE_COLUMNS = "file_columns"


def why_not_taken(manifest: Manifest, edition: int) -> tuple[NotTaken, str] | None:
    """
    Judge an archive before a row of it is taken, by the last migration of the database; None: it fits. The text says
    what to do.

    Columns that were added since the archive was made are filled with what stands for absence.
    """
    if manifest.schema_edition > edition:
        return NotTaken.NEWER_EDITION, (
            f"it was made by version {manifest.product} with tables of edition {manifest.schema_edition}, and the "
            f"database has {edition}: run `sqm history migrate` of that version or a later one first"
        )
    for name, columns in manifest.tables.items():
        if name not in ARCHIVED:
            return NotTaken.UNKNOWN_TABLE, f"it has a table {name}, which this version does not: name others by --table"
        unknown = [column for column in columns if column not in ARCHIVED[name].described]
        if unknown:
            return NotTaken.OTHER_COLUMNS, (
                f"its table {name} has a column {unknown[0]!r}, which that of this version has not: take it with the "
                f"version that made it ({manifest.product}), then migrate"
            )
    return None


def why_file_not_taken(file: str, columns: Sequence[str], found: Mapping[str, str]) -> tuple[NotTaken, str] | None:
    """
    Judge one file by the columns that its manifest says it has, each as `name type`, and the ClickHouse types of those
    that it has; None: they are the same.
    """
    listed = dict(column.split(" ", 1) for column in columns)
    missing = [name for name in listed if name not in found]
    if missing:
        return NotTaken.FILE_COLUMNS, f"{file}: has no column {missing[0]!r}, {_EXPORT_AGAIN}"
    more = [name for name in found if name not in listed]
    if more:
        return (
            NotTaken.FILE_COLUMNS,
            f"{file}: has a column {more[0]!r} that the manifest does not list, {_EXPORT_AGAIN}",
        )
    for name, kind in listed.items():
        if _in_file(found[name]) != _in_file(kind):
            return NotTaken.FILE_COLUMNS, (
                f"{file}: column {name!r} is {' '.join(found[name].split())} and should be {kind}, {_EXPORT_AGAIN}"
            )
    return None


def _in_file(kind: str) -> str:
    """
    A type as Parquet has it: it knows no dictionaries and no wider whole numbers, and every column may be absent there.
    """
    bare = kind
    for wrapper in ("LowCardinality(", "Nullable("):
        if bare.startswith(wrapper):
            bare = bare[len(wrapper) : -1]
    return _WIDE.get(bare, bare).replace("\n", "").replace(" ", "")


def cuts_sql(table: Archived, from_ms: int | None, until_ms: int | None, rows: int) -> tuple[str, Parameters]:
    """
    Return the SQL for the keys at which a table is cut so that no part has more than so many rows, and its parameters.
    """
    key = ", ".join(table.key)
    where, parameters = _period(table, from_ms, until_ms)
    sql = (
        f"SELECT {key} FROM (SELECT {key}, rowNumberInAllBlocks() AS nth FROM "  # noqa: S608  (of constants; values are parameters)
        f"(SELECT {key} FROM {table.name} WHERE {where} ORDER BY {key})) WHERE nth > 0 AND nth % {{rows:UInt64}} = 0 "
        f"ORDER BY {key} LIMIT 1 BY {key}"
    )
    return sql, {**parameters, "rows": rows}


def parts_of(
    table: Archived, from_ms: int | None, until_ms: int | None, cuts: Sequence[Mapping[str, object]]
) -> list[Part]:
    """
    Return the parts between the cuts, which are keys in their order; one more than there are cuts.
    """
    names = ", ".join(column.name for column in table.columns)
    period, parameters = _period(table, from_ms, until_ms)
    parts = []
    for begin, end in zip((None, *cuts), (*cuts, None), strict=True):
        where, values = [period], dict(parameters)
        for bound, name, last in ((begin, "a", ">="), (end, "z", "<")):
            if bound is not None:
                where.append(_beyond(table, name, last))
                values |= {f"{name}{at}": str(bound[column]) for at, column in enumerate(table.key)}
        source = f"FROM {table.name} FINAL WHERE {' AND '.join(where)}"
        parts.append(Part(f"SELECT {names} {source}", f"SELECT count() AS n {source}", values))
    return parts


def _beyond(table: Archived, name: str, last: str) -> str:
    """
    The key at or beyond a bound, said column by column, for ClickHouse finds rows by that and not by tuples.
    """
    types = {column.name: column.type for column in table.columns}
    condition = ""
    for at in reversed(range(len(table.key))):
        column = table.key[at]
        value = f"{{{name}{at}:{_value_type(types[column])}}}"
        strict = last[0]
        condition = (
            f"({column} {strict} {value} OR ({column} = {value} AND {condition}))"
            if condition
            else f"{column} {last} {value}"
        )
    return condition


def _value_type(of_column: str) -> str:
    return of_column.removeprefix("LowCardinality(").removesuffix(")") if of_column.startswith("LowC") else of_column


def _period(table: Archived, from_ms: int | None, until_ms: int | None) -> tuple[str, Parameters]:
    where, parameters = within(table.time, from_ms, until_ms)
    return " AND ".join(["1", *where]), parameters
