"""
The heartbeat: a watchdog elsewhere is told every minute that the line from a violation to a message is whole, and
raises the alarm itself when it hears nothing. Whoever watches others must be watched from outside.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final, Protocol

from schemas.base import Millis
from services.alerts.shell.notifiers import AddressFault, Poster
from services.alerts.shell.office import Progress
from services.runtime.clock import Clock
from services.runtime.errors import Rejected, ServiceError, Unreachable
from services.runtime.logs import Logger

__all__ = ["Broken", "Heartbeat", "Line", "Said", "WholeLine", "posting"]

ROUND_MS: Final = 30_000
"""How long a round may take at most: then reading or saving hangs."""
STUCK_MS: Final = 300_000
"""How long messages may wait while none arrives anywhere."""

PATIENCE_SECONDS: Final = 10


class Said(StrEnum):
    """
    The log events of this module.
    """

    SILENT = "heartbeat_left_out"
    FAILED = "heartbeat_not_delivered"


class Broken(StrEnum):
    """
    Why no heartbeat is sent.
    """

    STANDS_BY = "stands_by"
    """Another process works, and sends it."""
    NOT_SAVED = "no_round_finished"
    NOT_FOLLOWING = "violations_not_followed"
    STUCK = "deliveries_stuck"


class Line(Protocol):
    """
    What is looked at: how far the office has got, where the topic of violations ends, and what waits to be delivered.
    """

    def progress(self) -> Progress | None: ...

    async def ends(self) -> Mapping[int, int]: ...

    def waiting(self) -> tuple[int, Millis | None]:
        """How many messages wait, and when one last arrived."""
        ...


class Heartbeat:
    """
    ``send`` tells the watchdog; raises a ServiceError where it cannot. ``run`` for as long as the service runs.
    """

    def __init__(
        self, line: Line, send: Callable[[], Awaitable[None]], *, every_seconds: float, clock: Clock, log: Logger
    ) -> None:
        self._line = line
        self._send = send
        self._every_seconds = every_seconds
        self._clock = clock
        self._log = log
        self._ends: Mapping[int, int] = {}
        self._moved_at: Millis = clock.monotonic_ms()

    async def run(self) -> None:
        """
        Never returns.
        """
        while True:
            await self.beat()
            await asyncio.sleep(self._every_seconds)

    async def beat(self) -> None:
        """
        Look once, and send or leave out one heartbeat.
        """
        try:
            broken = await self.broken()
            if broken is None:
                await self._send()
            elif broken is not Broken.STANDS_BY:
                self._log.error(Said.SILENT, reason=broken.value)
        except ServiceError as error:
            self._log.error(Said.FAILED, problem=str(error))

    async def broken(self) -> Broken | None:
        """
        What is broken of the line; None where it is whole. Violations are followed where all is contained that was on
        the topic the last time.
        """
        now, progress = self._clock.monotonic_ms(), self._line.progress()
        if progress is None:
            self._ends = {}
            return Broken.STANDS_BY
        waiting, arrived_at = self._line.waiting()
        self._moved_at = now if waiting == 0 else max(self._moved_at, arrived_at or 0)
        if now - progress.worked_at > ROUND_MS:
            return Broken.NOT_SAVED
        behind = any(progress.positions.get(number, 0) < end for number, end in self._ends.items())
        if behind:
            return Broken.NOT_FOLLOWING
        self._ends = await self._line.ends()
        return Broken.STUCK if now - self._moved_at > STUCK_MS else None


def posting(poster: Poster, url: str, *, private: bool, clock: Clock) -> Callable[[], Awaitable[None]]:
    """
    Tell a watchdog by a POST without a body. `private` says that it may be in a private network.
    """

    async def send() -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await poster.post(url, b"", {}, private=private, now=clock.now_ms())
        except TimeoutError as error:
            raise Unreachable(f"no answer within {PATIENCE_SECONDS} s") from error
        except Rejected as error:
            if error.reason != AddressFault.PRIVATE:
                raise
            hint = "the watchdog lies in a private network; SQM_ALERTS_HEARTBEAT_PRIVATE_ADDRESSES=true allows it"
            raise Rejected(error.reason, hint) from error

    return send


class _Asking(Protocol):
    """
    Answers short questions about topics.
    """

    async def partitions_of(self, topic: str) -> list[int]: ...

    async def end_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]: ...


class _Working(Protocol):
    @property
    def progress(self) -> Progress | None: ...


class _Sending(Protocol):
    @property
    def waiting(self) -> int: ...

    @property
    def delivered_at(self) -> Millis | None: ...


class WholeLine:
    """
    The line of this process; `topic` is the cluster name of the topic of violations.
    """

    def __init__(self, office: _Working, asking: _Asking, topic: str, delivering: _Sending) -> None:
        self._office = office
        self._asking = asking
        self._topic = topic
        self._delivering = delivering

    def progress(self) -> Progress | None:
        return self._office.progress

    async def ends(self) -> Mapping[int, int]:
        return await self._asking.end_offsets(self._topic, await self._asking.partitions_of(self._topic))

    def waiting(self) -> tuple[int, Millis | None]:
        return self._delivering.waiting, self._delivering.delivered_at
