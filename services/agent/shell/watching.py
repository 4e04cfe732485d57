"""
The agent looks at itself once a while: figures for Prometheus, a word in the log where its clock is off, a heartbeat
to ingest.
"""

import asyncio
from enum import StrEnum
from typing import Any, Final, NamedTuple

from schemas.base import Millis, format_instant
from services.agent.engine import Lane, Settled, Skew, Wait, WaitReason, heartbeat, meaning_of
from services.agent.shell.forwarder import Forwarder
from services.agent.shell.journal import Journal
from services.agent.shell.meters import Meters
from services.agent.shell.upstream import Upstream
from services.runtime.clock import Clock
from services.runtime.logs import logger

__all__ = ["Identity", "Watch"]

_CLOCK_OFF_MS: Final = 2_000
"""From here on a clock falsifies waiting times that people notice."""


class Said(StrEnum):
    """
    The log events of watching.
    """

    CLOCK_OFF = "agent_clock_is_off"
    CLOCK_RIGHT = "agent_clock_is_right_again"
    HEARTBEAT = "agent_heartbeat_not_taken"


class Identity(NamedTuple):
    """
    As whom the agent speaks: its ``source`` and its site.
    """

    source: str
    site: str


class Watch:
    """
    ``run`` until it is cancelled. Without an identity there is no heartbeat. A heartbeat goes past the backlog and is
    not kept: what was true an hour ago is of no use.
    """

    def __init__(
        self,
        journal: Journal,
        upstream: Upstream,
        lanes: list[Forwarder],
        identity: Identity | None,
        *,
        clock: Clock,
        meters: Meters,
        every_seconds: float,
        backlog_bytes: int,
    ) -> None:
        self._journal = journal
        self._upstream = upstream
        self._lanes = lanes
        self._identity = identity
        self._clock = clock
        self._meters = meters
        self._every_seconds = every_seconds
        self._backlog_bytes = backlog_bytes
        self._log = logger("agent")
        self._off = False
        self._trouble: str | None = None

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._every_seconds)

    async def look(self) -> None:
        """
        Once.
        """
        if self._identity is not None:
            await self._beat(self._identity)
        skew = self._upstream.skew()
        if skew is not None:
            self._judge(skew)
        await self.measure()

    async def measure(self) -> Millis:
        """
        Set the figures; return the age of what waits longest.
        """
        totals, oldest_at = self._journal.totals, await self._journal.oldest_at()
        age = max(0, self._clock.now_ms() - oldest_at) if oldest_at is not None else 0
        for lane in Lane:
            self._meters.waiting.labelled(lane=lane).set(totals.waiting[lane])
        self._meters.waiting_bytes.labelled().set(totals.waiting_bytes)
        self._meters.oldest.labelled().set(age / 1_000)
        return age

    async def status(self) -> dict[str, Any]:
        """
        How the agent is, for people.
        """
        totals, skew = self._journal.totals, self._upstream.skew()
        return {
            "now": format_instant(self._clock.now_ms()),
            "url": self._upstream.url,
            "waiting": dict(totals.waiting),
            "waiting_bytes": totals.waiting_bytes,
            "backlog_bytes": self._backlog_bytes,
            "oldest_waiting_ms": await self.measure(),
            "dead": totals.dead,
            "trouble": self.trouble(),
            "clock": skew and {"ahead_ms": skew.ms, "error_ms": skew.error_ms},
            "heartbeat": self._identity and {**self._identity._asdict(), "trouble": self._trouble},
        }

    def trouble(self) -> WaitReason | None:
        """
        Why what waits is not forwarded; None while all goes well.
        """
        return next((lane.pace.trouble for lane in self._lanes if lane.pace.trouble), None)

    async def _beat(self, identity: Identity) -> None:
        skew, backlog = self._upstream.skew(), sum(self._journal.totals.waiting.values())
        event = heartbeat(*identity, self._clock.now_ms(), backlog, skew and skew.ms)
        answer = await self._upstream.send_events([event])
        meaning = meaning_of(answer, 1, events=True)
        trouble = None
        if isinstance(meaning, Wait):
            trouble = meaning.reason.value
        elif isinstance(meaning, Settled) and meaning.never:
            trouble = f"{meaning.never[0].reason}: {meaning.never[0].detail}"
        if trouble is not None and trouble != self._trouble:
            self._log.warning(Said.HEARTBEAT, reason=trouble)
        self._trouble = trouble

    def _judge(self, skew: Skew) -> None:
        self._meters.skew.labelled().set(skew.ms / 1_000)
        off = abs(skew.ms) - skew.error_ms > _CLOCK_OFF_MS
        if off and not self._off:
            self._log.error(Said.CLOCK_OFF, ahead_ms=skew.ms, error_ms=skew.error_ms, advice="set this machine's clock")
        if self._off and not off:
            self._log.info(Said.CLOCK_RIGHT, ahead_ms=skew.ms, error_ms=skew.error_ms)
        self._off = off
