"""
Opens the agent's file: made where it is missing; where it is damaged, moved aside, and what can be read taken over.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from schemas.base import Millis
from services.runtime.errors import Misconfigured, Overloaded
from services.runtime.logs import logger

__all__ = ["COLUMNS", "DiskFull", "open_file"]

_FORMAT: Final = 1
_TABLES: Final = """
CREATE TABLE waiting (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    lane TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    path TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX waiting_in_turn ON waiting (lane, seq);
CREATE TABLE dead (
    seq INTEGER PRIMARY KEY,
    lane TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    path TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    died_at INTEGER NOT NULL
) STRICT;
"""
COLUMNS: Final = "lane, received_at, size, path, headers, body"
"""What both tables have of a record."""
_NO_ROOM: Final = ("SQLITE_FULL", "SQLITE_IOERR")


class Said(StrEnum):
    """
    The log events of opening.
    """

    MOVED_ASIDE = "agent_file_damaged_and_moved_aside"
    SAVED = "agent_records_saved_from_damaged_file"


class DiskFull(Overloaded):
    """
    The disk, or the bound of the file, takes no more. Nothing of the change was done.
    """


def open_file(path: Path, *, now: Millis, file_bytes: int) -> sqlite3.Connection:
    """
    Open the file; it will not grow beyond `file_bytes`. Raises Misconfigured where it cannot be, DiskFull for want of
    room.
    """
    try:
        return _sound(path, file_bytes)
    except sqlite3.OperationalError as error:
        # The disk is the matter, or a right to it; what is in the file may be sound.
        problem = f"SQM_AGENT_FILE: {path}: cannot be opened: {error}"
        if error.sqlite_errorname.startswith(_NO_ROOM):
            raise DiskFull(problem) from error
        raise Misconfigured(problem) from error
    except sqlite3.DatabaseError as error:
        problem = str(error)
    aside = _moved_aside(path, now)
    log = logger("agent")
    log.error(Said.MOVED_ASIDE, problem=problem, file=str(path), aside=str(aside), advice="look at the disk")
    database = _sound(path, file_bytes)
    saved = _saved(aside)
    database.execute("BEGIN IMMEDIATE")
    database.executemany(f"INSERT INTO waiting ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", saved)  # noqa: S608  (constant)
    database.execute("COMMIT")
    log.warning(Said.SAVED, records=len(saved))
    return database


def _sound(path: Path, file_bytes: int) -> sqlite3.Connection:
    """
    Open the file, made where it is missing; raises DatabaseError where it is damaged.
    """
    # One thread at a time is the store's own rule, not always the one that opened it.
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA journal_size_limit = 4194304")
        (page,) = database.execute("PRAGMA page_size").fetchone()
        database.execute(f"PRAGMA max_page_count = {max(file_bytes // page, 16)}")
        _make_ready(database, path)
    except BaseException:
        # Whatever it was: a damaged file is moved aside next, and nothing should hold it open.
        database.close()
        raise
    return database


def _make_ready(database: sqlite3.Connection, path: Path) -> None:
    """
    Check the file, and make its tables where it is new.
    """
    (check,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if check != "ok":
        raise sqlite3.DatabaseError(check)
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > _FORMAT:
        raise Misconfigured(f"SQM_AGENT_FILE: {path} was written by a newer version; run that one")
    if version == 0:
        database.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_FORMAT}; COMMIT")


def _moved_aside(path: Path, now: Millis) -> Path:
    """
    Keep the damaged file under another name, and only the last of such: disks are small.
    """
    aside = path.with_name(f"{path.name}.damaged-{now}")
    for older in path.parent.glob(f"{path.name}.damaged-*"):
        older.unlink()
    for end in ("", "-wal", "-shm"):
        part = path.with_name(path.name + end)
        if part.exists():
            part.rename(aside.with_name(aside.name + end))
    return aside


def _saved(aside: Path) -> list[Sequence[Any]]:
    """
    What can still be read of the records in a damaged file.
    """
    found: list[Sequence[Any]] = []
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(aside)) as damaged:
        for row in damaged.execute(f"SELECT {COLUMNS} FROM waiting NOT INDEXED ORDER BY seq"):  # noqa: S608  (constant)
            found.append(row)  # noqa: PERF402  (what came before the damage counts)
    return found
