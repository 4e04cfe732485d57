"""
A ClickHouse server, over HTTP.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import clickhouse_connect
from clickhouse_connect.driver.external import ExternalData

from services.runtime.clickhouse.database import INSERT_SETTINGS, Arriving, Form, Insert, Limits, Parameters
from services.runtime.clickhouse.faults import ClickHouseError, decoded, translated
from services.runtime.clickhouse.questions import reader_settings

__all__ = ["ServerDatabase"]

_T = TypeVar("_T")
_ARRIVING = "_arriving"


class ServerDatabase:
    """
    A `Database` on a server; made where it is missing, if the user may.
    """

    def __init__(
        self, url: str, database: str, username: str, password: str, *, read_only: Limits | None = None
    ) -> None:
        self.name = database
        self._url = url
        self._username = username
        self._password = password
        self._settings = reader_settings(read_only) if read_only else {}
        self._lock = Lock()
        if read_only is None:
            door = self._connect(None)
            try:
                door.command(f"CREATE DATABASE IF NOT EXISTS {database}")
            except ClickHouseError as error:
                raise translated(error, f"make the database {database}") from error
            finally:
                door.close()
        self._door = self._connect(database)

    def command(self, sql: str) -> None:
        self._call("run a command", lambda door: door.command(sql))

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        text = self._ask(sql, parameters, "JSONEachRow")
        return decoded(text)

    def answer(self, sql: str, parameters: Parameters | None = None, form: Form = "JSON") -> bytes:
        return self._ask(sql, parameters, form)

    def insert(self, insert: Insert, arriving: Arriving, token: str) -> None:
        statement = insert.statement(f"input('{arriving.structure}')")
        body = f"{statement} FORMAT RowBinary\n".encode() + arriving.rows
        settings = {**INSERT_SETTINGS, "insert_deduplication_token": token}
        self._call(f"insert into {insert.table}", lambda door: door.raw_insert(insert_block=body, settings=settings))

    def insert_file(self, table: str, columns: Sequence[str], file: Path, token: str) -> None:
        names = ", ".join(column.split(" ", 1)[0] for column in columns)
        body = f"INSERT INTO {table} ({names}) FORMAT Parquet\n".encode() + file.read_bytes()
        settings = {**INSERT_SETTINGS, "insert_deduplication_token": token}
        self._call(f"insert into {table}", lambda door: door.raw_insert(insert_block=body, settings=settings))

    def look_at(self, select: str, arriving: Arriving, where: str) -> list[dict[str, Any]]:
        rows = ExternalData(file_name=_ARRIVING, data=arriving.rows, fmt="RowBinary", structure=list(arriving.columns))
        sql = f"SELECT {select} FROM {_ARRIVING} WHERE {where}"  # noqa: S608  (of constants)
        text: bytes = self._call(
            "look at rows", lambda door: door.raw_query(sql, fmt="JSONEachRow", external_data=rows)
        )
        return decoded(text)

    def close(self) -> None:
        with self._lock:
            self._door.close()

    def _ask(self, sql: str, parameters: Parameters | None, form: str) -> bytes:
        given = dict(parameters) if parameters else None
        text: bytes = self._call("answer a question", lambda door: door.raw_query(sql, parameters=given, fmt=form))
        return text

    def _call(self, doing: str, call: Callable[[Any], _T]) -> _T:
        with self._lock:
            try:
                return call(self._door)
            except ClickHouseError as error:
                raise translated(error, doing) from error

    def _connect(self, database: str | None) -> Any:  # noqa: ANN401  (the driver has no types)
        try:
            door = clickhouse_connect.get_client(
                dsn=self._url,
                database=database or "default",
                # A session admits one query at a time and is of no use here.
                autogenerate_session_id=False,
                username=self._username,
                password=self._password,
            )
            # Not before it has asked the server who it is: a reader's limits are too narrow for those answers.
            for name, value in self._settings.items():
                door.set_client_setting(name, value)
        except ClickHouseError as error:
            raise translated(error, "connect to the server") from error
        return door
