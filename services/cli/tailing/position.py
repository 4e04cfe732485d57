"""
The position: how far a file has been read and acknowledged, and which file that was.

Neither a name nor an inode is enough for that: names move on when a log is rotated, inodes are used again, and a copy
has another one. So what had been read is recognised by its first and its last bytes.
"""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from services.runtime.errors import Misconfigured

__all__ = ["Position", "PositionFile", "fingerprint_of"]

_FORMAT: Final = "sqm-position/1"
_LOOKED_AT: Final = 1_024
"""Bytes at either end of what was read."""


class Position(msgspec.Struct, frozen=True):
    """
    A place in a file, between two lines.
    """

    device: int
    inode: int
    offset: int
    """Bytes before it."""
    line: int
    """Lines before it."""
    fingerprint: str
    """Of the bytes before it."""
    modified_ns: int
    """When the file had last been written to, nanoseconds since 1970."""


class _Contents(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    file: str
    mapping: str
    position: Position


def fingerprint_of(descriptor: int, offset: int) -> str:
    """
    The fingerprint of an open file's first `offset` bytes: of those at their beginning and at their end.
    """
    seen = hashlib.sha256(os.pread(descriptor, min(offset, _LOOKED_AT), 0))
    seen.update(os.pread(descriptor, min(offset, _LOOKED_AT), max(0, offset - _LOOKED_AT)))
    return seen.hexdigest()


class PositionFile:
    """
    Where the position of one followed file and one mapping is kept; written in one step and onto the disk.
    """

    def __init__(self, path: Path, file: Path, mapping: str) -> None:
        self._path = path
        self._file = os.path.realpath(file)
        self._mapping = mapping

    def read(self) -> Position | None:
        """
        The position; None where there is none yet. Raises Misconfigured where it is another file's or damaged.
        """
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Misconfigured(f"--position {self._path}: cannot be read: {error.strerror}") from error
        again = "; name another, or remove it to send the file from its beginning (ids are the same, nothing doubles)"
        try:
            held = msgspec.json.decode(raw, type=_Contents)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Misconfigured(f"--position {self._path}: no position: {error}{again}") from error
        if held.format != _FORMAT:
            raise Misconfigured(f"--position {self._path}: format {held.format[:40]!r}, not {_FORMAT!r}{again}")
        if (held.file, held.mapping) != (self._file, self._mapping):
            of = f"{held.file[:200]} by the mapping {held.mapping[:80]}"
            raise Misconfigured(f"--position {self._path}: it is of {of}{again}")
        return held.position

    def write(self, position: Position) -> None:
        """
        Keep a position; whoever looks, also after the power went, finds this one or the one before. Raises
        Misconfigured.
        """
        contents = msgspec.json.encode(_Contents(_FORMAT, self._file, self._mapping, position))
        temporary = None
        try:
            handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
            with os.fdopen(handle, "wb") as file:
                file.write(contents + b"\n")
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            if temporary is not None:
                with contextlib.suppress(OSError):
                    Path(temporary).unlink(missing_ok=True)
            problem = f"cannot be written: {error.strerror}; name a file in a folder that may be written"
            raise Misconfigured(f"--position {self._path}: {problem}") from error
