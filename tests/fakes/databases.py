"""
Databases to test on: the embedded engine always, and a server where CLICKHOUSE_URL names one.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from schemas.tables import TABLES
from services.history.shell.migrating import migrate, read_migrations
from services.runtime.clickhouse import ClickHouseSettings, Database, open_database

DRIVERS = ("folder", *(("server",) if "CLICKHOUSE_URL" in os.environ else ()))
_number = count(1)


def settings_for(driver: str, base: Path) -> ClickHouseSettings:
    """
    A database of its own. All tests of a process share one folder, for an engine opens only one at a time.
    """
    name = f"sqm_test_{os.getpid()}_{next(_number)}"
    if driver == "server":
        return ClickHouseSettings(
            url=os.environ["CLICKHOUSE_URL"],
            database=name,
            username=os.environ.get("CLICKHOUSE_USER", "default"),
            password=os.environ.get("CLICKHOUSE_PASSWORD", ""),  # type: ignore[arg-type]  # pydantic makes it a secret
        )
    return ClickHouseSettings(folder=base / "chdb", database=name)


def place_of(settings: ClickHouseSettings, setenv: Callable[[str, str], None]) -> str:
    """
    Where a command finds the database, as `--history` takes it, once its environment is set.
    """
    setenv("SQM_CLICKHOUSE__DATABASE", settings.database)
    if settings.url is None:
        return str(settings.folder)
    setenv("SQM_CLICKHOUSE__URL", settings.url)
    setenv("SQM_CLICKHOUSE__USERNAME", settings.username)
    setenv("SQM_CLICKHOUSE__PASSWORD", settings.password.get_secret_value())
    return "here"


FOR_EVER = dict.fromkeys((table.name for table in TABLES), 0)
"""Lifetimes for rows of the past, whatever the date is."""


def opened(
    settings: ClickHouseSettings, *, tables: bool = True, keep_days: Mapping[str, int] | None = None
) -> Iterator[Database]:
    """
    The database, with its tables, dropped in the end.
    """
    with ExitStack() as after:
        database = open_database(settings)
        after.callback(database.close)
        after.callback(database.command, f"DROP DATABASE {settings.database}")
        if tables:
            migrate(database, read_migrations(), keep_days or {})
        yield database
