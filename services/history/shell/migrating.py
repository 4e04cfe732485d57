"""
Brings the tables to what this version expects, and puts the lifetimes of the settings on them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import schemas
from schemas.derived_tables import DERIVED
from schemas.tables import TABLES
from services.history.engine import Altered, Migration, read_migration, statements, to_apply
from services.runtime.clickhouse import Database
from services.runtime.errors import Misconfigured

__all__ = ["Applied", "Asked", "default_lifetimes", "edition_of", "migrate", "read_migrations", "require_migrated"]

_LEDGER: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations
(
    number UInt32,
    name String,
    checksum String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(applied_at) ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""

_HAS_LEDGER: Final = "SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = 'schema_migrations'"


class Asked(Protocol):
    """
    Whatever answers questions about a history: a database, or a service that has one.
    """

    def rows(self, sql: str) -> list[dict[str, Any]]: ...


class Applied(NamedTuple):
    """
    What a run of `migrate` did: the files that it applied, and the tables whose lifetime it changed (to so many days).
    """

    migrations: list[str]
    lifetimes: dict[str, int]


def read_migrations(folder: Path | None = None) -> list[Migration]:
    """
    Read the numbered DDL that comes with the product.
    """
    found = []
    for file in sorted((folder or Path(schemas.__file__).parent / "clickhouse").glob("*.sql")):
        migration = read_migration(file.name, file.read_text(encoding="utf-8"))
        if isinstance(migration, Altered):
            raise Misconfigured(migration.why)
        found.append(migration)
    return found


def migrate(database: Database, written: list[Migration], keep_days: Mapping[str, int]) -> Applied:
    """
    Apply what is due, in order; safe to run again, also after it was cut off.

    `keep_days` are lifetimes by table, 0 for ever. Tables that it does not name keep theirs, for nobody's rows may go
    because a command was not told what the service was; new ones have those of `default_lifetimes`.

    Raises Misconfigured where an applied file was changed since, or the database is newer than this version.
    """
    database.command(_LEDGER)
    ledger = {int(row["number"]): row["checksum"] for row in database.rows("SELECT * FROM schema_migrations FINAL")}
    due = to_apply(written, ledger)
    if isinstance(due, Altered):
        raise Misconfigured(f"history: {due.why}")
    before = _engines(database)
    for migration in due:
        for statement in statements(migration):
            database.command(statement)
        database.command(
            "INSERT INTO schema_migrations (number, name, checksum) "  # noqa: S608  (number and names as read above)
            f"VALUES ({migration.number}, '{migration.name}', '{migration.checksum}')"
        )
    of_new = {name: days for name, days in default_lifetimes().items() if name not in before}
    return Applied([migration.name for migration in due], _put_lifetimes(database, of_new | dict(keep_days)))


def edition_of(history: Asked) -> int:
    """
    Return the number of the last migration that was applied to a history; 0: none was.
    """
    if not history.rows(_HAS_LEDGER):
        return 0
    return int(history.rows("SELECT max(number) AS edition FROM schema_migrations")[0]["edition"])


def require_migrated(history: Asked, place: str) -> None:
    """
    Raise Misconfigured where the tables are older than this version, whose questions they could not answer, or would
    answer wrongly. Newer ones pass: an older version may read them. `place` says where they are, for the message.
    """
    edition, needed = edition_of(history), max(one.number for one in read_migrations())
    if edition < needed:
        raise Misconfigured(
            f"the history in {place} is at migration {edition}, and this version needs {needed}: run "
            "`sqm history migrate` (a history service of this version does it when it starts)"
        )


def default_lifetimes() -> dict[str, int]:
    """
    Return how many days rows are kept where nothing else is said, by table; 0 for ever.
    """
    derived = {table.name: table.keep_days for table in DERIVED if table.keep_days is not None}
    return {table.name: table.keep_days for table in TABLES} | derived


def _put_lifetimes(database: Database, keep_days: Mapping[str, int]) -> dict[str, int]:
    lifetimes = default_lifetimes()
    unknown = sorted(set(keep_days) - set(lifetimes))
    if unknown:
        raise Misconfigured(
            f"history: SQM_HISTORY_KEEP_DAYS names {unknown[0]!r}, which is no table that has a lifetime; "
            f"there are {', '.join(lifetimes)}"
        )
    engines = _engines(database)
    changed: dict[str, int] = {}
    for name, days in keep_days.items():
        rule = f"toDateTime(recorded_at) + toIntervalDay({days})"
        now = engines[name]
        if days == 0 and " TTL " in now:
            database.command(f"ALTER TABLE {name} REMOVE TTL")
        elif days > 0 and f" TTL {rule}" not in now:
            database.command(f"ALTER TABLE {name} MODIFY TTL {rule}")
        else:
            continue
        changed[name] = days
    return changed


def _engines(database: Database) -> dict[str, str]:
    rows = database.rows("SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()")
    return {row["name"]: row["engine_full"] for row in rows}
