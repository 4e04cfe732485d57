"""
Writes a table as a Parquet file, and says what is in one, with the engine inside this process.
"""

import contextlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import clickhouse_connect

from services.runtime.clickhouse.faults import ClickHouseError, decoded, translated
from services.runtime.errors import Misconfigured

__all__ = ["columns_here", "columns_sql", "quoted", "write_parquet"]


def write_parquet(file: Path, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]]) -> None:
    """
    Write rows into a file; columns are told by their names and ClickHouse types, what is None must be Nullable there.

    Only while no folder of a database is open in this process, for it has one engine. Raises Misconfigured where the
    file cannot be written.
    """
    structure = ", ".join(f"`{name}` {kind}" for name, kind in columns)
    with tempfile.TemporaryDirectory(prefix="sqm-parquet-") as folder:
        given = Path(folder) / "rows.json"
        given.write_text("\n".join(json.dumps(list(row), ensure_ascii=False) for row in rows), encoding="utf-8")
        with _engine_for("write Parquet") as door:
            sql = f"SELECT * FROM file('{given}', 'JSONCompactEachRow', '{structure}')"  # noqa: S608  (of constants)
            written: bytes = door.raw_query(sql, fmt="Parquet")
    try:
        file.write_bytes(written)
    except OSError as error:
        raise Misconfigured(f"{file}: cannot be written: {error.strerror}") from error


def columns_here(file: Path) -> dict[str, str]:
    """
    Return the columns of a file and their types; only while no folder of a database is open, as above. Raises Rejected
    where it is no Parquet.
    """
    with _engine_for(f"read {file}") as door:
        return {row["name"]: row["type"] for row in decoded(door.raw_query(columns_sql(file), fmt="JSONEachRow"))}


def columns_sql(file: Path) -> str:
    """
    The question for the columns of a file.
    """
    return f"DESCRIBE file({quoted(str(file))}, 'Parquet')"


def quoted(text: str) -> str:
    """
    A text as SQL has it.
    """
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


@contextlib.contextmanager
def _engine_for(doing: str) -> Iterator[Any]:
    with tempfile.TemporaryDirectory(prefix="sqm-parquet-") as folder:
        try:
            with contextlib.closing(clickhouse_connect.get_client(interface="chdb", path=folder)) as door:
                yield door
        except ClickHouseError as error:
            raise translated(error, doing) from error
