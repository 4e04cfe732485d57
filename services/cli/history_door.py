"""
Finds history: the service that runs, else the database itself.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from services.runtime.errors import Misconfigured, Overloaded, Rejected, Unreachable

if TYPE_CHECKING:
    from services.history.app import HistorySettings
    from services.runtime.clickhouse import ClickHouseSettings, Database, Form

__all__ = ["HERE", "Door", "RunningHistory", "history_settings", "open_door", "open_place"]

_MOST_SECONDS = 600.0
_MOST_ROWS = 1_000_000
_MOST_BYTES = 1024**3
ROW_LIMIT = "sqm-row-limit"
HERE = "here"
_SCHEMES = ("http://", "https://")
_BUSY = 429
_UNAUTHORIZED = 401

Parameters = Mapping[str, str | int | None]


class Door(Protocol):
    """
    Where questions can be asked; both the service and a database are one.
    """

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]: ...

    def answer(self, sql: str, parameters: Parameters | None = None, form: "Form" = "JSON") -> bytes: ...


class RunningHistory:
    """
    A history service, asked over HTTP.
    """

    def __init__(self, url: str, token: str | None) -> None:
        self.url = url.rstrip("/")
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        answer = self._ask(sql, parameters)
        rows = [dict(row) for row in answer.json()["data"]]
        if len(rows) >= int(answer.headers.get(ROW_LIMIT, _MOST_ROWS)):
            raise Rejected(
                "too_many_rows",
                f"the answer has {len(rows)} rows or more, and history gives no more at once: ask for a shorter span, "
                "or fewer groups, or raise SQM_HISTORY_QUERY_ROWS there",
            )
        return rows

    def answer(self, sql: str, parameters: Parameters | None = None, form: "Form" = "JSON") -> bytes:
        return self._ask(sql, parameters, form).content

    def most_rows(self) -> int:
        """
        How many rows it gives at once.
        """
        return int(self._ask("SELECT 1", None).headers.get(ROW_LIMIT, _MOST_ROWS))

    def answers(self) -> bool:
        """
        Whether it runs at all.
        """
        try:
            return httpx.get(f"{self.url}/livez", timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def _ask(self, sql: str, parameters: Parameters | None, form: "Form" = "JSON") -> httpx.Response:
        given = {f"param_{name}": str(value) for name, value in (parameters or {}).items() if value is not None}
        if form != "JSON":
            given["format"] = form
        try:
            answer = httpx.post(
                f"{self.url}/v1/query",
                content=sql.encode(),
                params=given,
                headers=self._headers,
                timeout=_MOST_SECONDS,
            )
        except httpx.HTTPError as error:
            raise Unreachable(f"history does not answer at {self.url}: {error}") from error
        if answer.status_code == httpx.codes.OK:
            return answer
        try:
            said = answer.json()
            reason, detail = str(said["reason"]), str(said["detail"])
        except (ValueError, KeyError, TypeError):
            reason, detail = "unknown", f"answered with status {answer.status_code}; is this the address of history?"
        if answer.status_code == _BUSY:
            raise Overloaded(detail)
        if answer.status_code == _UNAUTHORIZED:
            raise Misconfigured(
                f"history at {self.url} does not know you: set SQM_HISTORY_TOKEN to its token ({detail})"
            )
        raise Rejected(reason, detail)


def history_settings() -> "HistorySettings":
    """
    The settings of history as the environment describes them.
    """
    from services.history.app import HistorySettings  # noqa: PLC0415  (heavy, and help must be quick)
    from services.runtime.settings import load_settings  # noqa: PLC0415

    return load_settings(HistorySettings, os.environ)


@contextmanager
def open_door(url: str | None) -> Iterator[Door]:
    """
    The service at `url`, if one is given; else the ClickHouse server of the settings; else the service that runs on
    this machine; else the folder itself.
    """
    if url is not None and not url.startswith(_SCHEMES):
        raise Misconfigured(f"--url {url[:200]}: write the address of a history service, like http://127.0.0.1:8083")
    settings = history_settings()
    token = settings.history_token.get_secret_value() if settings.history_token else None
    running = RunningHistory(url or f"http://{settings.history_http_host}:{settings.history_http_port}", token)
    if url is not None or (settings.clickhouse.url is None and running.answers()):
        _require_migrated(running, running.url)
        yield running
        return
    if settings.clickhouse.url is None and not settings.clickhouse.folder.exists():
        raise Rejected(
            "no_history",
            f"no history service answers, and there is no folder {settings.clickhouse.folder}; start one, or name "
            "another place with --url, SQM_CLICKHOUSE__URL or SQM_CLICKHOUSE__FOLDER",
        )
    with _reading(settings.clickhouse) as reader:
        yield reader


@contextmanager
def open_place(place: str) -> Iterator[Door]:
    """
    History by the place that a caller names: the address of a service, the folder of a database, or `here`, which is
    wherever `open_door` finds it.
    """
    if place == HERE or place.startswith(_SCHEMES):
        with open_door(None if place == HERE else place) as door:
            yield door
        return
    folder = Path(place)
    if not folder.is_dir():
        raise Misconfigured(
            f"--history {place[:200]}: there is no such folder; name the address of a history service, the folder of "
            f"its database, or `{HERE}` for the one of this machine"
        )
    with _reading(history_settings().clickhouse.model_copy(update={"url": None, "folder": folder})) as reader:
        yield reader


@contextmanager
def _reading(settings: "ClickHouseSettings") -> "Iterator[Database]":
    from services.runtime.clickhouse import Limits, open_reader  # noqa: PLC0415  (heavy, as above)

    reader = open_reader(settings, Limits(seconds=600, rows=_MOST_ROWS, answer_bytes=_MOST_BYTES))
    try:
        _require_migrated(reader, settings.place)
        yield reader
    finally:
        reader.close()


def _require_migrated(door: Door, place: str) -> None:
    from services.history.shell.migrating import require_migrated  # noqa: PLC0415  (heavy, as above)

    require_migrated(door, place)
