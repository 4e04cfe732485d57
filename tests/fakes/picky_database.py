"""
A database that takes rows in its memory, but not every one, and not always.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from services.history.engine import Misfit
from services.runtime.clickhouse import Arriving, Form, Insert
from services.runtime.errors import Rejected, Unreachable

_GOOD = re.compile(rb"good-\d+")


class PickyDatabase:
    """
    Stores values written as `good-N`; refuses a whole insert that has `poison` or a known misfit in it, as ClickHouse
    does. `misfits` are offsets (of partition 0) with the words that it says about them. While `away` it stores nothing.
    """

    name = "picky"

    def __init__(self, misfits: Mapping[int, Misfit] | None = None) -> None:
        self.away = False
        self.inserts: list[list[str]] = []
        self.tokens: list[str] = []
        self.looks = 0
        self._misfits = misfits or {}

    @property
    def stored(self) -> list[str]:
        return [value for insert in self.inserts for value in insert]

    def insert(self, insert: Insert, arriving: Arriving, token: str) -> None:
        if self.away:
            raise Unreachable("nobody there")
        if b"poison" in arriving.rows or b"misfit" in arriving.rows:
            raise Rejected("too_odd", "does not fit")
        self.inserts.append([found.decode() for found in _GOOD.findall(arriving.rows)])
        self.tokens.append(token)

    def look_at(self, select: str, arriving: Arriving, where: str) -> list[dict[str, Any]]:
        self.looks += 1
        return [{"p": 0, "o": offset, "why": str(why)} for offset, why in self._misfits.items()]

    def command(self, sql: str) -> None:
        raise NotImplementedError

    def rows(self, sql: str, parameters: Mapping[str, str | int | None] | None = None) -> list[dict[str, Any]]:
        raise NotImplementedError

    def answer(self, sql: str, parameters: Mapping[str, str | int | None] | None = None, form: Form = "JSON") -> bytes:
        raise NotImplementedError

    def insert_file(self, table: str, columns: Sequence[str], file: Path, token: str) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
