"""
The second stage: one worker of the group adds up everybody's rows of attainment and judges objectives.

It is whoever has partition 0 of the events. A verdict needs the rows of all partitions, which other workers send with
their checkpoints; so time passes here up to an instant only when the group has committed all events that were appended
before it, and every row that was sent until then has been read.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from schemas.base import MINUTE_MS
from schemas.decoding import NOT_READABLE
from services.runtime.clock import Clock
from services.runtime.errors import Misconfigured, Transient
from services.runtime.kafka import Record, Storing
from services.runtime.logs import Logger
from services.sla.engine import (
    Attainment,
    Book,
    ClockKind,
    Objectives,
    Policy,
    UnreadableObjectivesError,
    Violation,
    advance_objectives,
    decode_row,
    encode_outcome,
    take_rows,
)
from services.sla.shell.envelope import Kind, Pending
from services.sla.shell.outputs import Outputs
from services.sla.shell.saved_objectives import Saved, SavedObjectives, Verdict

__all__ = ["Around", "Following", "Progress", "RowResult", "Said", "SecondStage", "Topics"]

SLICE: Final = 500
"""Rows to take, or minutes to visit, before the loop gets a turn."""
PATIENCE: Final = 50
"""For how many ticks a row waits for the publication of its standard, which its own worker has read already."""


class Said(StrEnum):
    """
    The log events of this module.
    """

    TAKEN_OVER = "objectives_taken_over"
    SUPERSEDED = "objectives_have_another_owner"
    UNREADABLE = "attainment_unreadable_and_is_ignored"
    UNKNOWN = "attainment_of_an_unknown_standard_is_ignored"


class RowResult(StrEnum):
    """
    What became of a row of attainment.
    """

    TAKEN = "taken"
    TOO_OLD = "too_old"
    UNREADABLE = "unreadable"
    UNKNOWN_STANDARD = "unknown_standard"


class Following(Protocol):
    """
    Reads a topic without a group, and knows where it begins and ends.
    """

    async def partitions_of(self, topic: str) -> list[int]: ...

    async def first_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]: ...

    async def end_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]: ...

    async def follow(self, topic: str, starts: Mapping[int, int], into: "asyncio.Queue[list[Record]]") -> None: ...


class Progress(Protocol):
    """
    Knows how far the group has got with a topic.
    """

    async def committed(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]: ...


@dataclass(frozen=True, slots=True)
class Topics:
    """
    Cluster names.
    """

    events: str
    attainment: str


@dataclass(frozen=True, slots=True)
class Around:
    """
    What the second stage works with. `rows` follows attainment, `asking` is for short questions only.
    """

    store: Storing
    rows: Following
    asking: Following
    progress: Progress
    outputs: Outputs
    book: Callable[[], Book]
    clock: Clock
    log: Logger


@dataclass(slots=True)
class _Goal:
    """
    An instant, and what must be done before it may pass: events to be committed, then rows to be read.
    """

    asked_at: int
    events: Mapping[int, int]
    rows: Mapping[int, int] | None = None


@dataclass(slots=True)
class _Duty:
    """
    One time of ownership; never survives it. `positions`, `reached` and `latest` are those of `Saved`.
    """

    saved: SavedObjectives
    state: Objectives
    positions: dict[int, int]
    reached: dict[int, int]
    latest: int
    arrived_at: int
    unsaved: bool = False
    goal: _Goal | None = None


class SecondStage:
    """
    `run` for as long as this worker is the owner; cancelling it loses nothing.
    """

    def __init__(
        self, topics: Topics, around: Around, *, policy: Policy, tick_ms: int, margin_ms: int, rest_ms: int
    ) -> None:
        self._topics = topics
        self._around = around
        self._policy = policy
        self._tick_ms = tick_ms
        self._margin_ms = margin_ms
        self._rest_ms = rest_ms
        self._ends: Mapping[int, int] = {}
        self._duty: _Duty | None = None
        self._unknown: set[str] = set()
        self.results: Counter[RowResult] = Counter()

    @property
    def lag(self) -> int:
        """
        Rows that were there when it last looked and are not taken yet.
        """
        duty = self._duty
        return 0 if duty is None else sum(max(0, end - duty.positions[at]) for at, end in self._ends.items())

    @property
    def judged_to(self) -> int | None:
        """
        The last minute boundary at which objectives were judged; None where another worker does it.
        """
        return None if self._duty is None else self._duty.state.now

    @property
    def open_violations(self) -> int:
        """
        Violations of objectives and burn alerts that are open.
        """
        return 0 if self._duty is None else sum(len(one.open) for one in self._duty.state.ledgers.values())

    async def run(self) -> None:
        """
        Take over and work until cancelled, or until somebody else has taken over.
        """
        arrived: asyncio.Queue[list[Record]] = asyncio.Queue(maxsize=8)
        try:
            self._duty = duty = await self._take_over()
            async with asyncio.TaskGroup() as tasks:
                starts = dict(duty.positions)
                reading = tasks.create_task(self._around.rows.follow(self._topics.attainment, starts, arrived))
                while True:
                    await self._take_arrived(duty, arrived)
                    if not await self._let_time_pass(duty):
                        self._around.log.warning(Said.SUPERSEDED)
                        break
                    await asyncio.sleep(self._tick_ms / 1000)
                reading.cancel()
        finally:
            self._duty, self._ends = None, {}

    async def _take_over(self) -> _Duty:
        around = self._around
        started = around.clock.monotonic_ms()
        saved, found = await SavedObjectives.take_over(around.store)
        partitions = await around.asking.partitions_of(self._topics.attainment)
        first = await around.asking.first_offsets(self._topics.attainment, partitions)
        if found is None:
            found, state = Saved({}, {}, 0, b"", ()), Objectives(self._policy.horizon_ms)
        else:
            state = _decoded(found.engine, around.book())
        for verdict in found.verdicts:
            # Nobody knows whether the one before got to it; the ids are the same.
            self._send(verdict)
        positions = {number: max(found.positions.get(number, 0), first[number]) for number in partitions}
        around.log.info(
            Said.TAKEN_OVER,
            offsets=positions,
            judged_to=state.now,
            verdicts=len(found.verdicts),
            milliseconds=around.clock.monotonic_ms() - started,
        )
        return _Duty(saved, state, positions, dict(found.reached), found.latest, around.clock.now_ms())

    async def _take_arrived(self, duty: _Duty, arrived: "asyncio.Queue[list[Record]]") -> None:
        while not arrived.empty():
            records = arrived.get_nowait()
            for start in range(0, len(records), SLICE):
                await self._take(duty, records[start : start + SLICE])
                await asyncio.sleep(0)

    async def _take(self, duty: _Duty, records: Sequence[Record]) -> None:
        rows = []
        for record in records:
            row = self._row(record)
            if row is None or not await self._is_known(f"{row.standard}@{row.version}"):
                continue
            rows.append(row)
            number = record.partition
            duty.reached[number] = max(duty.reached.get(number, row.rev_watermark), row.rev_watermark)
            duty.latest = max(duty.latest, row.minute + MINUTE_MS)
        too_old = duty.state.too_old
        take_rows(duty.state, rows, self._around.book())
        too_old = duty.state.too_old - too_old
        self.results[RowResult.TOO_OLD] += too_old
        self.results[RowResult.TAKEN] += len(rows) - too_old
        duty.positions[records[-1].partition] = records[-1].offset + 1
        duty.arrived_at = self._around.clock.now_ms()
        duty.unsaved = True

    def _row(self, record: Record) -> Attainment | None:
        try:
            return decode_row(record.value or b"")
        except NOT_READABLE as error:
            self.results[RowResult.UNREADABLE] += 1
            where = {"partition": record.partition, "offset": record.offset}
            self._around.log.warning(Said.UNREADABLE, **where, problem=str(error)[:200])
            return None

    async def _is_known(self, key: str) -> bool:
        """
        Tell whether the book holds a standard's version, waiting a little: another worker may have read of it sooner.
        """
        for _ in range(PATIENCE):
            if key in self._around.book().rules:
                return True
            if key in self._unknown:
                break
            await asyncio.sleep(self._tick_ms / 1000)
        if key not in self._unknown:
            self._unknown.add(key)
            self._around.log.warning(Said.UNKNOWN, standard=key)
        self.results[RowResult.UNKNOWN_STANDARD] += 1
        return False

    async def _let_time_pass(self, duty: _Duty) -> bool:
        """
        Pass the goal if it is reached. False: somebody else has taken over.
        """
        around, now = self._around, self._around.clock.now_ms()
        if duty.goal is None:
            if not self._has_come(duty, now):
                return True
            numbers = await around.asking.partitions_of(self._topics.events)
            duty.goal = _Goal(now, await around.asking.end_offsets(self._topics.events, numbers))
        goal = duty.goal
        if goal.rows is None:
            first = await around.asking.first_offsets(self._topics.events, list(goal.events))
            try:
                committed = await around.progress.committed(self._topics.events, list(goal.events))
            except Transient:
                # The group's coordinator moves now and then. Nothing is lost by asking again, so the worker goes on.
                return True
            if any(max(committed.get(number, 0), first[number]) < end for number, end in goal.events.items()):
                return True
            goal.rows = self._ends = await around.asking.end_offsets(self._topics.attainment, list(duty.positions))
        if any(duty.positions[number] < end for number, end in goal.rows.items()):
            return True
        duty.goal = None
        return await self._pass(duty, self._time(duty, goal))

    def _has_come(self, duty: _Duty, now: int) -> bool:
        """
        Tell whether there may be a minute boundary to visit.
        """
        judged_to = duty.state.now
        if self._policy.clock is ClockKind.WALL:
            return judged_to is None or now - self._margin_ms >= judged_to + MINUTE_MS
        if judged_to is None or not duty.reached:
            return False
        return self._event_time(duty, now) >= judged_to + MINUTE_MS

    def _time(self, duty: _Duty, goal: _Goal) -> int:
        if self._policy.clock is ClockKind.WALL:
            return goal.asked_at - self._margin_ms
        return self._event_time(duty, goal.asked_at)

    def _event_time(self, duty: _Duty, now: int) -> int:
        if now - duty.arrived_at >= self._rest_ms:
            return max(duty.latest, *duty.reached.values())
        return min(duty.reached.values())

    async def _pass(self, duty: _Duty, until: int) -> bool:
        """
        Visit the minute boundaries up to an instant, save, and let the verdicts out.
        """
        around, state = self._around, duty.state
        violations: list[Violation] = []
        while True:
            step = min(until, state.now + MINUTE_MS) if state.ledgers and state.now is not None else until
            violations += advance_objectives(state, around.book(), step).violations
            if step == until:
                break
            await asyncio.sleep(0)
        if not violations and not duty.unsaved:
            return True
        # What was sent after the last checkpoint must have arrived before the next one no longer knows of it.
        await around.outputs.settle()
        verdicts = [Verdict(one.site, one.state, encode_outcome(one)) for one in violations]
        engine = await asyncio.to_thread(state.encode)
        if not await duty.saved.save(Saved(duty.positions, duty.reached, duty.latest, engine, verdicts)):
            return False
        duty.unsaved = False
        for verdict in verdicts:
            self._send(verdict)
        return True

    def _send(self, verdict: Verdict) -> None:
        self._around.outputs.pending(verdict.site, Pending(Kind.VIOLATION, verdict.state, verdict.value))


def _decoded(blob: bytes, book: Book) -> Objectives:
    try:
        return Objectives.decode(blob, book)
    except UnreadableObjectivesError as error:
        raise Misconfigured(f"{error}; run the version that wrote the state") from error
