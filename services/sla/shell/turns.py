"""
How long work that nobody waits for may keep the loop to itself, and how often it is done.
"""

import asyncio

from services.runtime.clock import Clock

__all__ = ["Hold", "Pace"]

HOLD_MS = 2
"""How long such work keeps everybody else waiting at a time: what a violation may lose on its way out."""
PAUSE_SECONDS = 0.001
"""How long it then waits; a turn of the loop is not enough, since a record needs many from its fetch to its outcome."""


class Hold:
    """
    The stretches of time in which the loop is kept, cut short so that others get their turns.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since = clock.monotonic_ms()
        self._held_ms = 0

    async def pause_if_long(self) -> None:
        if self._clock.monotonic_ms() - self._since >= HOLD_MS:
            self.end()
            await asyncio.sleep(PAUSE_SECONDS)
            self._since = self._clock.monotonic_ms()

    def end(self) -> int:
        """
        Milliseconds held so far.
        """
        self._held_ms += self._clock.monotonic_ms() - self._since
        return self._held_ms


class Pace:
    """
    How long to wait between two rounds: at least `floor_ms`, and `factor` times as long as the last one kept the
    worker from folding (encoding does, waiting for the broker does not).

    So checkpoints take at most one part in `factor` + 1 of the worker's time, however large the state gets; the price
    is that a successor has more to read again.
    """

    def __init__(self, *, floor_ms: int = 1_000, factor: int = 10) -> None:
        self._floor_ms = floor_ms
        self._factor = factor

    def wait_ms(self, busy_ms: int) -> int:
        return max(self._floor_ms, self._factor * busy_ms)
