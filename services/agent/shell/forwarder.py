"""
Carries one lane to ingest: the oldest first, again until ingest has answered for it, nothing held up by one bad record.
"""

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from domain.backoff import Draw
from services.agent.engine import (
    DeadLetter,
    Lane,
    Meaning,
    Pace,
    Settled,
    Smaller,
    Verdict,
    Wait,
    Waiting,
    WaitReason,
    meaning_of,
)
from services.agent.shell.journal import Journal
from services.agent.shell.meters import Meters
from services.agent.shell.store import DiskFull, Settle
from services.agent.shell.upstream import EVENTS_PATH, Upstream
from services.runtime.clock import Clock
from services.runtime.logs import logger

__all__ = ["Forwarder"]

_AT_ONCE: Final = {Lane.EVENTS: 500, Lane.REQUESTS: 8}
"""Events in a batch; requests under way."""
_BATCH_BYTES: Final = 2 * 1024 * 1024
"""Ingest takes 5 MiB."""
_FAILED: Final = Verdict(WaitReason.SERVER_ERROR, "ingest failed at it again and again")


class Said(StrEnum):
    """
    The log events of forwarding.
    """

    WAITS = "agent_waits_for_ingest"
    GOES_ON = "agent_forwards_again"
    DEAD = "agent_record_refused_for_good"
    NO_ROOM = "agent_cannot_strike_off"


class Forwarder:
    """
    ``run`` until it is cancelled; what was under way then is sent again later.
    """

    def __init__(
        self, lane: Lane, journal: Journal, upstream: Upstream, *, clock: Clock, draw: Draw, meters: Meters
    ) -> None:
        self.pace = Pace(_AT_ONCE[lane])
        self._lane = lane
        self._journal = journal
        self._upstream = upstream
        self._clock = clock
        self._draw = draw
        self._meters = meters
        self._log = logger("agent", lane=lane.value)

    async def run(self) -> None:
        while True:
            await self._until_due()
            waiting = await self._journal.oldest(self._lane, self.pace.at_once, _BATCH_BYTES)
            if self._lane is Lane.EVENTS:
                await self._batch(waiting)
            else:
                await self._single(waiting)

    async def _batch(self, waiting: Sequence[Waiting]) -> None:
        answer = await self._upstream.send_events([one.record.body for one in waiting])
        meaning = meaning_of(answer, len(waiting), events=True)
        if isinstance(meaning, Smaller):
            self.pace.send_less()
            return
        await self._settle([(waiting, meaning)])

    async def _single(self, waiting: Sequence[Waiting]) -> None:
        answers = await asyncio.gather(*(self._upstream.send_request(one.record) for one in waiting))
        await self._settle(
            [
                ([one], meaning_of(answer, 1, events=one.record.path == EVENTS_PATH))
                for one, answer in zip(waiting, answers, strict=True)
            ]
        )

    async def _settle(self, answered: Sequence[tuple[Sequence[Waiting], Meaning]]) -> None:
        """
        Strike off what ingest has answered for, and wait where it has not.
        """
        done: list[int] = []
        dead: list[DeadLetter] = []
        waits: list[Wait] = []
        for sent, answer in answered:
            meaning = self._without_hope(sent, answer)
            if isinstance(meaning, Settled):
                done += [one.seq for place, one in enumerate(sent) if place not in meaning.never]
                dead += [self._letter(sent[place], verdict) for place, verdict in meaning.never.items()]
            elif isinstance(meaning, Wait):
                waits.append(meaning)
        if done or dead:
            await self._strike_off(Settle(done, dead))
            self._meters.forwarded.labelled(lane=self._lane).inc(len(done))
            if self.pace.trouble:
                self._log.info(Said.GOES_ON, after=self.pace.failures)
            self.pace.went_well([*done, *(letter.seq for letter in dead)])
        if waits:
            self._wait(max(waits, key=lambda wait: wait.at_least_ms))

    def _without_hope(self, sent: Sequence[Waiting], meaning: Meaning) -> Meaning:
        failed = isinstance(meaning, Wait) and meaning.reason is WaitReason.SERVER_ERROR
        return Settled({0: _FAILED}) if failed and self.pace.gives_up(sent[0].seq) else meaning

    def _letter(self, one: Waiting, verdict: Verdict) -> DeadLetter:
        self._log.error(Said.DEAD, seq=one.seq, reason=verdict.reason, detail=verdict.detail)
        self._meters.dead.labelled(reason=verdict.reason).inc()
        return DeadLetter(one.seq, verdict.reason, verdict.detail, self._clock.now_ms())

    async def _strike_off(self, settle: Settle) -> None:
        """
        A full disk may refuse even this; until it does not, nothing more is sent, for it would be sent again and again.
        """
        while True:
            try:
                await self._journal.change(settle)
            except DiskFull as error:
                if self.pace.trouble is not WaitReason.NO_ROOM:
                    self._log.error(Said.NO_ROOM, problem=str(error))
                self.pace.went_wrong(Wait(WaitReason.NO_ROOM), self._clock.monotonic_ms(), self._draw)
                await self._until_due()
            else:
                return

    async def _until_due(self) -> None:
        await asyncio.sleep(max(0, self.pace.not_before - self._clock.monotonic_ms()) / 1_000)

    def _wait(self, wait: Wait) -> None:
        if self.pace.trouble is not wait.reason:
            self._log.warning(Said.WAITS, reason=wait.reason.value, url=self._upstream.url)
        self.pace.went_wrong(wait, self._clock.monotonic_ms(), self._draw)
        self._meters.failures.labelled(reason=wait.reason).inc()
