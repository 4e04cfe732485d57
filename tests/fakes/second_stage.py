"""
A second stage without Kafka: rows that a test appends, a group that gets as far as a test says, a clock it moves.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from schemas.standards import DOCUMENTS, Published
from services.runtime.errors import ServiceError, Transient
from services.runtime.kafka import Record
from services.runtime.logs import logger
from services.sla.engine import Attainment, Book, ClockKind, Policy, encode_outcome
from services.sla.shell.envelope import Kind
from services.sla.shell.outputs import Outputs
from services.sla.shell.refusals import Refusals
from services.sla.shell.second_stage import Around, SecondStage, Topics
from tests.e2e.sla_line import standard
from tests.fakes.clock import ManualClock
from tests.fakes.records import FakeRecord
from tests.fakes.sending import FakeLeaseStore, FakeProducer, Journal

__all__ = ["MINUTE", "NOON", "PARTITIONS", "SecondBench", "book_of", "row", "until"]

NOON = 1_793_000_040_000
MINUTE = 60_000
PARTITIONS = (0, 1)


def book_of(*names: str) -> Book:
    objective = {
        "metric": "sl_all_offered",
        "target": "80%",
        "minimum_n": 2,
        "window": {"rolling": "10m"},
        "scopes": ["site", "organisation"],
    }
    documents = [DOCUMENTS.validate_python(standard(name) | {"objective": objective}) for name in names]
    return Book.of(Published(document=one, published_at=0, published_by="test") for one in documents)


def row(
    site: str = "s1", minute: int = NOON - MINUTE, *, good: int = 0, total: int = 4, rev: int = 1, name: str = "wait"
) -> bytes:
    return encode_outcome(
        Attainment(
            f"a:{name}@1:{minute}:{site}:", name, 1, rev, minute + rev, site, None, minute, "sl_all_offered", good,
            total, total, good, 0, 0, 0, 0, 0, 0, 0, 0,
        )
    )  # fmt: skip


class FakeLog:
    """
    A topic of several partitions that grows as a test appends to it.
    """

    def __init__(self) -> None:
        self.records: dict[int, list[Record]] = {number: [] for number in PARTITIONS}
        self.hidden = 0
        """Records in partition 0 that count for its end and are not handed out."""

    def append(self, number: int, *values: bytes) -> None:
        there = self.records[number]
        there += [FakeRecord(len(there) + at, value, partition=number) for at, value in enumerate(values)]

    async def partitions_of(self, _topic: str) -> list[int]:
        return list(PARTITIONS)

    async def first_offsets(self, _topic: str, partitions: Sequence[int]) -> Mapping[int, int]:
        return dict.fromkeys(partitions, 0)

    async def end_offsets(self, _topic: str, partitions: Sequence[int]) -> Mapping[int, int]:
        return {number: len(self.records[number]) + (0 if number else self.hidden) for number in partitions}

    async def follow(self, _topic: str, starts: Mapping[int, int], into: "asyncio.Queue[list[Record]]") -> None:
        at = dict(starts)
        while True:
            for number, start in at.items():
                batch = self.records[number][start:]
                if batch:
                    at[number] += len(batch)
                    await into.put(batch)
            await asyncio.sleep(0)


class FakeGroup:
    """
    How far the group is, and where the log of events ends.
    """

    def __init__(self) -> None:
        self.ends: dict[int, int] = dict.fromkeys(PARTITIONS, 0)
        self.done: dict[int, int] = {}
        self.asked = 0
        self.away = False

    async def committed(self, _topic: str, _partitions: Sequence[int]) -> Mapping[int, int]:
        self.asked += 1
        if self.away:
            raise Transient("the coordinator moves")
        return dict(self.done)


class FakeAsking(FakeLog):
    """
    Answers short questions about both topics.
    """

    def __init__(self, rows: FakeLog, group: FakeGroup) -> None:
        super().__init__()
        self._rows = rows
        self._group = group

    async def end_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]:
        return dict(self._group.ends) if topic == "events" else await self._rows.end_offsets(topic, partitions)


class SecondBench:
    """
    One owner after the other, on the same store and topics.
    """

    def __init__(self, *, clock: ClockKind = ClockKind.WALL, error: ServiceError | None = None) -> None:
        self.journal: Journal = []
        self.producer = FakeProducer(self.journal)
        self.store = FakeLeaseStore(self.journal, error)
        self.rows = FakeLog()
        self.group = FakeGroup()
        self.clock = ManualClock(NOON)
        self.book = book_of("wait")
        self._policy = Policy(clock=clock)

    def stage(self) -> SecondStage:
        names = {Kind.MEASUREMENT: "measurements", Kind.VIOLATION: "violations", Kind.ATTAINMENT: "attainment"}
        outputs = Outputs(self.producer, names, Refusals(topic="dead", group="g", clock=self.clock))
        around = Around(
            store=self.store,
            rows=self.rows,
            asking=FakeAsking(self.rows, self.group),
            progress=self.group,
            outputs=outputs,
            book=lambda: self.book,
            clock=self.clock,
            log=logger("test"),
        )
        return SecondStage(
            Topics("events", "attainment"), around, policy=self._policy, tick_ms=0, margin_ms=100, rest_ms=10_000
        )

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[SecondStage]:
        """
        A stage at work, cancelled in the end as a revocation or a crash would.
        """
        stage = self.stage()
        task = asyncio.create_task(stage.run())
        try:
            yield stage
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def judged(self, stage: SecondStage, at: int) -> None:
        """
        Move the clock past a minute boundary and wait until what it brought is said: the next one comes after it.
        """
        for boundary in (at, at + MINUTE):
            self.clock.advance(max(0, boundary + 200 - self.clock.now_ms()))
            await until(lambda boundary=boundary: (stage.judged_to or 0) >= boundary)  # type: ignore[misc]

    def said(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(value or b"{}") for value in self.producer.on("violations")]

    def told(self) -> list[tuple[str, str, str]]:
        """
        What was sent of each violation: scope, state, reason.
        """
        return [(one["scope"], one["state"], one["reason"]) for one in self.said()]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0)
