"""
The two ways to show a demo: a live screen on a terminal, lines of text anywhere else.
"""

from datetime import tzinfo
from typing import Final, Self

from rich.console import Console
from rich.live import Live

from domain.moments import spoken_duration
from services.cli.demo.scene import Row
from services.cli.demo.status import Status
from services.cli.demo.view import View, figure
from services.runtime.clock import Clock

__all__ = ["LineStage", "ScreenStage"]

_LINES_EVERY_MS: Final = 5_000


class ScreenStage:
    """
    The live view, on a screen of its own, so that what stood in the terminal before comes back afterwards.
    """

    def __init__(self, console: Console, zone: tzinfo) -> None:
        self._console = console
        self._zone = zone
        self._live = Live(console=console, screen=True, auto_refresh=False)
        self._open = False

    def say(self, words: str) -> None:
        if not self._open:
            self._console.print(f"· {words} …", style="dim")

    def show(self, status: Status) -> None:
        if not self._open:
            self._live.start()
            self._open = True
        self._live.update(View(status, self._zone), refresh=True)

    def close(self) -> None:
        if self._open:
            self._live.stop()
            self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class LineStage:
    """
    A few lines every five seconds, and one for whatever happens to an alert: for logs, and for whoever reads them
    afterwards.
    """

    def __init__(self, console: Console, clock: Clock) -> None:
        self._console = console
        self._clock = clock
        self._last_ms = clock.monotonic_ms() - _LINES_EVERY_MS
        self._told = 0

    def say(self, words: str) -> None:
        self._print(f"· {words}")

    def show(self, status: Status) -> None:
        for one in status.happenings:
            if one.number > self._told:
                self._told = one.number
                self._print(f"{status.clock} · alert {one.word}: {one.what}: {one.more}")
        now = self._clock.monotonic_ms()
        if now - self._last_ms < _LINES_EVERY_MS:
            return
        self._last_ms = now
        oldest = spoken_duration(status.oldest_seconds * 1_000)
        self._print(
            f"{status.clock} · {status.phase}: {status.accepted:,} events in, "
            f"{status.decided:,} decided, {status.lag:,} still to decide; "
            f"{status.open_journeys:,} journeys open, the oldest clock runs for {oldest}; "
            f"{status.waiting_too_long:,} over a limit, {status.at_risk:,} at risk"
        )
        if status.rows:
            self._print("       " + "  ".join(_short(row) for row in status.rows))

    def _print(self, text: str) -> None:
        self._console.print(text, soft_wrap=True, highlight=False, markup=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return


def _short(row: Row) -> str:
    if row.value is None:
        return f"{row.standard.metadata.id} –"
    sign = {True: "kept", False: "missed", None: "too few"}[row.keeps]
    return f"{row.standard.metadata.id} {figure(row)} ({sign})"
