"""
Waits for a condition with a deadline, the only way in which a test may wait.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from select import select

from services.runtime.clock import SystemClock

_LOOK_EVERY_SECONDS = 0.02


def wait_until(condition: Callable[[], bool], what: str, within_seconds: float = 30.0) -> None:
    """
    Return once the condition holds; fail, naming what was waited for, when it does not in time.
    """
    clock = SystemClock()
    deadline = clock.monotonic_ms() + int(within_seconds * 1000)
    while not condition():
        assert clock.monotonic_ms() < deadline, f"waited {within_seconds:g} s in vain for {what}"
        select([], [], [], _LOOK_EVERY_SECONDS)


async def until(condition: Callable[[], bool]) -> None:
    """
    The same where the event loop has to go on meanwhile.
    """
    clock = SystemClock()
    deadline = clock.monotonic_ms() + 20_000
    while not condition():
        assert clock.monotonic_ms() < deadline
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.01)
