"""
The way to one receiver: its messages in order within each group, tried again while the receiver may come back.

    receiver ──┬── group, person ── message, message, …      one after the other
               └── group, person ── message                  at most so many attempts at once
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Literal

from domain.backoff import Backoff, Draw, wait_before
from schemas.alerts import Delivery
from schemas.base import Millis
from schemas.receivers import Receiver
from services.alerts.engine.breaker import Admission, Breaker, BreakerRule, admitted, after_failure, at_rest
from services.alerts.shell.notifiers.attempts import Attempt, Ended, attempt
from services.alerts.shell.notifiers.message import Channel, Message
from services.runtime.clock import Clock

__all__ = ["GiveUp", "Group", "Lane", "Record", "Surroundings", "Waiting"]

Record = Callable[[Delivery], None]
"""Is told what became of a message: of each attempt that failed and will be made again, and of the end."""
Group = tuple[str, str | None, str | None]
"""What is kept in order: the group of alerts, the person, and the address."""

_PROBE_MS: Final = 1_000
"""How long to wait for the outcome of another message's probe."""
_PROBLEM: Final = 500


class GiveUp(StrEnum):
    """
    Why a message is given up without the receiver having refused it.
    """

    TOO_LONG = "too_long_undeliverable"
    RECEIVER_GONE = "receiver_gone"
    RECEIVER_FULL = "receiver_full"
    QUEUE_FULL = "queue_full"


def _nobody(_receiver: str, _reason: str) -> None:
    return


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What every lane needs: `pause` waits for so many milliseconds, `redacted` blots secrets out of what is recorded.
    """

    record: Record
    clock: Clock
    draw: Draw
    pause: Callable[[Millis], Awaitable[None]]
    redacted: Callable[[str], str]
    failed: Callable[[str, str], None] = _nobody
    """Is told of each attempt that failed: the receiver, and the named reason."""
    backoff: Backoff = field(default_factory=Backoff)
    rule: BreakerRule = field(default_factory=BreakerRule)

    def tell(
        self,
        message: Message,
        outcome: Literal["delivered", "failed", "given_up", "held_by_breaker"],
        attempts: int,
        problem: str | None,
    ) -> None:
        """
        Record what became of a message.
        """
        notification, now = message.notification, self.clock.now_ms()
        self.record(
            Delivery(
                notification=notification.id,
                at=now,
                receiver=notification.receiver,
                person=notification.person,
                outcome=outcome,
                attempts=attempts,
                took_ms=max(now - notification.at, 0),
                problem=None if problem is None else self.redacted(problem)[:_PROBLEM],
            )
        )


@dataclass(slots=True)
class Waiting:
    """
    A message on its way.
    """

    message: Message
    deadline: Millis
    """When it is given up, on the clock that never runs backwards."""
    attempts: int = 0
    reached: set[str] = field(default_factory=set)
    held: bool = False
    """Whether it was told that the breaker holds it."""


class Lane:
    """
    Sends the messages of one receiver.
    """

    def __init__(self, receiver: Receiver, channel: Channel, around: Surroundings, at_once: int) -> None:
        self._receiver = receiver
        self._channel = channel
        self._around = around
        self._slots = asyncio.Semaphore(at_once)
        self._breaker = Breaker()
        self._groups: dict[Group, deque[Waiting]] = {}
        self._gone = False

    @property
    def receiver(self) -> Receiver:
        return self._receiver

    def configure(self, receiver: Receiver, channel: Channel) -> None:
        """
        Use a receiver as it is configured now, also for what waits: somebody may just have mended it.
        """
        self._receiver, self._channel = receiver, channel
        self._breaker = Breaker()

    def retire(self) -> None:
        """
        The receiver is no longer configured: what waits is given up when its turn comes.
        """
        self._gone = True

    def add(self, waiting: Waiting) -> Group | None:
        """
        Put a message behind the others of its group; return the group where nobody serves it yet.
        """
        notification = waiting.message.notification
        group = (notification.group, notification.person, notification.to)
        line = self._groups.get(group)
        if line is not None:
            line.append(waiting)
            return None
        self._groups[group] = deque([waiting])
        return group

    async def serve(self, group: Group, left: Callable[[Waiting], None]) -> None:
        """
        See each message of a group through, one after the other, until there is none; `left` is told of each.
        """
        line = self._groups[group]
        while line:
            await self._see_through(line[0])
            left(line.popleft())
        del self._groups[group]

    async def _see_through(self, waiting: Waiting) -> None:
        tell, clock = self._around.tell, self._around.clock
        while True:
            if self._gone:
                tell(waiting.message, "given_up", waiting.attempts, GiveUp.RECEIVER_GONE)
                return
            async with self._slots:
                result = await self._try(waiting)
            if result is not None and result.ended in (Ended.DELIVERED, Ended.REFUSED):
                end: Literal["delivered", "given_up"] = "delivered" if result.ended is Ended.DELIVERED else "given_up"
                tell(waiting.message, end, waiting.attempts, result.problem)
                return
            wait = self._wait_after(waiting, result)
            problem = None if result is None else result.problem
            if clock.monotonic_ms() + wait > waiting.deadline:
                last = f"{GiveUp.TOO_LONG}: {problem}" if problem else GiveUp.TOO_LONG.value
                tell(waiting.message, "given_up", waiting.attempts, last)
                return
            if result is not None:
                tell(waiting.message, "failed", waiting.attempts, problem)
            elif not waiting.held:
                waiting.held = True
                tell(waiting.message, "held_by_breaker", waiting.attempts, None)
            await self._around.pause(wait)

    async def _try(self, waiting: Waiting) -> Attempt | None:
        """
        Make an attempt, if the breaker lets it; None: it does not.
        """
        self._breaker, admission = admitted(self._breaker, self._around.clock.monotonic_ms())
        if admission is Admission.HELD:
            return None
        waiting.attempts += 1
        result = await attempt(self._channel, replace(waiting.message, receiver=self._receiver), waiting.reached)
        if result.ended is not Ended.DELIVERED and result.reason is not None:
            self._around.failed(self._receiver.id, result.reason)
        now = self._around.clock.monotonic_ms()
        match result.ended:
            case Ended.DELIVERED | Ended.REFUSED:
                self._breaker = Breaker()
            case Ended.BUSY:
                self._breaker = at_rest(self._breaker, now + (result.rest_ms or 0))
            case Ended.FAILED:
                self._breaker = after_failure(self._breaker, now, self._around.rule)
        return result

    def _wait_after(self, waiting: Waiting, result: Attempt | None) -> Millis:
        if result is not None:
            drawn = wait_before(waiting.attempts + 1, self._around.backoff, self._around.draw)
            return max(drawn, result.rest_ms or 0)
        held_until = self._breaker.held_until or 0
        return max(held_until - self._around.clock.monotonic_ms(), _PROBE_MS)
