"""
The ClickHouse engine inside this process, with its data in a folder.

Learnt of chDB 26.9: a folder admits one process; each client is a door of its own into the same engine, with its own
settings; after a failed query a door may put what the failed one had begun to say in front of the next answer, so a
door is replaced after every error; blocking calls leave the interpreter to other threads.
"""

import contextlib
import fcntl
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import clickhouse_connect

from services.runtime.clickhouse.database import INSERT_SETTINGS, Arriving, Form, Insert, Limits, Parameters
from services.runtime.clickhouse.faults import ClickHouseError, decoded, translated
from services.runtime.clickhouse.questions import reader_settings
from services.runtime.errors import Misconfigured, Transient

__all__ = ["FolderDatabase"]

_T = TypeVar("_T")


class FolderDatabase:
    """
    A `Database` in a folder; made where it is missing, and refused where another process has it open.
    """

    def __init__(self, folder: Path, database: str, *, read_only: Limits | None = None) -> None:
        self.name = database
        self._folder = folder
        self._settings = reader_settings(read_only) if read_only else {}
        self._lock = Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Asked of the disk before the engine is, which does not say that this is what it lacks.
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            raise Misconfigured(
                f"ClickHouse: the folder {folder} cannot be made or written to: {error.strerror}; "
                "choose another (SQM_CLICKHOUSE__FOLDER)"
            ) from error
        if read_only is None:
            with contextlib.closing(self._connect(None)) as door:
                door.command(f"CREATE DATABASE IF NOT EXISTS {database}")
                self._door = self._connect(database)
        else:
            self._door = self._connect(database)

    def command(self, sql: str) -> None:
        self._call("run a command", lambda door: door.command(sql))

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        text: bytes = self._call(
            "answer a question", lambda door: door.raw_query(sql, parameters=_given(parameters), fmt="JSONEachRow")
        )
        return decoded(text)

    def answer(self, sql: str, parameters: Parameters | None = None, form: Form = "JSON") -> bytes:
        text: bytes = self._call(
            "answer a question", lambda door: door.raw_query(sql, parameters=_given(parameters), fmt=form)
        )
        return text

    def insert(self, insert: Insert, arriving: Arriving, token: str) -> None:
        with _on_disk(arriving) as source:
            self._insert(insert.table, insert.statement(source), token)

    def insert_file(self, table: str, columns: Sequence[str], file: Path, token: str) -> None:
        names = ", ".join(column.split(" ", 1)[0] for column in columns)
        structure = _quoted(", ".join(columns))
        sql = f"INSERT INTO {table} ({names}) SELECT {names} FROM file({_quoted(str(file))}, 'Parquet', {structure})"  # noqa: S608  (of constants)
        self._insert(table, sql, token)

    def _insert(self, table: str, statement: str, token: str) -> None:
        settings: Mapping[str, str | int] = {**INSERT_SETTINGS, "insert_deduplication_token": token}
        clause = ", ".join(f"{name} = '{value}'" for name, value in settings.items())
        self._call(f"insert into {table}", lambda door: door.command(f"{statement} SETTINGS {clause}"))

    def look_at(self, select: str, arriving: Arriving, where: str) -> list[dict[str, Any]]:
        with _on_disk(arriving) as source:
            return self.rows(f"SELECT {select} FROM {source} WHERE {where}")  # noqa: S608  (of constants)

    def close(self) -> None:
        with self._lock:
            self._door.close()

    def _call(self, doing: str, call: Callable[[Any], _T]) -> _T:
        with self._lock:
            try:
                return call(self._door)
            except ClickHouseError as error:
                self._replace_door()
                raise translated(error, doing) from error

    def _replace_door(self) -> None:
        # The new one first: with the last door the whole engine would close.
        fresh = self._connect(self.name)
        self._door.close()
        self._door = fresh

    def _connect(self, database: str | None) -> Any:  # noqa: ANN401  (the driver has no types)
        try:
            door = clickhouse_connect.get_client(interface="chdb", path=str(self._folder), database=database)
            for name, value in self._settings.items():
                door.set_client_setting(name, value)
        except ClickHouseError as error:
            if _is_locked(self._folder / "status"):
                raise Misconfigured(
                    f"ClickHouse: another process has the folder {self._folder} open, and only one can; "
                    "ask that process over HTTP, or stop it first"
                ) from error
            raise translated(error, f"open the folder {self._folder}") from error
        return door


def _is_locked(file: Path) -> bool:
    # The engine tells its own log why it could not open, but not its caller.
    try:
        with file.open("rb") as status:
            fcntl.flock(status, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


class _on_disk(contextlib.AbstractContextManager[str]):  # noqa: N801  (used as a function)
    """
    Arriving rows as a file, and the SQL that reads it: the engine has no other way in for bytes.
    """

    def __init__(self, arriving: Arriving) -> None:
        self._structure = arriving.structure
        try:
            self._file = tempfile.NamedTemporaryFile(prefix="sqm-rows-", suffix=".bin")  # noqa: SIM115
            self._file.write(arriving.rows)
            self._file.flush()
        except OSError as error:
            raise Transient(
                f"ClickHouse: cannot hand rows over: {tempfile.gettempdir()}: {error.strerror}; make room there, or "
                "name another folder (TMPDIR)"
            ) from error

    def __enter__(self) -> str:
        return f"file('{self._file.name}', 'RowBinary', '{self._structure}')"

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _given(parameters: Parameters | None) -> dict[str, Any] | None:
    return dict(parameters) if parameters else None
