"""
The one place where a clock is read; everything else is handed the time as an argument.
"""

import time
from typing import Protocol

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    """
    What tells the time to a shell, so that a test can tell another one.

    Both readings are integer milliseconds. `now_ms` is UTC since the epoch and may jump when the machine's clock is
    set; `monotonic_ms` has no meaning but in differences, and never runs backwards: deadlines are counted on it.
    """

    def now_ms(self) -> int: ...

    def monotonic_ms(self) -> int: ...


class SystemClock:
    """
    The clock of the machine, for `app.py` to hand to the shells.
    """

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000
