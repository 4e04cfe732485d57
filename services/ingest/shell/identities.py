"""
The store of identities: whose each pseudonym is, and the keys of what is kept sealed; the one place where both can be
erased.

One SQLite file, readable by its owner only, that all processes of ingest on a machine share, and the command line. What
is deleted is overwritten (`secure_delete`), and an erasure empties the write-ahead log as well. Whatever was made since
the last `commit` is on no disk yet: nobody may publish it before. A file that was deleted or replaced meanwhile is
noticed by the next `commit`, so that nothing is published whose identities the next process would not find.
"""

import fcntl
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from schemas.base import DAY_MS, Millis
from services.ingest.engine.pseudonyms import SALT_BYTES, Identity, Pseudonym, identity_of, is_genuine, minted
from services.ingest.shell.held_file import HeldFile, open_to_others
from services.runtime.clock import Clock
from services.runtime.errors import Misconfigured, Transient
from services.runtime.logs import logger

__all__ = ["Erasure", "Identities", "IdentitiesAway", "IdentityStore", "Kept"]

_FORMAT: Final = 1
_TABLES: Final = """
CREATE TABLE secrets (name TEXT PRIMARY KEY, secret BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE identities (
    name TEXT NOT NULL,
    whose TEXT NOT NULL,
    scope TEXT NOT NULL,
    pseudonym TEXT NOT NULL UNIQUE,
    PRIMARY KEY (name, whose, scope)
) STRICT, WITHOUT ROWID;
CREATE TABLE seals (id INTEGER PRIMARY KEY, secret BLOB NOT NULL, made_at INTEGER NOT NULL) STRICT;
CREATE INDEX seals_by_age ON seals (made_at);
CREATE TABLE erasures (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    erased_at INTEGER NOT NULL,
    erased_by TEXT NOT NULL,
    identities INTEGER NOT NULL,
    seals INTEGER NOT NULL
) STRICT;
"""
_KEY: Final = "pseudonyms"
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 7
"""Of the name of a seal, a positive 64-bit integer."""
_MOST_REMEMBERED: Final = 200_000
_WAIT_SECONDS: Final = 10.0
SEALS_KEPT_MS: Final = 100 * DAY_MS
"""Longer than any copy of a sealed record lives: 35 days on its topic and 90 in history."""


class Said(StrEnum):
    """
    The log events of this file.
    """

    MADE = "identities_file_made"
    GONE = "identities_file_gone"
    OPEN = "identities_file_readable_by_others"


class IdentitiesAway(Transient):
    """
    The store cannot be used for now: nothing may be published that has a pseudonym or a key in it.
    """


class Kept(NamedTuple):
    """
    An identity as it is kept.
    """

    identity: Identity
    pseudonym: str


class Erasure(NamedTuple):
    """
    What is left of an erasure: when, by whom, and how much.
    """

    number: int
    erased_at: Millis
    erased_by: str
    identities: int
    seals: int

    @property
    def what(self) -> str:
        """
        How much it was, for people.
        """
        return f"{self.identities} identities, {self.seals} keys of sealed records"


class Identities(Protocol):
    """
    What ingest needs of the store.
    """

    def pseudonyms(self, scope: str = "") -> Pseudonym: ...

    def new_seal(self) -> tuple[int, bytes]: ...

    def seal(self, ident: int) -> bytes | None: ...

    @property
    def losses(self) -> int: ...

    def commit(self, losses: int | None = None) -> None: ...


class IdentityStore:
    """
    The file; made where it is missing. Raises Misconfigured where it cannot be opened, IdentitiesAway where it cannot
    be written for now, or is not where it was any more.
    """

    made: bool
    """Whether it is new: then no pseudonym from before is one of ours."""

    def __init__(self, path: Path, clock: Clock, randomness: Callable[[int], bytes]) -> None:
        self._path = path
        self._clock = clock
        self._randomness = randomness
        self._known: dict[tuple[str, str, str], str] = {}
        self._told_gone = False
        self._losses = 0
        try:
            self._database = self._opened()
        except (OSError, sqlite3.Error) as error:
            raise Misconfigured(f"SQM_IDENTITIES_FILE: {path}: cannot be opened: {error}") from error
        (self._key,) = self._database.execute("SELECT secret FROM secrets WHERE name = ?", (_KEY,)).fetchone()
        self._version = self._value("PRAGMA data_version")
        self._erasures = self._value("SELECT coalesce(max(number), 0) FROM erasures")
        self._held = HeldFile(path)

    def close(self) -> None:
        self._database.close()

    def missing(self) -> list[str]:
        """
        Say for readiness what is wrong with the file.
        """
        try:
            self._require_file()
        except IdentitiesAway as error:
            return [str(error)]
        return []

    def pseudonyms(self, scope: str = "") -> Pseudonym:
        """
        Give the pseudonyms of identities that mean the same person within `scope` only. Who comes for the first time
        gets a new one.
        """
        return partial(self._pseudonym, scope)

    def known(self, whose: str, name: str, scope: str = "") -> str | None:
        """
        The pseudonym that somebody has already; None for who has none, and nobody gets one.
        """
        return name if is_genuine(self._key, whose, name) else self._found(identity_of(whose, name, scope))

    def who(self, pseudonym: str) -> Identity | None:
        """
        Say whose a pseudonym is; None for one that is not ours, or whose identity was erased.
        """
        rows = self._rows("SELECT whose, scope, name FROM identities WHERE pseudonym = ?", (pseudonym,))
        return Identity(*rows[0]) if rows else None

    def find(self, name: str, whose: str | None = None) -> list[Kept]:
        """
        Give every identity of this name, of each scope; with `whose` only customers or employees.
        """
        wanted = identity_of("", name).name
        rows = self._rows(
            "SELECT whose, scope, name, pseudonym FROM identities WHERE name IN (?, ?) ORDER BY whose, scope",
            (name, wanted),
        )
        return [Kept(Identity(*row[:3]), row[3]) for row in rows if whose in (None, row[0])]

    def new_seal(self) -> tuple[int, bytes]:
        """
        Make a key for one record. Keys whose records are long gone make room for it.
        """
        ident = int.from_bytes(self._randomness(_ID_BYTES), "big")
        secret = self._randomness(_KEY_BYTES)
        with self._translated():
            self._begin()
            now = self._clock.now_ms()
            self._database.execute("INSERT INTO seals VALUES (?, ?, ?)", (ident, secret, now))
            # Two for each new one, so that there are never many more than the records that still live.
            self._database.execute(
                "DELETE FROM seals WHERE id IN (SELECT id FROM seals WHERE made_at < ? ORDER BY made_at LIMIT 2)",
                (now - SEALS_KEPT_MS,),
            )
        return ident, secret

    def seal(self, ident: int) -> bytes | None:
        """
        The key of a record; None where it was erased.
        """
        rows = self._rows("SELECT secret FROM seals WHERE id = ?", (ident,))
        return rows[0][0] if rows else None

    @property
    def losses(self) -> int:
        """
        How often what was made could not be kept. Who lets others go on before the commit asks for it before the first.
        """
        return self._losses

    def commit(self, losses: int | None = None) -> None:
        """
        Bring what was made to the disk, and learn what others have erased. Raises IdentitiesAway where the next process
        would not find it there, also because somebody else's commit failed since there were so many `losses`: nothing
        may be published then.
        """
        if losses not in (None, self._losses):
            raise IdentitiesAway(f"SQM_IDENTITIES_FILE: {self._path}: what was made meanwhile could not be kept")
        with self._translated():
            if self._database.in_transaction:
                self._database.execute("COMMIT")
            self._require_file()
            version = self._value("PRAGMA data_version")
            if version != self._version:
                self._version = version
                erasures = self._value("SELECT coalesce(max(number), 0) FROM erasures")
                if erasures != self._erasures:
                    self._erasures = erasures
                    self._known.clear()

    def erase(self, identities: Sequence[Identity], seals: Iterable[int], by: str) -> Erasure:
        """
        Forget identities and destroy keys, for good: nothing of them is left in the file or in its log. Keys whose
        records are long gone go, too. Raises Transient where somebody reads for so long that the log stays.
        """
        with self._translated():
            self._require_file()
            self._database.execute("BEGIN IMMEDIATE")
            cursor = self._database.executemany(
                "DELETE FROM identities WHERE whose = ? AND scope = ? AND name = ?", identities
            )
            forgotten = cursor.rowcount if identities else 0
            places = [(ident,) for ident in seals]
            destroyed = self._database.executemany("DELETE FROM seals WHERE id = ?", places).rowcount if places else 0
            now = self._clock.now_ms()
            self._database.execute("DELETE FROM seals WHERE made_at < ?", (now - SEALS_KEPT_MS,))
            record = (now, by, forgotten, destroyed)
            number = self._database.execute(
                "INSERT INTO erasures (erased_at, erased_by, identities, seals) VALUES (?, ?, ?, ?)", record
            ).lastrowid
            self._database.execute("COMMIT")
            self._known.clear()
            self.empty_log()
        return Erasure(number or 0, *record)

    def empty_log(self) -> None:
        """
        Take what is in the write-ahead log into the file, and cut the log off. Raises Transient where a reader keeps
        it.
        """
        (busy, _, _) = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise Transient(f"{self._path}: somebody reads it all the time, so its log stays; erase again")

    def erasures(self) -> list[Erasure]:
        """
        Every erasure there was, the first one first.
        """
        columns = "number, erased_at, erased_by, identities, seals"
        return [Erasure(*row) for row in self._rows(f"SELECT {columns} FROM erasures ORDER BY number", ())]  # noqa: S608

    def _pseudonym(self, scope: str, whose: str, name: str) -> str:
        place = (scope, whose, name)
        known = self._known.get(place)
        if known is None:
            known = name if is_genuine(self._key, whose, name) else self._of(identity_of(whose, name, scope))
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[place] = known
        return known

    def _of(self, identity: Identity) -> str:
        found = self._found(identity)
        if found is not None:
            return found
        made = minted(self._key, identity.whose, self._randomness(SALT_BYTES))
        with self._translated():
            self._begin()
            # Another process may have been first between the look and the lock: then its pseudonym is returned.
            ((stands_for,),) = self._database.execute(
                "INSERT INTO identities VALUES (?, ?, ?, ?) ON CONFLICT (name, whose, scope) "
                "DO UPDATE SET pseudonym = pseudonym RETURNING pseudonym",
                (identity.name, identity.whose, identity.scope, made),
            ).fetchall()
        return str(stands_for)

    def _found(self, identity: Identity) -> str | None:
        rows = self._rows(
            "SELECT pseudonym FROM identities WHERE whose = ? AND scope = ? AND name = ?", tuple(identity)
        )
        return rows[0][0] if rows else None

    def _rows(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        with self._translated():
            return self._database.execute(sql, values).fetchall()

    def _value(self, sql: str) -> int:
        (value,) = self._database.execute(sql).fetchone()
        return int(value)

    def _begin(self) -> None:
        if not self._database.in_transaction:
            self._database.execute("BEGIN IMMEDIATE")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            # What was made and is not kept must not be used again.
            self._known.clear()
            self._losses += 1
            raise IdentitiesAway(f"SQM_IDENTITIES_FILE: {self._path}: {error}") from error

    def _require_file(self) -> None:
        """
        Raise IdentitiesAway unless the files that are open are those that the next process will open.
        """
        gone = self._held.gone()
        if gone is None:
            self._told_gone = False
            return
        with suppress(sqlite3.Error):
            # Then the file itself has everything, and who copies it needs nothing else.
            self._database.execute("PRAGMA wal_checkpoint(PASSIVE)")
        advice = f"move the same file back; or put there {self._held.rescue()} (mode 0600), then start ingest again"
        if not self._told_gone:
            self._told_gone = True
            logger("identities").error(Said.GONE, file=str(gone), advice=advice)
        raise IdentitiesAway(
            f"SQM_IDENTITIES_FILE: {gone} was deleted or replaced while it was open, and nothing is taken: {advice}"
        )

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_name(self._path.name + ".lock").open("w") as lock:
            # Of several processes that start at once, one makes the file.
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._path.touch(mode=0o600)
            database = sqlite3.connect(self._path, isolation_level=None, timeout=_WAIT_SECONDS, check_same_thread=False)
            try:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = FULL")
                database.execute("PRAGMA secure_delete = ON")
                self.made = self._make_ready(database)
            except BaseException:
                # Whatever it was goes on to the caller, and nothing should hold the file open.
                database.close()
                raise
        if self.made:
            logger("identities").warning(
                Said.MADE, file=str(self._path), advice="who was known by another file gets another pseudonym"
            )
        mode = open_to_others(self._path)
        if mode is not None:
            logger("identities").warning(Said.OPEN, file=str(self._path), mode=mode, advice=f"chmod 600 {self._path}*")
        return database

    def _make_ready(self, database: sqlite3.Connection) -> bool:
        """
        Make the tables where there are none yet, and say whether that was so.
        """
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version > _FORMAT:
            raise Misconfigured(f"SQM_IDENTITIES_FILE: {self._path} was written by a newer version; run that one")
        if version == 0:
            self._path.chmod(0o600)
            database.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_FORMAT}; COMMIT")
        database.execute("INSERT OR IGNORE INTO secrets VALUES (?, ?)", (_KEY, self._randomness(_KEY_BYTES)))
        return bool(version == 0)
