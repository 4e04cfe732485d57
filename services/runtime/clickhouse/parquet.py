"""
Writes a table as a Parquet file, with the engine inside this process.
"""

import contextlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import clickhouse_connect

from services.runtime.clickhouse.faults import ClickHouseError, translated
from services.runtime.errors import Misconfigured

__all__ = ["write_parquet"]


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
        try:
            door = clickhouse_connect.get_client(interface="chdb", path=str(Path(folder) / "engine"))
            with contextlib.closing(door):
                sql = f"SELECT * FROM file('{given}', 'JSONCompactEachRow', '{structure}')"  # noqa: S608  (of constants)
                written: bytes = door.raw_query(sql, fmt="Parquet")
        except ClickHouseError as error:
            raise translated(error, "write Parquet") from error
    try:
        file.write_bytes(written)
    except OSError as error:
        raise Misconfigured(f"{file}: cannot be written: {error.strerror}") from error
