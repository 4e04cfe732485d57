"""
Watches the line from outside: follows outcomes and alerts into their scenes, and asks the services for their figures.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import httpx

from schemas.metrics import (
    INGEST_ACCEPTED,
    INGEST_REFUSED,
    SLA_EVENTS,
    SLA_EXPECTED_WAIT,
    SLA_LAG_RECORDS,
    SLA_OLDEST_OPEN,
    SLA_OPEN_JOURNEYS,
)
from schemas.topics import ALERT_COMMANDS, ALERTS, ATTAINMENT, DELIVERIES, MEASUREMENTS, NOTIFICATIONS, VIOLATIONS
from services.cli.demo.alert_scene import AlertScene
from services.cli.demo.gauges import largest, samples, summed
from services.cli.demo.scene import Scene
from services.runtime.clock import Clock
from services.runtime.kafka import Connection, LogReader

__all__ = ["Figures", "Watch"]

_ASK_SECONDS: Final = 0.5
_RATE_OVER: Final = 10


@dataclass
class Figures:
    """
    What the services say of themselves, as of the last time they were asked.
    """

    accepted: int = 0
    refused: int = 0
    decided: int = 0
    lag: int = 0
    open_journeys: int = 0
    oldest_seconds: int = 0
    expected_seconds: int | None = None
    """The longest wait that somebody has to expect anywhere; None where nobody can tell yet."""
    history: deque[tuple[int, int, int]] = field(default_factory=lambda: deque(maxlen=_RATE_OVER))
    """(when, accepted, decided), for rates."""

    def rate(self, place: int) -> int:
        """
        Events per second over the last few seconds: accepted (1) or decided (2).
        """
        if len(self.history) < 2:  # noqa: PLR2004  (a rate needs two readings)
            return 0
        first, last = self.history[0], self.history[-1]
        return max(0, (last[place] - first[place]) * 1_000 // max(last[0] - first[0], 1))


class Watch:
    """
    Keeps scenes and figures up to date until its tasks are cancelled.
    """

    def __init__(self, connection: Connection, scene: Scene, alerts: AlertScene, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self.scene = scene
        self.alerts = alerts
        self.figures = Figures()

    async def follow(self, topic: str, take: Callable[[str, bytes], None]) -> None:
        """
        Take every record of a topic (logical name) into a scene, from its beginning.
        """
        reader = LogReader(self._connection)
        name = self._connection.name(topic)
        queue: asyncio.Queue[list] = asyncio.Queue(maxsize=100)  # type: ignore[type-arg]  # records of the client
        await reader.start()
        try:
            starts = dict.fromkeys(await reader.partitions_of(name), 0)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(reader.follow(name, starts, queue))
                while True:
                    for record in await queue.get():
                        take(topic, record.value or b"")
        finally:
            await reader.stop()

    async def ask(self, client: httpx.AsyncClient, ingest: str, sla: str) -> None:
        """
        Ask ingest and worker for their figures twice a second. One that does not answer leaves the last figures.
        """
        while True:
            await self.ask_once(client, ingest, sla)
            await asyncio.sleep(_ASK_SECONDS)

    async def ask_once(self, client: httpx.AsyncClient, ingest: str, sla: str) -> None:
        try:
            of_ingest = samples((await client.get(f"{ingest}/metrics")).text)
            of_sla = samples((await client.get(f"{sla}/metrics")).text)
        except httpx.TransportError:
            return
        figures = self.figures
        figures.accepted = summed(of_ingest, INGEST_ACCEPTED.name)
        figures.refused = summed(of_ingest, INGEST_REFUSED.name)
        figures.decided = summed(of_sla, SLA_EVENTS.name)
        figures.lag = summed(of_sla, SLA_LAG_RECORDS.name)
        figures.open_journeys = summed(of_sla, SLA_OPEN_JOURNEYS.name)
        figures.oldest_seconds = largest(of_sla, SLA_OLDEST_OPEN.name)
        expected = SLA_EXPECTED_WAIT.name
        figures.expected_seconds = largest(of_sla, expected) if expected in of_sla else None
        figures.history.append((self._clock.monotonic_ms(), figures.accepted, figures.decided))

    async def run(self, client: httpx.AsyncClient, ingest: str, sla: str) -> None:
        async with asyncio.TaskGroup() as tasks:
            for topic in (MEASUREMENTS, VIOLATIONS, ATTAINMENT):
                tasks.create_task(self.follow(topic.name, self.scene.take))
            for topic in (ALERTS, NOTIFICATIONS, DELIVERIES, ALERT_COMMANDS):
                tasks.create_task(self.follow(topic.name, self.alerts.take))
            tasks.create_task(self.ask(client, ingest, sla))
