"""
Room on the disk that is kept for striking off: on a full disk even a deletion needs some, and an agent that can neither
take nor strike off would be stuck for good.
"""

import os
from pathlib import Path
from typing import Final

__all__ = ["RESERVE_BYTES", "Reserve"]

RESERVE_BYTES: Final = 8 * 1024 * 1024
"""Twice what the write-ahead log holds before it is written back."""


class Reserve:
    """
    A file of that size beside the agent's own, with nothing in it.
    """

    def __init__(self, path: Path, size: int = RESERVE_BYTES) -> None:
        self._path = path
        self._size = size
        self._is_there = False

    def make(self) -> bool:
        """
        Take the room, unless it is taken; say whether that could be done.
        """
        if self._is_there:
            return True
        try:
            with self._path.open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, self._size)
        except OSError:
            self.release()
            return False
        self._is_there = True
        return True

    def release(self) -> None:
        """
        Give the room back to the disk.
        """
        self._is_there = False
        if self._path.is_file():
            self._path.unlink()
