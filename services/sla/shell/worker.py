"""
The worker: gets partitions from the group, keeps their state, and lets time pass over them.

Faust brings the records (one fetch at a time) and tells of assignments; everything that must not get lost or out of
order happens here, in tasks of our own, so that an error ends the process instead of restarting an agent past it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, cast

import faust

from services.runtime.clock import Clock
from services.runtime.errors import Misconfigured, Transient, Unreachable, first_of
from services.runtime.kafka import BatchingConsumer, BatchSchema, BlobName, Lease, Record, Untyped, fail_when_broken
from services.runtime.logs import Logger
from services.runtime.tracing import UNTRACED, Tracing, contexts_of, processing
from services.sla.engine import ClockKind, Partition, Policy
from services.sla.shell.checkpoints import Checkpoints
from services.sla.shell.folding import Folding
from services.sla.shell.outputs import Outputs
from services.sla.shell.partitions import Owned, Probe
from services.sla.shell.turns import Pace

__all__ = ["Acquiring", "LogEnds", "Parts", "Said", "Timing", "Worker"]

SLICE = 500
"""Records to fold before the loop gets a turn: sparse old events, with hours between them, cost most."""

TURN_MS = 5
MOST_TURNS = 20
"""For so many milliseconds of folding the loop gets a turn, up to so many turns at once."""

SILENT_MS = 5_000
"""For how long the broker may leave the question for the end of the log unanswered before the worker is not ready."""

Arrived = tuple[int, int, Sequence[Record]]
"""(partition, generation of the assignment, records)."""


class Said(StrEnum):
    """
    The log events of the worker.
    """

    ASSIGNED = "partitions_assigned"
    RECOVERED = "partition_recovered"
    REVOKED = "partitions_revoked"
    LEFT = "group_left"


class Acquiring(Protocol):
    """
    The store of saved state, as far as an assignment needs it.
    """

    async def acquire(self, partition: int) -> Lease: ...


class LogEnds(Protocol):
    """
    Knows where the log begins and ends.
    """

    async def first_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]: ...

    async def end_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]: ...


@dataclass(frozen=True, slots=True)
class Timing:
    """
    How often the worker does what nobody asks it to do. Milliseconds.
    """

    tick_ms: int = 200
    """How often the end of the log is asked for, and with it how soon the passing of time is noticed."""
    margin_ms: int = 100
    """How far behind the wall clock time is let pass, for records that the broker stamped but does not show yet."""
    rest_ms: int = 15_000
    """On event time: how long nothing may have come before time goes on to the greatest event time seen."""
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class Parts:
    """
    What a worker works with.
    """

    store: Acquiring
    ends: LogEnds
    folding: Folding
    outputs: Outputs
    checkpoints: Checkpoints
    clock: Clock
    log: Logger
    tracing: Tracing = UNTRACED


class Worker:
    """
    One member of the group. `run` until `stop` is set; raises what makes going on impossible.

    `topic` is the cluster name of the events' topic. `recovered` is told how long each recovery took (milliseconds).
    `beside_first` is what only one worker of the group may do: it runs while partition 0 is assigned.
    """

    def __init__(
        self,
        app: faust.App,
        topic: str,
        *,
        policy: Policy,
        parts: Parts,
        timing: Timing,
        recovered: Callable[[int], None],
        beside_first: Callable[[], Coroutine[None, None, None]] | None = None,
    ) -> None:
        self._app = app
        self._topic = topic
        self._policy = policy
        self._store = parts.store
        self._ends = parts.ends
        self._folding = parts.folding
        self._outputs = parts.outputs
        self._checkpoints = parts.checkpoints
        self._clock = parts.clock
        self._log = parts.log
        self._tracing = parts.tracing
        self._timing = timing
        self._recovered = recovered
        self._beside_first = beside_first
        self._beside: asyncio.Task[None] | None = None
        self._inbox: asyncio.Queue[Arrived] = asyncio.Queue(maxsize=4)
        self._tasks = asyncio.TaskGroup()
        self._joined = False
        self._leaves = False
        self._answered_at = self._clock.monotonic_ms()
        self.owned: dict[int, Owned] = {}
        app.on_partitions_assigned.connect(self._assigned)
        app.on_partitions_revoked.connect(self._revoked)
        app.agent(app.topic(topic, schema=BatchSchema()), name="arrivals")(self._arrivals)

    @property
    def _consumer(self) -> BatchingConsumer:
        return cast("BatchingConsumer", self._app.consumer)

    def missing(self) -> list[str]:
        """
        What is still to be done before every verdict rests on complete state.
        """
        if not self._joined:
            return ["no partitions assigned yet"]
        told = [f"partition {one.number} is recovering" for one in self.owned.values() if not one.ready.is_set()]
        silent = self._clock.monotonic_ms() - self._answered_at
        if silent > SILENT_MS:
            told.append(f"the broker has not answered for {silent // 1_000} s")
        return told

    async def run(self, stop: asyncio.Event, *beside: Coroutine[None, None, None]) -> None:
        """
        Join the group and work until asked to stop; then save, commit and leave. `beside` runs as long as the worker.
        """
        try:
            async with self._tasks as tasks:
                await self._app.start()
                loops = [
                    tasks.create_task(self._fold_arrivals(), name="fold"),
                    tasks.create_task(self._let_time_pass(), name="time"),
                    tasks.create_task(self._save_regularly(), name="checkpoints"),
                    tasks.create_task(fail_when_broken(self._app), name="faust"),
                ]
                loops += [tasks.create_task(one) for one in beside]
                await stop.wait()
                self._leaves = True
                await self._give_up(list(self.owned.values()))
                for loop in loops:
                    loop.cancel()
        except* Misconfigured as errors:
            raise first_of(errors) from errors
        except* Transient as errors:
            raise first_of(errors) from errors
        finally:
            await self._app.stop()
            self._log.info(Said.LEFT)

    async def _arrivals(self, stream: faust.StreamT[list[Record]]) -> None:
        async for event in stream.events():
            message = event.message
            await self._inbox.put((message.partition, message.generation_id, event.value))

    async def _fold_arrivals(self) -> None:
        while True:
            partition, generation, records = await self._inbox.get()
            owned = self.owned.get(partition)
            if owned is None or owned.generation != generation:
                continue
            await owned.ready.wait()
            if owned.revoked:
                continue
            self._check_hole(owned, records[0].offset)
            facts = processing(self._topic, len(records), partition)
            with self._tracing.batch(f"process {self._topic}", contexts_of(records), facts):
                await self._fold(owned, records)
            if owned.probe is not None and self._works_on(owned):
                self._pass_time(owned)

    async def _fold(self, owned: Owned, records: Sequence[Record]) -> None:
        for start in range(0, len(records), SLICE):
            started = self._clock.monotonic_ms()
            self._folding.records(owned, records[start : start + SLICE])
            took = self._clock.monotonic_ms() - started
            await self._outputs.room()
            # Without this a full inbox would keep everybody else from running. What is sent, and with it every
            # checkpoint, takes many turns of the loop: after a long step there must be several.
            for _ in range(1 + min(MOST_TURNS, took // TURN_MS)):
                await asyncio.sleep(0)
            if not self._works_on(owned):
                return

    def _works_on(self, owned: Owned) -> bool:
        """
        Tell whether the partition has not been given away since it was last asked: any wait may have seen to that.
        """
        return not owned.revoked

    async def _let_time_pass(self) -> None:
        while True:
            await asyncio.sleep(self._timing.tick_ms / 1000)
            ready = {one.number: one for one in self.owned.values() if one.ready.is_set()}
            if not ready:
                self._answered_at = self._clock.monotonic_ms()
                continue
            asked_at = self._clock.now_ms()
            ends = await self._ends.end_offsets(self._topic, list(ready))
            self._answered_at = self._clock.monotonic_ms()
            for owned in ready.values():
                if owned.revoked:
                    continue
                owned.end = ends[owned.number]
                newest = Probe(asked_at, owned.end)
                if owned.next_offset >= newest.end or owned.probe is None:
                    owned.probe = newest
                self._pass_time(owned)

    def _pass_time(self, owned: Owned) -> None:
        """
        Let the wall clock count for as far as it is certain that nothing older is still in the log.

        Whoever asked for the log's end at an instant, and has read up to it, has read all that was appended before that
        instant: up to there, silence is a fact. A worker that lags, or wakes up after a long sleep, has not got there.
        """
        probe = owned.probe
        if probe is None or owned.next_offset < probe.end:
            return
        owned.probe = None
        if self._policy.clock is ClockKind.WALL:
            self._save_soon(owned, self._folding.time(owned, probe.asked_at - self._timing.margin_ms))
        elif probe.asked_at - owned.arrived_at >= self._timing.rest_ms:
            self._save_soon(owned, self._folding.rest(owned))

    def _save_soon(self, owned: Owned, names: Iterable[BlobName]) -> None:
        if owned.held:
            self._tasks.create_task(self._checkpoints.save_chunks(owned, names))

    async def _save(self, owned: Owned) -> None:
        position = await self._checkpoints.save(owned)
        # It may have been given away meanwhile; then somebody else says how far it is.
        if position >= 0 and self.owned.get(owned.number) is owned:
            self._consumer.mark_done(self._topic, owned.number, position)

    async def _save_regularly(self) -> None:
        busy = 0
        while True:
            await asyncio.sleep(self._timing.pace.wait_ms(busy) / 1000)
            before = self._checkpoints.busy_ms
            for owned in list(self.owned.values()):
                if owned.ready.is_set() and not owned.revoked:
                    await self._save(owned)
            busy = self._checkpoints.busy_ms - before

    async def _assigned(self, *args: Untyped, signal: Untyped = None, **_extra: Untyped) -> None:  # noqa: ARG002  Faust's signature
        if self._leaves:
            # Others leave at the same time; what it is given now the rest will have in a moment.
            return
        _app, assigned = args
        generation = self._app.consumer_generation_id
        numbers = sorted(place.partition for place in assigned if place.topic == self._topic)
        self._log.info(Said.ASSIGNED, partitions=numbers, generation=generation)
        await self._end_beside()
        self.owned = {number: Owned(number, generation, Partition(self._policy)) for number in numbers}
        self._joined = True
        for owned in self.owned.values():
            self._tasks.create_task(self._recover(owned))
        if 0 in self.owned and self._beside_first is not None:
            self._beside = self._tasks.create_task(self._beside_first(), name="beside the first partition")

    async def _end_beside(self) -> None:
        if self._beside is not None:
            self._beside.cancel()
            await asyncio.wait([self._beside])
            self._beside = None

    async def _recover(self, owned: Owned) -> None:
        started = self._clock.monotonic_ms()
        lease = await self._store.acquire(owned.number)
        committed = await self._consumer.committed(self._topic, owned.number)
        first = (await self._ends.first_offsets(self._topic, [owned.number]))[owned.number]
        if owned.revoked:
            return
        chunks = len(lease.blobs)
        with owned.reading_state():
            owned.install(lease, max(committed or 0, first), self._outputs.pending)
        owned.saved_at = owned.arrived_at = self._clock.now_ms()
        took = self._clock.monotonic_ms() - started
        self._recovered(took)
        self._log.info(
            Said.RECOVERED, partition=owned.number, chunks=chunks, offset=owned.next_offset, milliseconds=took
        )

    async def _revoked(self, *args: Untyped, signal: Untyped = None, **_extra: Untyped) -> None:  # noqa: ARG002  Faust's signature
        _app, revoked = args
        numbers = {place.partition for place in revoked if place.topic == self._topic}
        if numbers:
            self._log.info(Said.REVOKED, partitions=sorted(numbers))
        await self._give_up([one for one in self.owned.values() if one.number in numbers])

    async def _give_up(self, partitions: Sequence[Owned]) -> None:
        """
        Save, commit and forget partitions, so that whoever gets them has nothing to do again.
        """
        if any(owned.number == 0 for owned in partitions):
            await self._end_beside()
        for owned in partitions:
            owned.revoked = True
        for owned in partitions:
            if owned.lease is not None:
                await self._save(owned)
        if partitions:
            await self._outputs.settle()
            await self._consumer.commit()
        for owned in partitions:
            self._consumer.forget(self._topic, owned.number)
            self.owned.pop(owned.number, None)
            owned.ready.set()

    def _check_hole(self, owned: Owned, offset: int) -> None:
        """
        A hole between two fetches means that records were passed over; reading again from the commit mends it.
        """
        if owned.fetched and offset > owned.next_offset:
            raise Unreachable(
                f"Kafka: {self._topic}/{owned.number} went on at offset {offset} after {owned.next_offset - 1}; "
                "starting again reads from the last checkpoint"
            )
        owned.fetched = True
        owned.arrived_at = self._clock.now_ms()
