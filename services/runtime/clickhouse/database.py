"""
What a database can do for a service, whichever way it is reached.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

__all__ = ["INSERT_SETTINGS", "Arriving", "Database", "Form", "Insert", "Limits", "Parameters"]

Form = Literal["JSON", "Parquet"]
"""How ClickHouse writes an answer."""

Parameters = Mapping[str, str | int | None]
"""Values by name, for places in SQL written as `{name:Type}`; never put into the text by hand."""

INSERT_SETTINGS: Mapping[str, str | int] = {
    # One insert is one block, so that its token names all of it; split elsewhere, a block could pass for a copy.
    "max_insert_block_size": 10_000_000,
    "min_insert_block_size_rows": 10_000_000,
    "min_insert_block_size_bytes": 0,
    "max_insert_threads": 1,
    "max_threads": 1,
    "max_block_size": 10_000_000,
    "input_format_parallel_parsing": 0,
    "async_insert": 0,
    # A file of old records touches a partition for every month in it.
    "max_partitions_per_insert_block": 0,
}
"""
Given with every insert by every driver.
"""


@dataclass(frozen=True, slots=True)
class Insert:
    """
    Where arriving rows go: a table, its columns, and the SQL expression of each over the arriving columns.
    """

    table: str
    columns: tuple[str, ...]
    expressions: tuple[str, ...]
    with_: str = ""
    """A common expression that the others use, `expression AS name`; worked out once a row."""

    def statement(self, source: str) -> str:
        """
        The SQL that reads from `source`.
        """
        prelude = f"WITH {self.with_} " if self.with_ else ""
        return (
            f"INSERT INTO {self.table} ({', '.join(self.columns)}) "  # noqa: S608  (of constants, see the class)
            f"{prelude}SELECT {', '.join(self.expressions)} FROM {source}"
        )


@dataclass(frozen=True, slots=True)
class Arriving:
    """
    Rows on their way in, in ClickHouse's RowBinary, with the names and types of their columns.
    """

    columns: tuple[str, ...]
    """Each as `name type`."""
    rows: bytes

    @property
    def structure(self) -> str:
        """
        The columns as the functions of ClickHouse want them described.
        """
        return ", ".join(self.columns)


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What one question may cost.
    """

    seconds: int = 10
    memory_bytes: int = 1024 * 1024 * 1024
    rows: int = 10_000
    answer_bytes: int = 64 * 1024 * 1024


class Database(Protocol):
    """
    Calls block until the database has answered, and may come from any thread, one at a time.

    Every error is one of `services.runtime.errors`: Transient where trying again may help, Rejected where the rows or
    the question will not do, Misconfigured where tables or rights are missing.
    """

    name: str

    def command(self, sql: str) -> None: ...

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """
        Answer a question; instants come as text, everything else as JSON would have it.
        """
        ...

    def answer(self, sql: str, parameters: Parameters | None = None, form: Form = "JSON") -> bytes:
        """
        Answer a question as the document that ClickHouse itself writes, untouched.
        """
        ...

    def insert(self, insert: Insert, arriving: Arriving, token: str) -> None:
        """
        Store all of the rows or raise; returns when they are on disk.

        A second insert with the same token into the same table is dropped as long as the table remembers it.
        """
        ...

    def insert_file(self, table: str, columns: Sequence[str], file: Path, token: str) -> None:
        """
        Store the rows of a Parquet file whose columns, each `name type`, are those of the table. Else like `insert`.
        """
        ...

    def look_at(self, select: str, arriving: Arriving, where: str) -> list[dict[str, Any]]:
        """
        Ask about arriving rows without storing them: those that `where` holds for.
        """
        ...

    def close(self) -> None: ...
