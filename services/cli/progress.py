"""
Progress of long work: a bar with rate and time left on a terminal, now and then a plain line elsewhere.

It goes to standard error, so that what a command answers can be piped on.
"""

import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from services.runtime.clock import Clock

__all__ = ["DayProgress", "FileProgress"]

_EVERY_MS: Final = 5_000
_MEGA: Final = 1_000_000


class _Progress:
    """
    A bar on a terminal; elsewhere a line every few seconds, which whoever counts writes.
    """

    def __init__(
        self, what: str, total: int, columns: Sequence[ProgressColumn], clock: Clock, stream: TextIO | None
    ) -> None:
        self._what = what
        self._total = total
        self._columns = columns
        self._clock = clock
        self._stream = sys.stderr if stream is None else stream
        self._bar: Progress | None = None
        self._begun = self._said = 0

    def __enter__(self) -> Self:
        self._begun = self._said = self._clock.monotonic_ms()
        if self._stream.isatty():
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                *self._columns,
                TimeRemainingColumn(),
                console=Console(file=self._stream),
                transient=True,
            )
            self._bar.start()
            self._bar.add_task(self._what, total=self._total)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _say(self, done: int, description: str, line: Callable[[], str]) -> None:
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, description=description)
            return
        now = self._clock.monotonic_ms()
        if now - self._said >= _EVERY_MS:
            self._said = now
            self._stream.write(f"{self._what}: {line()}\n")
            self._stream.flush()


class FileProgress(_Progress):
    """
    How far the reading of files is, in bytes.
    """

    def __init__(self, what: str, total_bytes: int, clock: Clock, stream: TextIO | None = None) -> None:
        super().__init__(what, total_bytes, (DownloadColumn(), TransferSpeedColumn()), clock, stream)

    def at(self, done_bytes: int, more: str = "") -> None:
        """
        Say how many bytes are done; `more` is added to what is shown.
        """
        self._say(done_bytes, f"{self._what} {more}".strip(), lambda: self._line(done_bytes, more))

    def _line(self, done_bytes: int, more: str) -> str:
        rate = done_bytes * 1_000 / max(1, self._said - self._begun)
        left = f", about {max(0, self._total - done_bytes) / rate:.0f} s left" if rate else ""
        share = f"{done_bytes / self._total:.0%}" if self._total else "100%"
        size = f"{share} of {self._total / _MEGA:.1f} MB, {rate / _MEGA:.1f} MB/s"
        return f"{size}{left}{', ' + more if more else ''}"


class DayProgress(_Progress):
    """
    How far a play of many days is.
    """

    def __init__(self, what: str, days: int, clock: Clock, stream: TextIO | None = None) -> None:
        super().__init__(what, days, (MofNCompleteColumn(), TextColumn("days")), clock, stream)

    def at(self, days: int, events: int) -> None:
        """
        Say how many days are done, and how many events that were.
        """
        told = f"{events:,} events"
        self._say(days, f"{self._what}: {told}", lambda: f"{days} of {self._total} days, {told}")
