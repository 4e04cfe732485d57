"""
The follower: which file comes next, and which whole lines in it are new.

pygtail and its like move their position when a line is read, not when it is acknowledged, and do not bring it onto the
disk; that is the one thing needed here, so this is code of our own.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from services.cli.tailing.position import Position, fingerprint_of
from services.runtime.errors import Misconfigured

__all__ = ["Chunk", "Follower"]

_AT_ONCE: Final = 256 * 1024
_MOST_AT_ONCE: Final = 4 * 1024 * 1024
"""What has no end of line by then is handed on as it is: the reader of rows refuses it by name."""
_SHORTEST_RECOGNISED: Final = 16
"""Bytes. A file with another inode is told by what stands in it, and less than that says nothing."""


class Chunk(NamedTuple):
    """
    Whole lines of one file that follow one another.
    """

    file: str
    header: bytes
    """The first line of the file, where the chunk begins behind it."""
    lines: bytes
    line: int
    """How many lines of the file stand before them."""
    after: Position
    """Where to go on once they are acknowledged."""


class _OpenFile:
    """
    One file, held open, so that it stays readable whatever its name becomes.
    """

    def __init__(self, path: Path, descriptor: int, offset: int, line: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._offset = offset
        self._line = line
        self._header = b""
        self._fingerprint = fingerprint_of(descriptor, offset)

    @property
    def identity(self) -> tuple[int, int]:
        known = os.fstat(self._descriptor)
        return known.st_dev, known.st_ino

    @property
    def modified_ns(self) -> int:
        return os.fstat(self._descriptor).st_mtime_ns

    def position(self) -> Position:
        device, inode = self.identity
        return Position(device, inode, self._offset, self._line, self._fingerprint, self.modified_ns)

    def still_holds_what_was_read(self) -> bool:
        size = os.fstat(self._descriptor).st_size
        return size >= self._offset and fingerprint_of(self._descriptor, self._offset) == self._fingerprint

    def read(self, *, unfinished: bool = False) -> Chunk | None:
        """
        The next whole lines; with `unfinished` also a last one without an end, since nobody writes on.
        """
        most = _AT_ONCE
        while True:
            found = os.pread(self._descriptor, most, self._offset)
            end = found.rfind(b"\n") + 1
            if end or len(found) < most or most >= _MOST_AT_ONCE:
                break
            most *= 2
        if not end and (unfinished or len(found) >= _MOST_AT_ONCE):
            end = len(found)
        if not end:
            return None
        header, line = self._header_before(), self._line
        self._offset += end
        self._line += found.count(b"\n", 0, end)
        self._fingerprint = fingerprint_of(self._descriptor, self._offset)
        return Chunk(str(self.path), header, found[:end], line, self.position())

    def close(self) -> None:
        os.close(self._descriptor)

    def _header_before(self) -> bytes:
        if not self._offset:
            return b""
        if not self._header:
            begin = os.pread(self._descriptor, min(self._offset, _MOST_AT_ONCE), 0)
            self._header = begin[: begin.find(b"\n") + 1]
        return self._header


class Follower:
    """
    Hands out the lines of a file chunk by chunk, from a position on, and goes on into its successors when it is
    rotated: renamed and made anew, or copied and cut off. `tell` hears what people should know.
    """

    def __init__(self, path: Path, position: Position | None, tell: Callable[[str], object]) -> None:
        self._path = path
        self._tell = tell
        self._begin_at = position
        self._file: _OpenFile | None = None
        self._done: dict[tuple[int, int], int] = {}
        """Files that were read to their end, with the instant of their last line: an inode may be used again."""
        name, suffix = re.escape(path.stem), re.escape(path.suffix)
        # queue_log.1, queue_log-20260131, calls.csv.2, calls-20260131.csv
        self._rotated = re.compile(rf"{name}(?:{suffix}[.\-_]\d[\d\-_.T]*|[.\-_]\d[\d\-_.T]*{suffix})", re.ASCII)

    def begin(self) -> Position | None:
        """
        The beginning of the file, where there is no position yet: kept before anything is read, it names the file.
        """
        if self._begin_at is None and self._file is None:
            self._file = _opened(self._path)
            return None if self._file is None else self._file.position()
        return None

    def next(self) -> Chunk | None:
        """
        The next lines; None where there are none by now.
        """
        while True:
            if self._file is None:
                self._file = self._resumed()
                if self._file is None:
                    return None
            if not self._file.still_holds_what_was_read():
                self._file = self._cut_off(self._file)
                continue
            if chunk := self._file.read():
                return chunk
            successor = self._successor(self._file)
            if successor is None:
                return None
            # Whoever writes has gone over to the successor by now, so that nothing more comes into this one.
            if chunk := self._file.read(unfinished=True):
                successor.close()
                return chunk
            self._done[self._file.identity] = self._file.modified_ns
            self._file.close()
            self._file = successor

    def close(self) -> None:
        """
        Let go of the file.
        """
        if self._file is not None:
            self._file.close()
            self._file = None

    def _resumed(self) -> _OpenFile | None:
        position = self._begin_at
        if position is None:
            return _opened(self._path)
        if found := self._recognised(position):
            self._begin_at = None
            return found
        begin = self._oldest_since(position.modified_ns) or _opened(self._path)
        if begin is None:
            # It was moved away, and nothing new stands in its place yet.
            return None
        self._begin_at = None
        self._tell(
            f"{self._path}: what was read up to line {position.line} is in no file of its folder any more; going on "
            f"with {begin.path.name}. Lines that followed it may be missing: `sqm reconcile` adds them from an export"
        )
        return begin

    def _cut_off(self, file: _OpenFile) -> _OpenFile | None:
        position = file.position()
        file.close()
        if found := self._recognised(position):
            return found
        self._tell(
            f"{file.path}: it was cut off or written anew, and no copy of it holds what was read up to line "
            f"{position.line}; starting at its beginning"
        )
        return _opened(self._path)

    def _recognised(self, position: Position) -> _OpenFile | None:
        """
        The file that holds what was read: under its name, else under another, else a copy.
        """
        same = (position.device, position.inode)
        # Of several copies the longest is the one that was made last.
        others = sorted(self._files(), key=lambda found: (found.identity != same, -found.size))
        here = [found for found in others if found.path == self._path and found.identity == same]
        for found in (*here, *others):
            known = found.identity == same
            if found.size < position.offset or not (known or position.offset >= _SHORTEST_RECOGNISED):
                continue
            file = _opened_if_possible(found.path, position.offset, position.line)
            if file is not None and file.position().fingerprint == position.fingerprint:
                return file
            if file is not None:
                file.close()
        return None

    def _successor(self, file: _OpenFile) -> _OpenFile | None:
        here = _looked_at(self._path)
        if here is not None and here.identity == file.identity:
            return None
        if older := self._oldest_since(file.modified_ns, file.identity):
            return older
        return _opened(self._path) if here is not None and here.size else None

    def _oldest_since(self, modified_ns: int, but: tuple[int, int] | None = None) -> _OpenFile | None:
        """
        The first of the rotated files that were written to since, and that nobody has read.
        """
        since = [
            found
            for found in self._files()
            if found.modified_ns >= modified_ns
            and found.size
            and found.identity != but
            and found.modified_ns > self._done.get(found.identity, -1)
            and self._rotated.fullmatch(found.path.name)
        ]
        first = min(since, key=lambda found: found.modified_ns, default=None)
        return None if first is None else _opened_if_possible(first.path)

    def _files(self) -> Iterator["_Seen"]:
        try:
            with os.scandir(self._path.parent) as entries:
                names = [Path(entry.path) for entry in entries]
        except OSError as error:
            raise Misconfigured(f"{self._path.parent}: cannot be looked into: {error.strerror}") from error
        return (found for found in map(_looked_at, names) if found is not None)


class _Seen(NamedTuple):
    path: Path
    identity: tuple[int, int]
    size: int
    modified_ns: int


def _looked_at(path: Path) -> _Seen | None:
    try:
        known = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(known.st_mode):
        return None
    return _Seen(path, (known.st_dev, known.st_ino), known.st_size, known.st_mtime_ns)


def _opened_if_possible(path: Path, offset: int = 0, line: int = 0) -> _OpenFile | None:
    try:
        return _OpenFile(path, os.open(path, os.O_RDONLY), offset, line)
    except OSError:
        return None


def _opened(path: Path) -> _OpenFile | None:
    try:
        # Without O_NONBLOCK a pipe would be waited for until somebody writes into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read: {error.strerror}; it must be readable to be followed") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Misconfigured(f"{path}: no file any more, but a folder, a pipe or a device; only a file can be followed")
    return _OpenFile(path, descriptor, 0, 0)
