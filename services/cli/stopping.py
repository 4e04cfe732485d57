"""
What Ctrl-C and SIGTERM ask of a command that runs until then.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["on_signals", "stop_of_signals"]

_ASKING: Final = (signal.SIGINT, signal.SIGTERM)


def stop_of_signals() -> asyncio.Event:
    """
    An event that SIGINT and SIGTERM set, for as long as the loop runs.
    """
    stop = asyncio.Event()
    _hear(stop.set)
    return stop


@contextmanager
def on_signals(asked: Callable[[], None]) -> Iterator[None]:
    """
    Call `asked` at each SIGINT and SIGTERM meanwhile; afterwards they do what they do by default.
    """
    _hear(asked)
    try:
        yield
    finally:
        loop = asyncio.get_running_loop()
        for which in _ASKING:
            loop.remove_signal_handler(which)


def _hear(asked: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for which in _ASKING:
        loop.add_signal_handler(which, asked)
