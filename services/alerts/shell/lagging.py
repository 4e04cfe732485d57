"""
How far the process that works is behind what was written: asked for every few seconds, told when Prometheus asks.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Mapping
from typing import Final, Protocol

from services.alerts.shell.office import Progress
from services.runtime.clock import Clock
from services.runtime.errors import Transient

__all__ = ["Lagging"]

_LOOK_SECONDS: Final = 5.0


class _Line(Protocol):
    """
    Knows how far the work has got, and where the topic of violations ends.
    """

    def progress(self) -> Progress | None: ...

    def ends(self) -> Awaitable[Mapping[int, int]]: ...


class Lagging:
    """
    `records` are the violations that were written and not taken when somebody last looked; `run` looks until cancelled.
    """

    def __init__(self, line: _Line, clock: Clock) -> None:
        self._line = line
        self._clock = clock
        self.records = 0

    @property
    def round_age_seconds(self) -> float:
        """
        How long ago the last round of taking and saving was finished; 0 where this process stands by.
        """
        progress = self._line.progress()
        return 0 if progress is None else max(0, self._clock.monotonic_ms() - progress.worked_at) / 1_000

    async def run(self) -> None:
        """
        Look again and again; while the broker is away the figure stays what it was.
        """
        while True:
            with contextlib.suppress(Transient):
                await self.look()
            await asyncio.sleep(_LOOK_SECONDS)

    async def look(self) -> None:
        """
        Look once.
        """
        progress = self._line.progress()
        if progress is None:
            self.records = 0
            return
        ends = await self._line.ends()
        self.records = sum(max(0, end - progress.positions.get(number, 0)) for number, end in ends.items())
