"""
Rejected rows on their way out of the command line: to a file of JSON lines, or as dead letters.
"""

import json
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TextIO

from services.ingest.engine.rows import RejectedRow
from services.runtime.deadletter import DeadLetter
from services.runtime.errors import Misconfigured

__all__ = ["RejectedFile", "dead_letter_of"]

_LONGEST_VALUE: Final = 512 * 1024
"""Half of what the topic of dead letters takes, for a row may be a damaged file in one line."""


class RejectedFile:
    """
    The file that was asked for with --rejected; without one, rows are only counted. With `append` it is gone on with,
    and each row is written at once.
    """

    def __init__(self, path: Path | None, *, append: bool = False) -> None:
        self._path = path
        self._append = append
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            try:
                self._file = self._path.open("a" if self._append else "w", encoding="utf-8")
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
            if self._append:
                self._file.flush()


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
