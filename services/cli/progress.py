"""
Progress of long work: a bar with rate and time left on a terminal, now and then a plain line elsewhere.

It goes to standard error, so that what a command answers can be piped on.
"""

import sys
from types import TracebackType
from typing import Final, Self, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from services.runtime.clock import Clock

__all__ = ["DayProgress", "FileProgress"]

_EVERY_MS: Final = 5_000
_MEGA: Final = 1_000_000


class FileProgress:
    """
    How far the reading of files is, in bytes.
    """

    def __init__(self, what: str, total_bytes: int, clock: Clock, stream: TextIO | None = None) -> None:
        self._what = what
        self._total = total_bytes
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
                DownloadColumn(),
                TransferSpeedColumn(),
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

    def at(self, done_bytes: int, more: str = "") -> None:
        """
        Say how many bytes are done; `more` is added to what is shown.
        """
        if self._bar is not None:
            description = f"{self._what} {more}".strip()
            self._bar.update(self._bar.task_ids[0], completed=done_bytes, description=description)
            return
        now = self._clock.monotonic_ms()
        if now - self._said < _EVERY_MS:
            return
        self._said = now
        rate = done_bytes * 1_000 / max(1, now - self._begun)
        left = f", about {max(0, self._total - done_bytes) / rate:.0f} s left" if rate else ""
        share = f"{done_bytes / self._total:.0%}" if self._total else "100%"
        size = f"{share} of {self._total / _MEGA:.1f} MB, {rate / _MEGA:.1f} MB/s"
        self._stream.write(f"{self._what}: {size}{left}{', ' + more if more else ''}\n")
        self._stream.flush()


class DayProgress:
    """
    How far a play of many days is: a bar on a terminal, a line now and then elsewhere.
    """

    def __init__(self, what: str, days: int, clock: Clock, stream: TextIO | None = None) -> None:
        self._what = what
        self._days = days
        self._clock = clock
        self._stream = sys.stderr if stream is None else stream
        self._bar: Progress | None = None
        self._said = 0

    def __enter__(self) -> Self:
        self._said = self._clock.monotonic_ms()
        if self._stream.isatty():
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("days"),
                TimeRemainingColumn(),
                console=Console(file=self._stream),
                transient=True,
            )
            self._bar.start()
            self._bar.add_task(self._what, total=self._days)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def at(self, days: int, events: int) -> None:
        """
        Say how many days are done, and how many events that were.
        """
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=days, description=f"{self._what}: {events:,} events")
            return
        now = self._clock.monotonic_ms()
        if now - self._said >= _EVERY_MS:
            self._said = now
            self._stream.write(f"{self._what}: {days} of {self._days} days, {events:,} events\n")
            self._stream.flush()
