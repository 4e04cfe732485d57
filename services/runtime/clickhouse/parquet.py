"""
Writes a table as a Parquet file, with the engine inside this process, and asks what is in one.
"""

import base64
import contextlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import clickhouse_connect

from services.runtime.clickhouse.faults import ClickHouseError, translated
from services.runtime.errors import Misconfigured

__all__ = ["columns_sql", "write_parquet"]

_LENGTH = 8
"""At the end of each file: how long what tells of its columns is, and the mark `PAR1`."""
_MARK = b"PAR1"


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


def columns_sql(file: Path) -> str:
    """
    The question for the names and types of a file's columns, which any database answers: it holds the end of the file,
    where Parquet tells of them. Raises OSError; of what is no Parquet the answer is an error.
    """
    with file.open("rb") as data:
        size = data.seek(0, 2)
        data.seek(max(0, size - _LENGTH))
        told = int.from_bytes(data.read(4), "little")
        data.seek(max(0, size - _LENGTH - told))
        end = base64.b64encode(_MARK + data.read()).decode()
    return f"DESCRIBE format(Parquet, base64Decode('{end}'))"
