"""
The files of a SQLite database that stays open: whether they are still those that whoever comes next will open, and how
to get back what was deleted meanwhile.
"""

import os
import stat
from pathlib import Path
from typing import Final

__all__ = ["HeldFile", "open_to_others"]

_OTHERS: Final = stat.S_IRWXO
"""The owner's group may: a volume of a cluster has one of its own."""


class HeldFile:
    """
    A database that is open, and its write-ahead log, which is there from the first look on for as long as anybody has
    it open.
    """

    def __init__(self, path: Path) -> None:
        self._files = [(file, _node(file)) for file in (path, path.with_name(f"{path.name}-wal"))]

    def gone(self) -> Path | None:
        """
        The file that was deleted or replaced; None while all is as it was.
        """
        return next((file for file, node in self._files if _node(file) != node), None)

    def rescue(self) -> str:
        """
        Say how to get a deleted database back: as long as it is open its bytes are there, without a name.
        """
        _, wanted = self._files[0]
        handles = Path(f"/proc/{os.getpid()}/fd")
        held = next((one for one in _listed(handles) if _node(one) == wanted), None)
        return f"a copy of {held}, which this process holds until it ends" if held else "the newest backup"


def open_to_others(path: Path) -> str | None:
    """
    The mode of a file that others than its owner and group may read or write, in octal; None for any other.
    """
    mode = stat.S_IMODE(path.stat().st_mode)
    return f"{mode:04o}" if mode & _OTHERS else None


def _node(file: Path) -> tuple[int, int] | None:
    """
    Which file a path leads to, whatever it is called; None where there is none.
    """
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
