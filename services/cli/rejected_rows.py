"""
Rejected rows on their way out of the command line: to a file of JSON lines, or as dead letters.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self, TextIO

from services.ingest.engine.rows import RejectedRow
from services.runtime.deadletter import DeadLetter
from services.runtime.errors import Misconfigured

__all__ = ["RejectedFile", "dead_letter_of"]

_LONGEST_VALUE: Final = 512 * 1024
"""Half of what the topic of dead letters takes, for a row may be a damaged file in one line."""


class RejectedFile:
    """
    The file that was asked for with --rejected; without one, rows are only counted. `add` keeps what it holds.
    """

    def __init__(self, path: Path | None, *, add: bool = False) -> None:
        self._path = path
        self._mode: Literal["a", "w"] = "a" if add else "w"
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            try:
                self._file = self._path.open(self._mode, encoding="utf-8")
            except OSError as error:
                raise Misconfigured(f"--rejected {self._path}: cannot be written: {error.strerror}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, row: RejectedRow) -> None:
        """
        Append a row.
        """
        if self._file is not None:
            told = row._asdict() | {"raw": row.raw.encode("utf-8", "backslashreplace").decode()}
            self._file.write(json.dumps(told, ensure_ascii=False) + "\n")

    def keep(self, rows: Iterable[RejectedRow]) -> None:
        """
        Append rows, onto the disk.
        """
        if self._file is not None:
            for row in rows:
                self.write(row)
            self._file.flush()
            os.fsync(self._file.fileno())


def dead_letter_of(row: RejectedRow, encoding: str, now_ms: int) -> DeadLetter:
    """
    The dead letter of a row: its bytes as they stood in the file, with file, line, field and reason. What is too long
    for a letter is cut, and the letter says so.
    """
    value = row.raw.encode(encoding, "surrogateescape")
    cut = f"; cut to {_LONGEST_VALUE} bytes, the rest is in the file only" if len(value) > _LONGEST_VALUE else ""
    return DeadLetter(
        reason=row.reason.value,
        stage="mapping",
        detail=row.detail + cut,
        key=None,
        value=value[:_LONGEST_VALUE],
        headers=(),
        first_failed_at=now_ms,
        file=row.file,
        line=row.line,
        field=row.field,
    )
