"""
A log as other programs write it: line by line, rotated by renaming or by copying, cut off, in halves.
"""

import os
import shutil
from pathlib import Path

__all__ = ["RotatingLog"]


class RotatingLog:
    """
    Writes to a file, and remembers every line that it wrote.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written: list[str] = []
        self._half = ""
        self._file = path.open("a")

    def line(self, text: str) -> None:
        """
        Write one line, or the rest of one that was begun.
        """
        self.written.append(self._half + text)
        self._half = ""
        self._write(text + "\n")

    def half(self, text: str) -> None:
        """
        Begin a line.
        """
        self._half += text
        self._write(text)

    def rename(self) -> None:
        """
        Rotate as logrotate does it: older files move on by one, and a new file begins.
        """
        self._shift()
        self.path.rename(self._numbered(1))
        self.reopen()

    def rename_in_sequence(self) -> None:
        """
        Rotate as Asterisk itself does it: the newest has the greatest number.
        """
        number = 1 + max((int(one.suffix[1:]) for one in self.path.parent.glob(f"{self.path.name}.[0-9]*")), default=0)
        self.path.rename(self._numbered(number))
        self.reopen()

    def move_away(self) -> None:
        """
        The first half of a rotation: whoever writes has not heard of it yet.
        """
        self._shift()
        self.path.rename(self._numbered(1))

    def reopen(self) -> None:
        """
        The second half: the writer goes over to a new file.
        """
        self._file.close()
        self._file = self.path.open("a")

    def copy_and_cut(self) -> None:
        """
        Rotate by `copytruncate`.
        """
        self._shift()
        shutil.copyfile(self.path, self._numbered(1))
        os.truncate(self.path, 0)

    def close(self) -> None:
        """
        Write no more.
        """
        self._file.close()

    def _write(self, text: str) -> None:
        self._file.write(text)
        self._file.flush()

    def _shift(self) -> None:
        number = 1
        while self._numbered(number).exists():
            number += 1
        for older in range(number - 1, 0, -1):
            self._numbered(older).rename(self._numbered(older + 1))

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")
