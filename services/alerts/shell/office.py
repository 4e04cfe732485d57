"""
The office: one worker of the group takes violations and commands, and lets alerts and messages out.

Alerts of a site are few, and a message is about many sites, so one worker has all of them; the others stand by. Its
state is saved part by part before anything leaves: what it says, a successor knows of. What was to be delivered and was
not is part of the state, so it is delivered by whoever comes next, with the same idempotency keys.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

import msgspec
from pydantic import ValidationError

from schemas.alert_commands import COMMANDS
from services.alerts.engine import (
    Alert,
    Book,
    Changed,
    Desk,
    Given,
    Lifecycles,
    Note,
    Notification,
    Saver,
    Seen,
    Sent,
    decode_violation,
    restored,
)
from services.alerts.shell.books import Following
from services.alerts.shell.particulars import Evidence
from services.runtime.clock import Clock
from services.runtime.errors import Misconfigured
from services.runtime.kafka import Record, SavedState, Storing
from services.runtime.logs import Logger

__all__ = ["Around", "Office", "Outgoing", "Said", "Topics"]

SLICE: Final = 500
"""Records to take before the loop gets a turn."""
_POSITIONS: Final = "positions"
_OUTBOX: Final = "outbox"


class Said(StrEnum):
    """
    The log events of this module.
    """

    TAKEN_OVER = "alerts_taken_over"
    SUPERSEDED = "alerts_have_another_owner"
    UNREADABLE = "record_unreadable_and_is_ignored"
    NOTED = "noted"
    NOBODY = "nobody_was_told"


class Outgoing(Protocol):
    """
    The way out: transitions and messages to their topics, messages to the notifiers.
    """

    def transitions(self, alerts: Iterable[Alert]) -> None: ...

    def decided(self, messages: Iterable[Notification]) -> None: ...

    async def deliver(self, messages: Iterable[Sent]) -> None: ...

    async def settle(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Topics:
    """
    Cluster names.
    """

    violations: str
    commands: str


@dataclass(frozen=True, slots=True)
class Around:
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


@dataclass(slots=True)
class _Duty:
    """
    One time of ownership; never survives it. `positions` are by topic and partition the first offset not contained.
    """

    saved: SavedState
    lifecycles: Lifecycles
    desk: Desk
    saver: Saver
    change: int
    positions: dict[str, dict[int, int]]
    outbox: dict[str, Sent]
    now: int


class Office:
    """
    `run` for as long as this worker is the owner; cancelling it loses nothing.
    """

    def __init__(self, topics: Topics, around: Around, *, tick_ms: int) -> None:
        self._topics = topics
        self._around = around
        self._tick_ms = tick_ms
        self._duty: _Duty | None = None
        self._delivered: set[str] = set()
        self.notes: list[Note] = []

    async def run(self) -> None:
        """
        Take over and work until cancelled, or until somebody else has taken over.
        """
        arrived: asyncio.Queue[list[Record]] = asyncio.Queue(maxsize=16)
        around, topics = self._around, self._topics
        try:
            self._duty = duty = await self._take_over()
            async with asyncio.TaskGroup() as tasks:
                following = [
                    tasks.create_task(reader.follow(topic, dict(duty.positions[topic]), arrived))
                    for reader, topic in ((around.violations, topics.violations), (around.commands, topics.commands))
                ]
                while True:
                    if not await self._work(duty, arrived):
                        around.log.warning(Said.SUPERSEDED)
                        break
                    await asyncio.sleep(self._tick_ms / 1000)
                for task in following:
                    task.cancel()
        finally:
            self._duty = None

    @property
    def desk(self) -> Desk | None:
        """
        The desk of the one that works; None where this process stands by.
        """
        return None if self._duty is None else self._duty.desk

    def delivered(self, message: str) -> None:
        """
        Take note that a message need not be delivered any more: it arrived, or was given up.
        """
        self._delivered.add(message)

    async def _take_over(self) -> _Duty:
        around, started = self._around, self._around.clock.monotonic_ms()
        change, book = around.book()
        if book is None:
            raise Misconfigured(
                "no configuration of alerts is published; `sqm alerts publish FILE` does, or name one in "
                "SQM_ALERTS_CONFIG"
            )
        saved, parts = await SavedState.take_over(around.store)
        try:
            positions = msgspec.msgpack.decode(parts.pop(_POSITIONS, _EMPTY), type=dict[str, dict[int, int]])
            outbox = msgspec.msgpack.decode(parts.pop(_OUTBOX, _EMPTY), type=dict[str, Sent])
            lifecycles, state = restored(parts)
        except msgspec.MsgspecError as error:
            raise Misconfigured(
                f"the saved state of alerts is not readable ({error}); run the version that wrote it"
            ) from error
        places = {topic: await self._begin(topic, positions.get(topic, {})) for topic in self._all_topics()}
        # What was due while nobody worked is done once, now, and not step by step as it would have been then.
        state.rest.now = max(state.rest.now, around.clock.now_ms())
        saver = Saver(lifecycles, state)
        duty = _Duty(saved, lifecycles, Desk(book, state), saver, change, places, outbox, state.rest.now)
        lifecycles.adopt(book, duty.now)
        self._note(duty.desk.reroute(duty.now))
        await around.outgoing.deliver(list(outbox.values()))
        around.log.info(
            Said.TAKEN_OVER,
            alerts=len(state.cases),
            undelivered=len(outbox),
            milliseconds=around.clock.monotonic_ms() - started,
        )
        return duty

    def _all_topics(self) -> tuple[str, str]:
        return self._topics.violations, self._topics.commands

    async def _begin(self, topic: str, reached: Mapping[int, int]) -> dict[int, int]:
        asking = self._around.asking
        partitions = await asking.partitions_of(topic)
        first = await asking.first_offsets(topic, partitions)
        return {number: max(reached.get(number, 0), first[number]) for number in partitions}

    async def _work(self, duty: _Duty, arrived: "asyncio.Queue[list[Record]]") -> bool:
        """
        Take what has arrived, let time pass up to now, save, and let it out. False: somebody else has taken over.
        """
        around = self._around
        duty.now = max(duty.now, around.clock.now_ms())
        change, book = around.book()
        if change != duty.change and book is not None:
            duty.change, duty.desk = change, Desk(book, duty.desk.state)
            duty.lifecycles.adopt(book, duty.now)
            self._note(duty.desk.reroute(duty.now))
        inputs: list[Seen | Given] = []
        while not arrived.empty():
            for record in arrived.get_nowait():
                one = self._read(record, duty.now)
                duty.positions[record.topic][record.partition] = record.offset + 1
                inputs += [one] if one is not None else []
        step = duty.lifecycles.take(duty.desk.book, inputs, duty.now)
        changes = [Changed(alert.at, alert) for alert in step.alerts]
        given = [one for one in inputs if isinstance(one, Given)]
        told = duty.desk.take([*changes, *given], duty.now)
        self._note([*step.notes, *told.notes])
        return await self._save(duty, step.alerts, told.messages, came=bool(inputs))

    async def _save(self, duty: _Duty, alerts: tuple[Alert, ...], messages: tuple[Sent, ...], *, came: bool) -> bool:
        done, self._delivered = self._delivered & duty.outbox.keys(), set()
        for name in done:
            del duty.outbox[name]
        if not (alerts or messages or came or done):
            return True
        duty.outbox.update((one.notification.id, one) for one in messages)
        parts = duty.saver.changed()
        parts[_POSITIONS] = msgspec.msgpack.encode(duty.positions)
        parts[_OUTBOX] = msgspec.msgpack.encode(duty.outbox)
        if not await duty.saved.save(parts):
            return False
        outgoing = self._around.outgoing
        outgoing.transitions(alerts)
        outgoing.decided(one.notification for one in messages)
        await outgoing.deliver(messages)
        await outgoing.settle()
        return True

    def _read(self, record: Record, now: int) -> Seen | Given | None:
        try:
            if record.topic == self._topics.violations:
                value = record.value or b""
                violation = decode_violation(value)
                self._around.evidence.keep(violation.id, value)
                return Seen(now, violation)
            return Given(now, COMMANDS.validate_json(record.value or b""))
        except (msgspec.MsgspecError, ValidationError) as error:
            where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
            self._around.log.warning(Said.UNREADABLE, **where, problem=str(error)[:200])
            return None

    def _note(self, notes: Iterable[Note]) -> None:
        self.notes += notes
        for note in notes:
            loud = note.reason.value.startswith("nobody")
            log = self._around.log.error if loud else self._around.log.info
            log(Said.NOBODY if loud else Said.NOTED, reason=note.reason.value, about=note.about)


_EMPTY: Final = msgspec.msgpack.encode({})
