"""
The office: one worker of the group takes violations and commands, and lets alerts and messages out.

Alerts of a site are few, and a message is about many sites, so one worker has all of them; the others stand by. Its
state is saved part by part before anything leaves: what it says, a successor knows of. What was to be said and to be
delivered is part of the state until it was, so whoever comes next says it again, with the same ids.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

import msgspec
from pydantic import ValidationError

from schemas.alert_commands import COMMANDS
from schemas.decoding import NOT_READABLE
from services.alerts.engine import (
    Alert,
    Book,
    Changed,
    Desk,
    DeskState,
    Given,
    Note,
    Notification,
    Reason,
    Received,
    Saver,
    Sent,
    Transitions,
    decode_violation,
    restored,
)
from services.alerts.shell.answers import verdicts_of
from services.alerts.shell.backlog import Backlog, Written
from services.alerts.shell.books import Following
from services.alerts.shell.duty import Duty, Turn
from services.alerts.shell.evidence import Evidence
from services.alerts.shell.origins import Origins
from services.alerts.shell.outbox import Outbox
from services.alerts.shell.reports import violation_of_report
from services.runtime.clock import Clock
from services.runtime.errors import Misconfigured
from services.runtime.kafka import Place, Record, SavedState, Storing
from services.runtime.logs import Logger

__all__ = ["Office", "OfficeTools", "Outgoing", "Progress", "Said", "Topics"]

_POSITIONS: Final = "positions"
_LAST: Final = "last"
PAUSE_MS: Final = 1_000
"""After so long without a look, what was written meanwhile is read before anything that was due meanwhile is done."""


class Said(StrEnum):
    """
    The log events of this module.
    """

    TAKEN_OVER = "alerts_taken_over"
    CAUGHT_UP = "backlog_read"
    NOT_CAUGHT_UP = "backlog_not_read_to_its_end"
    SUPERSEDED = "alerts_have_another_owner"
    UNREADABLE = "record_unreadable_and_is_ignored"
    NOTED = "noted"
    NOBODY = "nobody_was_told"


class Outgoing(Protocol):
    """
    The way out: transitions and messages to their topics, messages to the notifiers.
    """

    def take_over(self, state: DeskState, alerts: Iterable[Alert], messages: Iterable[Notification]) -> None: ...

    def transitions(self, alerts: Iterable[Alert]) -> None: ...

    def decided(self, messages: Iterable[Sent]) -> None: ...

    async def deliver(self, messages: Iterable[Sent]) -> None: ...

    async def settle(self) -> None: ...

    async def forget(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Topics:
    """
    Cluster names.
    """

    violations: str
    commands: str


@dataclass(frozen=True, slots=True)
class OfficeTools:
    """
    What the office works with: a reader for each topic, and one for short questions.
    """

    store: Storing
    violations: Following
    commands: Following
    asking: Following
    outgoing: Outgoing
    evidence: Evidence
    book: Callable[[], tuple[int, Book | None]]
    """The book in force, with the number of its change."""
    clock: Clock
    log: Logger
    origins: Origins = field(default_factory=Origins)


class Progress(NamedTuple):
    """
    When a round was last finished, by the clock that never runs backwards, and by partition of the topic of violations
    the first offset that it does not contain.
    """

    worked_at: int
    positions: Mapping[int, int]


class Office:
    """
    `run` for as long as this worker is the owner; cancelling it loses nothing.
    """

    def __init__(self, topics: Topics, tools: OfficeTools, *, tick_ms: int) -> None:
        self._topics = topics
        self._tools = tools
        self._tick_ms = tick_ms
        self._duty: Duty | None = None
        self._delivered: set[str] = set()
        self.noted: Counter[Reason] = Counter()
        self.marks: Counter[str] = Counter()
        """What people thought of alerts, by verdict."""

    async def run(self) -> None:
        """
        Take over and work until cancelled, or until somebody else has taken over.
        """
        arrived: asyncio.Queue[list[Record]] = asyncio.Queue(maxsize=16)
        tools, topics = self._tools, self._topics
        try:
            self._duty = duty = await self._take_over()
            async with asyncio.TaskGroup() as tasks:
                following = [
                    tasks.create_task(reader.follow(topic, dict(duty.positions[topic]), arrived))
                    for reader, topic in ((tools.violations, topics.violations), (tools.commands, topics.commands))
                ]
                while True:
                    if not await self._work(duty, arrived):
                        tools.log.warning(Said.SUPERSEDED)
                        break
                    duty.worked_at = tools.clock.monotonic_ms()
                    await asyncio.sleep(self._tick_ms / 1000)
                for task in following:
                    task.cancel()
        finally:
            self._duty = None
            # What still waits here is its successor's to deliver: two who try would disturb people twice.
            await tools.outgoing.forget()

    @property
    def desk(self) -> Desk | None:
        """
        The desk of the one that works; None where this process stands by.
        """
        return None if self._duty is None else self._duty.desk

    @property
    def remembered(self) -> Container[str]:
        """
        The keys of alerts that are remembered, those that are over too.
        """
        return () if self._duty is None else self._duty.lifecycles.lives

    def has_taken(self, command: str) -> bool:
        """
        Whether a command was given before, as far back as is remembered; False where this process stands by.
        """
        return self._duty is not None and command in self._duty.lifecycles.commands

    @property
    def progress(self) -> "Progress | None":
        """
        How far the one that works has got; None where this process stands by.
        """
        if self._duty is None:
            return None
        return Progress(self._duty.worked_at, self._duty.positions[self._topics.violations])

    def delivered(self, message: str) -> None:
        """
        Take note that a message need not be delivered any more: it arrived, or was given up.
        """
        self._delivered.add(message)

    async def _take_over(self) -> Duty:
        tools, started = self._tools, self._tools.clock.monotonic_ms()
        change, book = tools.book()
        if book is None:
            raise Misconfigured(
                "no configuration of alerts is published; `sqm alerts publish FILE` does, or name one in "
                "SQM_ALERTS_CONFIG"
            )
        saved, parts = await SavedState.take_over(tools.store)
        try:
            positions = msgspec.msgpack.decode(parts.pop(_POSITIONS, _EMPTY), type=dict[str, dict[int, int]])
            outbox = Outbox.restored(parts)
            alerts, messages = msgspec.msgpack.decode(parts.pop(_LAST, _NOTHING), type=_Last)
            tools.evidence.restore(parts)
            lifecycles, state = restored(parts)
        except msgspec.MsgspecError as error:
            raise Misconfigured(
                f"the saved state of alerts is not readable ({error}); run the version that wrote it"
            ) from error
        places = {topic: await self._begin(topic, positions.get(topic, {})) for topic in self._all_topics()}
        state.rest.now = max(state.rest.now, tools.clock.now_ms())
        saver = Saver(lifecycles, state)
        duty = Duty(saved, lifecycles, Desk(book, state), saver, change, places, outbox, state.rest.now, started)
        duty.backlog = await self._look_for_backlog(duty)
        lifecycles.adopt(book, lifecycles.now)
        self._note(duty.desk.reroute(duty.now))
        # Nobody knows whether the one before got to say it; ids and transitions are the same.
        tools.outgoing.take_over(state, alerts, messages)
        await tools.outgoing.settle()
        await tools.outgoing.deliver(outbox.messages())
        tools.log.info(
            Said.TAKEN_OVER,
            alerts=len(state.cases),
            undelivered=len(outbox),
            milliseconds=tools.clock.monotonic_ms() - started,
        )
        return duty

    def _all_topics(self) -> tuple[str, str]:
        return self._topics.violations, self._topics.commands

    async def _begin(self, topic: str, reached: Mapping[int, int]) -> dict[int, int]:
        asking = self._tools.asking
        partitions = await asking.partitions_of(topic)
        first = await asking.first_offsets(topic, partitions)
        return {number: max(reached.get(number, 0), first[number]) for number in partitions}

    async def _work(self, duty: Duty, arrived: "asyncio.Queue[list[Record]]") -> bool:
        """
        Take what has arrived, let time pass up to now, save, and let it out. False: somebody else has taken over.
        """
        tools = self._tools
        # Time never runs backwards, whatever becomes of the clock. What was due since the last look, or while nobody
        # worked, is done once, now, and not step by step as it would have been then.
        # A clock that was a day ahead and is put right must not stop it for a day: until the right one has caught up,
        # time passes at half its pace.
        elapsed = max(0, tools.clock.monotonic_ms() - duty.worked_at)
        duty.now = max(duty.now + elapsed // 2, tools.clock.now_ms())
        duty.desk.state.rest.now = duty.now
        if elapsed >= PAUSE_MS and duty.backlog is None:
            duty.backlog = await self._look_for_backlog(duty)
        change, book = tools.book()
        if change != duty.change and book is not None:
            duty.change, duty.desk = change, Desk(book, duty.desk.state)
            duty.lifecycles.adopt(book, duty.lifecycles.now)
            self._note(duty.desk.reroute(duty.now))
        records: list[Record] = []
        while not arrived.empty():
            records += arrived.get_nowait()
        turn = Turn()
        if duty.backlog is not None:
            self._catch_up(duty, duty.backlog, records, turn)
            records = []
        if duty.backlog is None:
            inputs = self._inputs(duty, ((duty.now, record) for record in records))
            step = duty.lifecycles.take(duty.desk.book, inputs, duty.now)
            changes = [Changed(duty.now, alert) for alert in step.alerts]
            turn.add(step, duty.desk.take([*changes, *step.commands], duty.now), came=bool(inputs))
            self._mark(step)
        self._note(turn.notes)
        return await self._save(duty, turn)

    def _catch_up(self, duty: Duty, backlog: Backlog, records: list[Record], turn: Turn) -> None:
        """
        Take of the backlog what is in order, each when it was written; people are told once all of it is known.
        """
        log, monotonic = self._tools.log, self._tools.clock.monotonic_ms()
        backlog.add(records, monotonic)
        if backlog.is_stuck(monotonic):
            log.warning(Said.NOT_CAUGHT_UP, positions=duty.positions)
            backlog.give_up()
        lives = duty.lifecycles
        written = ((min(max(at, lives.now), duty.now), record) for at, record in backlog.ready())
        inputs = self._inputs(duty, written)
        until = duty.now if backlog.is_whole else inputs[-1].at if inputs else lives.now
        step = lives.take(duty.desk.book, inputs, until)
        changes = [Changed(alert.at, alert) for alert in step.alerts]
        turn.add(step, duty.desk.hear([*changes, *step.commands], duty.now), came=bool(inputs))
        self._mark(step)
        if backlog.is_whole:
            duty.backlog = None
            log.info(Said.CAUGHT_UP, alerts=len(duty.desk.state.cases))

    async def _look_for_backlog(self, duty: Duty) -> Backlog:
        ends: dict[Place, int] = {}
        positions: dict[Place, int] = {}
        for topic, reached in duty.positions.items():
            found = await self._tools.asking.end_offsets(topic, list(reached))
            ends |= {(topic, number): end for number, end in found.items()}
            positions |= {(topic, number): offset for number, offset in reached.items()}
        return Backlog(ends, positions, self._tools.clock.monotonic_ms())

    def _inputs(self, duty: Duty, written: Iterable[Written]) -> list[Received | Given]:
        inputs: list[Received | Given] = []
        for at, record in written:
            one = self._read(record, at)
            duty.positions[record.topic][record.partition] = record.offset + 1
            inputs += [one] if one is not None else []
        return inputs

    async def _save(self, duty: Duty, turn: Turn) -> bool:
        done, self._delivered = duty.outbox.drop(self._delivered), set()
        alerts, messages = turn.alerts, turn.messages
        if not (alerts or messages or turn.came or done):
            return True
        duty.outbox.put(messages)
        if not len(duty.outbox):
            self._tools.evidence.forget_over()
        parts = duty.saver.changed() | duty.outbox.changed() | self._tools.evidence.changed()
        parts[_POSITIONS] = msgspec.msgpack.encode(duty.positions)
        said = [one.notification for one in messages]
        parts[_LAST] = msgspec.msgpack.encode((alerts, said)) if alerts or said else b""
        if not await duty.saved.save(parts):
            return False
        outgoing = self._tools.outgoing
        outgoing.transitions(alerts)
        outgoing.decided(messages)
        # History knows of a message, and of what it tells, before anybody reads it.
        await outgoing.settle()
        await outgoing.deliver(messages)
        return True

    def _read(self, record: Record, now: int) -> Received | Given | None:
        evidence = self._tools.evidence
        try:
            if record.topic == self._topics.violations:
                value = record.value or b""
                violation = decode_violation(value)
                self._tools.origins.saw(violation.id, record)
                if violation.is_over:
                    evidence.is_over(violation.id)
                else:
                    evidence.keep(violation.id, value)
                return Received(now, violation)
            command = COMMANDS.validate_json(record.value or b"")
            if command.reported is not None:
                violation = violation_of_report(command.by, command.at, command.reported)
                if violation.is_over:
                    evidence.is_over(violation.id)
                else:
                    evidence.keep_report(violation.id, command.reported)
                return Received(now, violation)
            return Given(now, command)
        except (*NOT_READABLE, ValidationError) as error:
            where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
            self._tools.log.warning(Said.UNREADABLE, **where, problem=str(error)[:200])
            return None

    def _mark(self, step: Transitions) -> None:
        self.marks.update(verdicts_of(step.alerts, [one.command for one in step.commands]))

    def _note(self, notes: Iterable[Note]) -> None:
        for note in notes:
            self.noted[note.reason] += 1
            loud = note.reason.value.startswith("nobody")
            log = self._tools.log.error if loud else self._tools.log.info
            log(Said.NOBODY if loud else Said.NOTED, reason=note.reason.value, about=note.about)


_Last = tuple[tuple[Alert, ...], tuple[Notification, ...]]
"""What was said with a checkpoint: transitions and messages."""
_EMPTY: Final = msgspec.msgpack.encode({})
_NOTHING: Final = msgspec.msgpack.encode(((), ()))
