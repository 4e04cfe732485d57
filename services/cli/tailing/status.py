"""
The status of a tail: one line that is kept up to date on a terminal, now and then a plain line elsewhere.
"""

from typing import Final, TextIO

from services.cli.loading import Summary
from services.cli.tailing.follower import Chunk
from services.runtime.clock import Clock

__all__ = ["Status"]

_EVERY_MS: Final = 60_000
_ON_A_TERMINAL_EVERY_MS: Final = 250
_TO_ITS_BEGINNING: Final = "\r\x1b[K"


class Status:
    """
    Says how far a tail is. Goes to standard error.
    """

    def __init__(self, summary: Summary, clock: Clock, stream: TextIO) -> None:
        self._summary = summary
        self._clock = clock
        self._stream = stream
        self._live = stream.isatty()
        self._said_at = self._heard_at = clock.monotonic_ms()
        self._where = ""
        self._said = ""
        self._waiting = False

    def acknowledged(self, chunk: Chunk) -> None:
        """
        So far everything has arrived.
        """
        if self._waiting:
            self._waiting = False
            self.tell("events are taken again")
        self._heard_at = self._clock.monotonic_ms()
        self._where = f"{chunk.file}: line {chunk.after.line:,}"
        self._say(f"{self._where}, {self._counts()}")

    def at_the_end(self) -> None:
        """
        There is nothing new.
        """
        if not self._live:
            self._say(f"{self._where}, {self._counts()}" if self._where else "")
            return
        quiet = (self._clock.monotonic_ms() - self._heard_at) // 1_000
        self._say(f"{self._where or 'no line yet'}, {self._counts()}; at the end, nothing new for {quiet} s")

    def waiting(self, why: str) -> None:
        """
        Nobody takes events; said once until somebody does.
        """
        if not self._waiting:
            self._waiting = True
            self.tell(f"{why}; the position stays where it is, trying again")

    def tell(self, text: str) -> None:
        """
        Say what people should know, on a line of its own.
        """
        self._stream.write(f"{_TO_ITS_BEGINNING if self._live else ''}{text}\n")
        self._stream.flush()
        self._said = ""

    def close(self) -> None:
        """
        Leave the line to whoever writes next.
        """
        if self._live:
            self._stream.write(_TO_ITS_BEGINNING)
            self._stream.flush()

    def _say(self, text: str) -> None:
        now = self._clock.monotonic_ms()
        if text == self._said or now - self._said_at < (_ON_A_TERMINAL_EVERY_MS if self._live else _EVERY_MS):
            return
        self._said_at, self._said = now, text
        self._stream.write(f"{_TO_ITS_BEGINNING}{text}" if self._live else f"{text}\n")
        self._stream.flush()

    def _counts(self) -> str:
        summary = self._summary
        parts = [f"{summary.accepted:,} events acknowledged"]
        parts += [
            f"{count:,} {word}"
            for count, word in ((summary.rejected, "rows rejected"), (summary.refused, "refused"))
            if count
        ]
        return ", ".join(parts)
