"""
Looks for a name in every text of history: in what people typed, and in what earlier versions kept.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from schemas.derived_tables import DERIVED
from schemas.tables import TABLES
from services.cli.history_door import Door
from services.ingest.engine.traces import SHORTEST_ANYWHERE, Traces
from services.runtime.errors import ServiceError

__all__ = ["TEXTS", "TableTraces", "rows_sql", "search_tables"]

TEXTS: Final = {
    name: texts
    for name, columns in (
        *((table.name, table.columns) for table in TABLES),
        *((table.name, table.columns) for table in DERIVED),
    )
    if (texts := tuple(column.name for column in columns if "String" in column.type))
}
"""The columns of each table that hold texts."""


class TableTraces(NamedTuple):
    """
    What was found in one table.
    """

    table: str
    looked_at: int
    naming: int
    columns: tuple[str, ...]
    """That hold one of the names."""
    fault: str | None = None
    """Why nobody could look."""


def search_tables(door: Door, names: Sequence[str]) -> Iterator[TableTraces]:
    """
    Look for names through all tables; what is written by nobody but machines is looked through, too. Names that are
    too short to be told from other text are left out. A copy that has not been merged away counts as a row.
    """
    patterns = [Traces(name).pattern for name in names if len(name) >= SHORTEST_ANYWHERE]
    pattern = "|".join(f"(?:{one})" for one in patterns).encode("utf-8", "surrogatepass").hex()
    for table, texts in TEXTS.items() if patterns else ():
        try:
            (row,) = door.rows(_naming_sql(table, texts), {"pattern": pattern})
        except ServiceError as error:
            yield TableTraces(table, 0, 0, (), str(error))
        else:
            found = tuple(name for place, name in enumerate(texts) if int(row[f"in_{place}"]))
            yield TableTraces(table, int(row["looked_at"]), int(row["naming"]), found)


def _naming_sql(table: str, texts: Sequence[str]) -> str:
    """
    SQL for how many rows a table has, how many of them hold what `pattern` (hexadecimal) finds, and in which columns.
    """
    found = [f"match(ifNull(toString(`{name}`), ''), unhex({{pattern:String}}))" for name in texts]
    by_column = ", ".join(f"countIf({one}) AS in_{place}" for place, one in enumerate(found))
    return f"SELECT count() AS looked_at, countIf({' OR '.join(found)}) AS naming, {by_column} FROM {table}"  # noqa: S608


def rows_sql(found: TableTraces) -> str:
    """
    SQL for the rows that hold what the parameter `name` says, in whatever case.
    """
    holding = " OR ".join(
        f"positionCaseInsensitiveUTF8(toString(`{one}`), {{name:String}}) > 0" for one in found.columns
    )
    return f"SELECT * FROM {found.table} WHERE {holding}"  # noqa: S608
