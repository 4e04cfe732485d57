"""
A database that only takes rows, and remembers them for a real one.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.runtime.clickhouse import Arriving, Database, Insert

__all__ = ["RecordedInserts"]


class RecordedInserts:
    """
    A `Database` for whoever only inserts; `into` does the same to another.
    """

    name = "recorded"

    def __init__(self) -> None:
        self.inserts: list[tuple[Insert, Arriving, str]] = []

    def insert(self, insert: Insert, arriving: Arriving, token: str) -> None:
        self.inserts.append((insert, arriving, token))

    def into(self, database: Database) -> None:
        for one in self.inserts:
            database.insert(*one)

    def command(self, sql: str) -> None:
        raise NotImplementedError(sql)

    def rows(self, sql: str, parameters: object = None) -> list[dict[str, Any]]:
        raise NotImplementedError(sql)

    def answer(self, sql: str, parameters: object = None, form: object = "JSON") -> bytes:
        raise NotImplementedError(sql, form)

    def insert_file(self, table: str, columns: Sequence[str], file: Path, token: str) -> None:
        raise NotImplementedError(table, columns, file, token)

    def look_at(self, select: str, arriving: Arriving, where: str) -> list[dict[str, Any]]:
        raise NotImplementedError(select)

    def close(self) -> None:
        pass
