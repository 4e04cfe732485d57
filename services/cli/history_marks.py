"""
Puts a mark in the place of a name where people typed it into free text, so that history says what was said, and not of
whom.

Only texts that no figure and no row is found by are touched. JSON is left alone where the name also stands in what
rows are counted by (its journey, its site, the category of a point …), or is a number, where no mark can stand.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from services.cli.history_door import Door
from services.cli.history_traces import TEXTS, TableTraces, search_tables
from services.ingest.engine.traces import SHORTEST_ANYWHERE, Traces
from services.runtime.clickhouse import Database

__all__ = ["MARK", "InHistory", "Marks", "in_history", "mark_texts", "markable"]

MARK: Final = "[erased]"

_FREE: Final = {
    "feedback": ("comment", "items"),
    "alerts": ("note",),
    "alert_commands": ("note", "silence", "override", "reported"),
    "deliveries": ("problem",),
    "events": ("raw",),
    "event_revisions": ("raw",),
}
"""By table, the columns that people type into."""
_WHOLE: Final = "raw"
_POINTS: Final = "Array(Tuple(id String, category String, result String))"
_SAID: Final = ("instrument", "survey", "observer", "topic", "kind", "severity", "checklist", "state")
_COUNTED: Final = {
    "items": f"JSONExtract(items, '{_POINTS}')",
    "raw": f"JSONExtract(raw, 'data', 'Tuple({', '.join(f'{name} String' for name in _SAID)}, items {_POINTS})')",
    "silence": "JSONExtract(ifNull(silence, ''), 'Tuple(id String, match String)')",
    "override": "''",
    "reported": "''",
}
"""Of the columns that hold JSON, what else is counted, found or shown by than the columns of the table."""


class Marks(NamedTuple):
    """
    How many texts of a column name somebody, and can do without.
    """

    table: str
    column: str
    texts: int


class InHistory(NamedTuple):
    """
    What history has of somebody, and what was done about it.
    """

    tables: list[TableTraces]
    """What is there, after the marking."""
    marks: list[Marks]
    """What was marked, or could be."""
    marked: bool


def in_history(door: Door, names: Sequence[str], marking: Database | None = None) -> InHistory:
    """
    Look for names in history, and mark them first where `marking` is the database. Raises what the database raises.
    """
    marks = mark_texts(marking, names) if marking is not None else []
    tables = list(search_tables(door, names))
    if marking is None and all(one.fault is None for one in tables):
        marks = list(markable(door, names))
    return InHistory(tables, marks, marking is not None)


def markable(door: Door, names: Sequence[str]) -> Iterator[Marks]:
    """
    Count the texts that `mark_texts` would change. Raises what the database raises.
    """
    expression = _expression(names)
    for table, columns in _FREE.items() if expression else ():
        counts = ", ".join(f"countIf({_naming(table, name, expression)}) AS in_{name}" for name in columns)
        (row,) = door.rows(f"SELECT {counts} FROM {table}")  # noqa: S608  (of constants)
        yield from (Marks(table, name, texts) for name in columns if (texts := int(row[f"in_{name}"])))


def mark_texts(database: Database, names: Sequence[str]) -> list[Marks]:
    """
    Put MARK in the place of the names, and return once the rows are written anew; say what was changed. What is done
    twice changes nothing. Raises what the database raises; then it is to be done again.
    """
    found = list(markable(database, names))
    expression = _expression(names)
    for table, column, _ in found:
        database.command(
            f"ALTER TABLE {table} UPDATE `{column}` = {_marked(column, expression)} "
            f"WHERE {_naming(table, column, expression)} SETTINGS mutations_sync = 2"
        )
    _forget_commands(database)
    return found


def _forget_commands(database: Database) -> None:
    """
    Let the database forget what it was told: it keeps commands that are done, with the names in them.
    """
    last = "argMax(command, block_numbers.number[1])"
    rows = database.rows(
        f"SELECT table FROM system.mutations WHERE database = currentDatabase() GROUP BY table "  # noqa: S608
        f"HAVING position({last}, '{MARK}') > 0"
    )
    for table, (column, *_) in ((row["table"], _FREE[row["table"]]) for row in rows):
        database.command(f"ALTER TABLE {table} MODIFY SETTING finished_mutations_to_keep = 1")
        # The last one is kept, so one that names nobody comes behind.
        database.command(f"ALTER TABLE {table} UPDATE `{column}` = `{column}` WHERE 0 SETTINGS mutations_sync = 2")


def _marked(column: str, expression: str) -> str:
    marked = f"`{column}`"
    # Twice, since two names side by side share what stands between them.
    for _ in range(2):
        marked = f"replaceRegexpAll({marked}, {expression}, '\\\\1{MARK}\\\\2')"
    return marked


def _expression(names: Sequence[str]) -> str:
    """
    SQL for what finds the names, which has no letter of theirs; empty where all are too short to be told from text.
    """
    words = [
        Traces(name).words
        for name in names
        # What the mark itself holds would be marked again and again.
        if len(name) >= SHORTEST_ANYWHERE and name.casefold() not in MARK
    ]
    if not words:
        return ""
    before, _, after = words[0]
    forms = "|".join(forms for _, forms, _ in words)
    return f"unhex('{f'{before}(?:{forms}){after}'.encode('utf-8', 'surrogatepass').hex()}')"


def _naming(table: str, column: str, expression: str) -> str:
    found = f"match(ifNull(`{column}`, ''), {expression})"
    if column not in _COUNTED:
        return found
    others = [f"ifNull(toString(`{one}`), '')" for one in TEXTS[table] if one != _WHOLE] if column == _WHOLE else []
    counted = f"concatWithSeparator('\\n', {', '.join([*others, f'toString({_COUNTED[column]})'])}, '')"
    marked = f"isValidJSON(ifNull({_marked(column, expression)}, ''))"
    return f"{found} AND NOT match({counted}, {expression}) AND {marked} >= isValidJSON(ifNull(`{column}`, ''))"
