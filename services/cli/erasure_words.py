"""
Tells what an erasure found, did and left, store by store, without the name of whom it was about.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from schemas.topics import EVENTS_IN
from services.cli.history_marks import MARK, InHistory
from services.cli.history_traces import TableTraces, rows_sql
from services.ingest.shell.erasing import Searched
from services.ingest.shell.identities import Erasure

__all__ = ["told"]

_NOT_SEARCHED: Final = (
    "not searched: files that were exported before, files of agents, backups, source systems; nor is somebody found "
    "who is called otherwise in a comment or a note than here"
)


def told(searched: Searched, erasure: Erasure | None, history: InHistory | None) -> Iterator[str]:
    """
    Give the lines of the answer; without an erasure it was a dry run, without history that was not searched.
    """
    tables = [] if history is None else history.tables
    yield from _found(searched, tables)
    yield from _done(searched, erasure)
    if history is not None:
        yield from _marked(history)
    yield from _left(searched, tables)
    yield _NOT_SEARCHED


def _found(searched: Searched, tables: Sequence[TableTraces]) -> Iterator[str]:
    for one in searched.identities:
        yield f"{one.identity.whose:>9}  {one.pseudonym}{f' of {one.identity.scope}' if one.identity.scope else ''}"
    if not searched.identities:
        yield "nobody of this name has a pseudonym"
    for place in searched.places:
        shut = f", {place.unreadable:,} that nobody can read" if place.unreadable else ""
        yield f"{place.naming:>9,}  of {place.looked_at:,} records of {place.topic}{shut}"
    for table in tables:
        if table.fault is None:
            yield f"{table.naming:>9,}  of {table.looked_at:,} rows of history, table {table.table}"


def _done(searched: Searched, erasure: Erasure | None) -> Iterator[str]:
    if erasure is None:
        yield "dry run: nothing was erased"
        return
    yield f"erased: {erasure.what} (erasure {erasure.number})"
    if searched.plain:
        yield (
            f"deleted: {EVENTS_IN.name} up to the last record that named them; brokers remove their files within "
            "log.retention.check.interval.ms and file.delete.delay.ms, usually six minutes"
        )


def _marked(history: InHistory) -> Iterator[str]:
    for one in history.marks:
        done = "marked" if history.marked else "not marked"
        hint = "" if history.marked else f"; `--texts` puts {MARK} in the place of the names, for good"
        yield f"{done}: {one.texts:,} texts in history, table {one.table}, in {one.column}{hint}"
    if history.marked and history.marks:
        yield "ClickHouse removes the files of what they were within old_parts_lifetime, usually eight minutes"


def _left(searched: Searched, tables: Sequence[TableTraces]) -> Iterator[str]:
    for topic, count in searched.left.items():
        yield (
            f"left: {count:,} in {topic}, in a comment, a note, the name of a journey, or from before there were "
            "pseudonyms; they go with the lifetime of the topic"
        )
    for table in tables:
        if table.fault is not None:
            yield f"left, perhaps: history, table {table.table}, could not be searched: {table.fault}"
        elif table.naming:
            yield (
                f"left: {table.naming:,} in history, table {table.table}, in {', '.join(table.columns)}; they go with "
                f"its lifetime; to see them: sqm history query '{rows_sql(table)}' --param name=…"
            )
