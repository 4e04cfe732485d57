"""
Waits for a condition with a deadline, the only way in which a test may wait.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from select import select

from services.runtime.clock import SystemClock

PATIENCE_SECONDS = 60.0
"""
Nobody who waits in vain is in a hurry; and where two tests and a broker share a core, a program that is up in two
seconds elsewhere takes fifteen.
"""
_LOOK_EVERY_SECONDS = 0.02


def wait_until(condition: Callable[[], bool], what: str, within_seconds: float = PATIENCE_SECONDS) -> None:
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
    deadline = clock.monotonic_ms() + int(PATIENCE_SECONDS * 1000)
    while not condition():
        assert clock.monotonic_ms() < deadline, f"waited {PATIENCE_SECONDS:g} s in vain"
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.01)
