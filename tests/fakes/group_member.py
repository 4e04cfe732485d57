"""
A member of a consumer group without Kafka: a test says what it is assigned, what is revoked, and when it crashes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple


class Place(NamedTuple):
    topic: str
    partition: int


class Signal:
    """
    Calls whoever connected to it.
    """

    def __init__(self) -> None:
        self._handlers: list[Callable[..., Awaitable[None]]] = []

    def connect(self, handler: Callable[..., Awaitable[None]]) -> None:
        self._handlers.append(handler)

    async def send(self, *args: object) -> None:
        for handler in self._handlers:
            await handler(*args, signal=self)


class FakeMember:
    """
    As much of a Faust App as leading needs.
    """

    def __init__(self) -> None:
        self.on_partitions_assigned = Signal()
        self.on_partitions_revoked = Signal()
        self.started = self.stopped = False
        self.crash_reason: BaseException | None = None
        self._crashed = asyncio.Event()
        self.agents: list[Callable[[Any], Awaitable[None]]] = []

    def topic(self, name: str, **_: object) -> str:
        return name

    def agent(self, _topic: str, **_: object) -> Callable[[Callable[[Any], Awaitable[None]]], None]:
        return self.agents.append

    async def start(self) -> None:
        self.started = True

    async def stop(self) -> None:
        self.stopped = True

    async def assign(self, *topics: str) -> None:
        await self.on_partitions_assigned.send(self, {Place(topic, 0) for topic in topics})

    async def revoke(self) -> None:
        await self.on_partitions_revoked.send(self, set())

    def crash(self, reason: BaseException | None) -> None:
        self.crash_reason = reason
        self._crashed.set()
