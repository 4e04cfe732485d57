"""
Keeps the tokens in one JSON file, shared by the command line, which writes it, and services, which notice changes.
"""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from services.runtime.clock import Clock
from services.runtime.errors import Misconfigured
from services.runtime.logs import logger
from services.runtime.tokens import Token, TokenBook

__all__ = ["DEFAULT_TOKENS_FILE", "TokenFile", "changed_tokens", "read_tokens"]

DEFAULT_TOKENS_FILE: Final = Path("var/tokens.json")
"""Where services and the command line look unless told otherwise."""

_LOOK_EVERY_MS: Final = 1_000
_FORMAT: Final = "sqm/tokens/v1"


class Said(StrEnum):
    """
    The log events of this file.
    """

    LOADED = "tokens_loaded"
    UNREADABLE = "tokens_unreadable"


class _Contents(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    tokens: list[Token]


def read_tokens(path: Path) -> list[Token]:
    """
    Read the file; raises Misconfigured with the reason where there is none or it is not what it should be.
    """
    try:
        contents = msgspec.json.decode(path.read_bytes(), type=_Contents)
    except OSError as error:
        raise Misconfigured(
            f"tokens: {path} cannot be read: {error.strerror}; make it with `sqm tokens create`"
        ) from error
    except msgspec.MsgspecError as error:
        raise Misconfigured(f"tokens: {path}: {error}; restore it, or make new tokens") from error
    if contents.format != _FORMAT:
        raise Misconfigured(f"tokens: {path}: format is {contents.format[:40]!r}, this version reads {_FORMAT!r}")
    return contents.tokens


@contextmanager
def changed_tokens(path: Path) -> Iterator[list[Token]]:
    """
    Give the list of tokens to change in place, and write it back in one step: no reader sees half a file, no two
    writers lose each other's change, and only the owner can read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tokens = read_tokens(path) if path.exists() else []
        yield tokens
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(_Contents(_FORMAT, tokens)), indent=2) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(mode)
            Path(temporary).replace(path)
        except BaseException:
            # Whatever ends the writing, a half-written file of tokens must not stay; it goes on to the caller.
            Path(temporary).unlink(missing_ok=True)
            raise


class TokenFile:
    """
    The tokens as a service uses them: looks at most once a second whether the file has changed, and reads it then.

    A file that cannot be read any more leaves the last good tokens in force, since a slip of an editor must not shut
    out every till; `fault` says so until it is mended, and readiness with it.
    """

    def __init__(self, path: Path, clock: Clock, *, loaded: Callable[[TokenBook], None] = lambda _: None) -> None:
        self._path = path
        self._clock = clock
        self._loaded = loaded
        self._log = logger("tokens")
        self._mark: tuple[int, int, int] | None = self._look()
        self._looked_at = clock.monotonic_ms()
        self._book = TokenBook(read_tokens(path))
        self.fault: str | None = None
        self._loaded(self._book)

    def book(self) -> TokenBook:
        now = self._clock.monotonic_ms()
        if now - self._looked_at >= _LOOK_EVERY_MS:
            self._looked_at = now
            mark = self._look()
            if mark != self._mark:
                self._mark = mark
                self._reload()
        return self._book

    def missing(self) -> list[str]:
        """
        Say for readiness what is wrong with the file. It is looked at for this, too: where readiness keeps requests
        away, nothing else would ever notice that the file was mended.
        """
        self.book()
        return [] if self.fault is None else [self.fault]

    def _look(self) -> tuple[int, int, int] | None:
        try:
            seen = self._path.stat()
        except OSError:
            return None
        return (seen.st_mtime_ns, seen.st_size, seen.st_ino)

    def _reload(self) -> None:
        try:
            self._book = TokenBook(read_tokens(self._path))
        except Misconfigured as error:
            self.fault = str(error)
            self._log.error(Said.UNREADABLE, reason=self.fault)
            return
        self.fault = None
        self._loaded(self._book)
        self._log.info(Said.LOADED, tokens=len(self._book))
