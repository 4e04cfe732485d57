"""
What the agent keeps, in one SQLite file: written before it is acknowledged, and there again after a power cut.

Write-ahead log with ``synchronous=FULL``: a commit returns when the disk has it. One process owns the file, one thread
at a time uses this. The file never grows beyond its bound.
"""

import fcntl
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple

from schemas.base import Millis
from services.agent.engine import DeadLetter, Lane, Record, Waiting
from services.agent.shell.opening import COLUMNS, DiskFull, open_file
from services.agent.shell.reserve import Reserve
from services.runtime.errors import Misconfigured, Transient
from services.runtime.logs import logger

__all__ = ["Buried", "Change", "Damaged", "DiskFull", "Keep", "Retry", "Settle", "Store", "Totals"]

_DAMAGE: Final = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})


class Said(StrEnum):
    """
    The log events of the store.
    """

    FORGOTTEN = "agent_dead_letters_dropped"
    RESERVE = "agent_uses_its_reserve_on_the_disk"


class Damaged(Transient):
    """
    The file is damaged: starting again moves it aside.
    """


class Keep(NamedTuple):
    """
    Records to keep.
    """

    records: Sequence[Record]


class Settle(NamedTuple):
    """
    Records that need not wait any more: ingest has them, or they are dead.
    """

    done: Sequence[int]
    dead: Sequence[DeadLetter]


class Retry(NamedTuple):
    """
    All dead letters wait again, as the newest.
    """


Change = Keep | Settle | Retry


class Buried(NamedTuple):
    """
    A dead letter as it is listed.
    """

    seq: int
    record: Record
    reason: str
    detail: str
    died_at: Millis


class Totals(NamedTuple):
    """
    What is there: records that wait, by lane, and their bytes; dead letters.
    """

    waiting: Mapping[Lane, int]
    waiting_bytes: int
    dead: int
    dead_bytes: int


class Store:
    """
    The file. Raises Misconfigured where another agent has it, or a newer version wrote it; ``dead_bytes`` bounds the
    dead letters, of which the oldest go first, and ``file_bytes`` the file.
    """

    def __init__(self, path: Path, *, now: Millis, dead_bytes: int, file_bytes: int) -> None:
        self._path = path
        self._dead_bytes = dead_bytes
        self._log = logger("agent")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = path.with_name(path.name + ".lock").open("w")
        except OSError as error:
            raise Misconfigured(f"SQM_AGENT_FILE: {path}: cannot be written: {error.strerror}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise Misconfigured(
                f"SQM_AGENT_FILE: {path} belongs to an agent that runs; stop that one, or name another file"
            ) from error
        self._reserve = Reserve(path.with_name(path.name + ".reserve"))
        # What an agent left that ended for want of room.
        self._reserve.release()
        try:
            self._database = open_file(path, now=now, file_bytes=file_bytes)
        except BaseException:
            # Whatever it was, Ctrl-C too: without a store nobody else would give the lock back.
            self._lock.close()
            raise
        self.totals = self._counted()
        self._reserve.make()

    def close(self) -> None:
        self._database.close()
        self._lock.close()

    def commit(self, changes: Sequence[Change]) -> None:
        """
        Do all of them or none; when this returns, a power cut does not undo them. Raises DiskFull or Damaged.

        Nothing is kept while the reserve is not there; what strikes off may use it.
        """
        keeps = any(type(change) is not Settle for change in changes)
        if keeps and not self._reserve.make():
            raise DiskFull(f"{self._path}: the disk is full; make room on it")
        try:
            self._commit(changes)
        except DiskFull:
            if keeps:
                raise
            self._log.error(Said.RESERVE, file=str(self._path))
            self._reserve.release()
            with _translated(self._path):
                self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._commit(changes)

    def _commit(self, changes: Sequence[Change]) -> None:
        with _translated(self._path):
            self._database.execute("BEGIN IMMEDIATE")
            totals = self.totals
            try:
                for change in changes:
                    totals = self._done(change, totals)
                self._database.execute("COMMIT")
            except BaseException:
                # Some faults have ended the transaction already.
                with suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")
                raise
        self.totals = totals

    def oldest(self, lane: Lane, most: int, most_bytes: int) -> list[Waiting]:
        """
        The records of a lane that wait longest: at most so many and of so many bytes, but one at least.
        """
        found: list[Waiting] = []
        size = 0
        with _translated(self._path):
            rows = self._database.execute(
                f"SELECT seq, {COLUMNS} FROM waiting WHERE lane = ? ORDER BY seq LIMIT ?",  # noqa: S608  (a constant)
                (lane.value, most),
            )
            for seq, *columns in rows:
                record = _record(columns)
                size += record.size
                if found and size > most_bytes:
                    break
                found.append(Waiting(seq, record))
        return found

    def oldest_at(self) -> Millis | None:
        """
        When what waits longest was received.
        """
        with _translated(self._path):
            (found,) = self._database.execute("SELECT received_at FROM waiting ORDER BY seq LIMIT 1").fetchone() or (
                None,
            )
        return found if isinstance(found, int) else None

    def dead(self, most: int) -> list[Buried]:
        """
        The dead letters, newest first.
        """
        with _translated(self._path):
            rows = self._database.execute(
                f"SELECT seq, reason, detail, died_at, {COLUMNS} FROM dead "  # noqa: S608  (a constant)
                "ORDER BY died_at DESC, seq DESC LIMIT ?",
                (most,),
            ).fetchall()
        return [
            Buried(seq, _record(columns), reason, detail, died_at) for seq, reason, detail, died_at, *columns in rows
        ]

    def _done(self, change: Change, totals: Totals) -> Totals:
        if isinstance(change, Keep):
            self._database.executemany(
                f"INSERT INTO waiting ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608  (a constant)
                [_columns(record) for record in change.records],
            )
            return _with(totals, [(record.lane, record.size) for record in change.records], 1)
        if isinstance(change, Retry):
            self._database.execute(
                f"INSERT INTO waiting ({COLUMNS}) SELECT {COLUMNS} FROM dead ORDER BY seq"  # noqa: S608  (a constant)
            )
            again = self._database.execute("DELETE FROM dead RETURNING lane, size").fetchall()
            return _with(totals, again, 1)._replace(dead=0, dead_bytes=0)
        self._database.executemany(
            f"INSERT OR IGNORE INTO dead SELECT seq, {COLUMNS}, ?, ?, ? FROM waiting WHERE seq = ?",  # noqa: S608
            [(letter.reason, letter.detail, letter.died_at, letter.seq) for letter in change.dead],
        )
        gone = []
        for seq in (*change.done, *(letter.seq for letter in change.dead)):
            gone += self._database.execute("DELETE FROM waiting WHERE seq = ? RETURNING lane, size", (seq,)).fetchall()
        totals = _with(totals, gone, -1)
        if change.dead:
            dead, size = self._buried()
            totals = totals._replace(dead=dead, dead_bytes=size)
        return totals

    def _buried(self) -> tuple[int, int]:
        """
        How many dead letters there are and their bytes, after the oldest of too many were dropped.
        """
        rows = self._database.execute("SELECT seq, size FROM dead ORDER BY died_at, seq").fetchall()
        size, gone = sum(one for _, one in rows), []
        for seq, one in rows:
            if size <= self._dead_bytes:
                break
            size -= one
            gone.append((seq,))
        if gone:
            self._database.executemany("DELETE FROM dead WHERE seq = ?", gone)
            self._log.error(Said.FORGOTTEN, count=len(gone), bound_bytes=self._dead_bytes)
        return len(rows) - len(gone), size

    def _counted(self) -> Totals:
        with _translated(self._path):
            rows = self._database.execute("SELECT lane, count(*), sum(size) FROM waiting GROUP BY lane").fetchall()
            dead, dead_bytes = self._database.execute("SELECT count(*), coalesce(sum(size), 0) FROM dead").fetchone()
        waiting = dict.fromkeys(Lane, 0) | {Lane(lane): count for lane, count, _ in rows}
        return Totals(waiting, sum(size for *_, size in rows), dead, dead_bytes)


def _columns(record: Record) -> tuple[str, int, int, str, str, bytes]:
    headers = json.dumps(record.headers) if record.headers else ""
    return (record.lane.value, record.received_at, record.size, record.path, headers, record.body)


def _record(columns: Sequence[Any]) -> Record:
    lane, received_at, _, path, headers, body = columns
    pairs = tuple((name, text) for name, text in json.loads(headers)) if headers else ()
    return Record(Lane(lane), received_at, body, path, pairs)


def _with(totals: Totals, sizes: Sequence[tuple[str, int]], sign: int) -> Totals:
    waiting = dict(totals.waiting)
    for lane, _ in sizes:
        waiting[Lane(lane)] += sign
    return totals._replace(waiting=waiting, waiting_bytes=totals.waiting_bytes + sign * sum(size for _, size in sizes))


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name in _DAMAGE:
            raise Damaged(f"{path} is damaged ({name}); starting again moves it aside") from error
        if isinstance(error, sqlite3.OperationalError):
            raise DiskFull(f"{path} cannot be written ({name or error}); make room on the disk") from error
        raise
