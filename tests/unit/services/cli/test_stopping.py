"""
SIGINT and SIGTERM are heard by who asked to hear them, and only while they do.
"""

import asyncio
import os
import signal

import pytest

from services.cli.stopping import on_signals, stop_of_signals

SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.mark.parametrize("which", SIGNALS)
async def test_each_signal_is_heard_until_nobody_listens(which: signal.Signals) -> None:
    heard: asyncio.Queue[None] = asyncio.Queue()
    with on_signals(lambda: heard.put_nowait(None)):
        for _ in range(2):
            os.kill(os.getpid(), which)
            await heard.get()
    assert not asyncio.get_running_loop().remove_signal_handler(which)


@pytest.mark.parametrize("which", SIGNALS)
async def test_each_signal_sets_the_event(which: signal.Signals) -> None:
    stop = stop_of_signals()
    try:
        os.kill(os.getpid(), which)
        await stop.wait()
    finally:
        assert all(map(asyncio.get_running_loop().remove_signal_handler, SIGNALS))
