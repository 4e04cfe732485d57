"""
An office of alerts without Kafka: topics that a test appends to, a clock that it moves, and a way out that remembers.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from schemas.alert_commands import AlertCommand, Reported
from schemas.alerting import ALERTINGS, Alerting
from schemas.outcomes import Violation
from services.alerts.engine import Book, Sent
from services.alerts.shell.evidence import Evidence
from services.alerts.shell.office import Office, OfficeTools, Topics
from services.alerts.shell.outputs import Outputs, OutTopics
from services.runtime.errors import ServiceError
from services.runtime.kafka import Place, Record
from services.runtime.logs import logger
from tests.e2e.alerts_line import alerting, violation
from tests.fakes.clock import ManualClock
from tests.fakes.records import FakeRecord
from tests.fakes.sending import FakeLeaseStore, FakeProducer, Journal

__all__ = [
    "NOON",
    "FakeDelivering",
    "FakeTopics",
    "OfficeBench",
    "alerting_of",
    "command",
    "reported",
    "until",
    "waits",
]

NOON = 1_793_000_040_000
PARTITIONS = (0, 1)


def alerting_of(*receivers: str, **more: Any) -> Alerting:  # noqa: ANN401  as YAML has it
    """
    A configuration by which every violation is told at once to these webhooks.
    """
    return ALERTINGS.validate_python(alerting(dict.fromkeys(receivers, "http://127.0.0.1:1/hook"), **more))


def waits(name: str, *, site: str = "s1", state: str = "opened", revision: int = 0) -> bytes:
    """
    Somebody waits too long at a site since noon, or does no more.
    """
    times = {"arrived_at": NOON, "opened_at": NOON, "detected_at": NOON, "as_of": NOON, "rev_watermark": NOON}
    closed = {} if state == "opened" else {"closed_at": NOON}
    return encoded(violation(f"v-{name}", site=site, state=state, revision=revision, **times, **closed))


def encoded(one: Violation) -> bytes:
    return one.model_dump_json().encode()


def command(name: str, action: str = "acknowledge", **said: Any) -> bytes:  # noqa: ANN401  as JSON has it
    whole = {"id": name, "at": NOON, "by": "anna", "action": action, "alert": "wait|queue:s1/tills", **said}
    return AlertCommand.model_validate(whole).model_dump_json(by_alias=True).encode()


def reported(**said: Any) -> Reported:  # noqa: ANN401  as JSON has it
    """
    What another system reports: a disk that is full.
    """
    usual = {"id": "8f2c", "name": "DiskFull", "state": "firing", "begun_at": NOON, "site": "s1"}
    return Reported.model_validate(usual | said)


class FakeTopics:
    """
    Topics of two partitions that grow as a test appends to them; who follows them hears of it.
    """

    def __init__(self) -> None:
        self.records: dict[str, dict[int, list[Record]]] = defaultdict(lambda: {number: [] for number in PARTITIONS})
        self.started: list[tuple[str, Mapping[int, int]]] = []
        self.lost: dict[Place, int] = {}
        """Ends that nobody gets to read up to, by topic and partition."""

    def append(self, topic: str, *values: bytes | None, partition: int = 0, at: int = NOON) -> None:
        there = self.records[topic][partition]
        there += [
            FakeRecord(len(there) + place, value, timestamp=at, topic=topic, partition=partition)
            for place, value in enumerate(values)
        ]

    async def partitions_of(self, _topic: str) -> list[int]:
        return list(PARTITIONS)

    async def first_offsets(self, _topic: str, partitions: Sequence[int]) -> Mapping[int, int]:
        return dict.fromkeys(partitions, 0)

    async def end_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]:
        return {number: self.lost.get((topic, number), len(self.records[topic][number])) for number in partitions}

    async def read_to(self, topic: str, ends: Mapping[int, int]) -> list[Record]:
        return [record for number, end in ends.items() for record in self.records[topic][number][:end]]

    async def follow(self, topic: str, starts: Mapping[int, int], into: "asyncio.Queue[list[Record]]") -> None:
        self.started.append((topic, dict(starts)))
        at = dict(starts)
        while True:
            for number, start in at.items():
                batch = self.records[topic][number][start:]
                if batch:
                    at[number] += len(batch)
                    await into.put(batch)
            await asyncio.sleep(0)


class FakeDelivering:
    """
    Takes messages, and keeps them until it is told to forget them; notes in the journal that it has them.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.waiting: list[Sent] = []
        self.taken: list[Sent] = []

    def put(self, message: Sent) -> None:
        self._journal.append(("delivering",))
        self.waiting.append(message)
        self.taken.append(message)

    async def forget(self) -> None:
        self.waiting.clear()

    @property
    def ids(self) -> list[str]:
        return [one.notification.id for one in self.taken]


class OfficeBench:
    """
    One owner after the other, on the same store and topics. ``error`` is what the store fails with.
    """

    def __init__(self, said: Alerting | None = None, error: ServiceError | None = None) -> None:
        self.journal: Journal = []
        self.producer = FakeProducer(self.journal)
        self.store = FakeLeaseStore(self.journal, error)
        self.topics = FakeTopics()
        self.clock = ManualClock(NOON)
        self.delivering = FakeDelivering(self.journal)
        self.changes = 1
        self.book: Book | None = Book(said or alerting_of("floor"))
        self.evidence = Evidence()

    def configure(self, said: Alerting) -> None:
        self.changes += 1
        self.book = Book(said)

    def happen(self, *values: bytes | None, partition: int = 0) -> None:
        self.topics.append("violations", *values, partition=partition, at=self.clock.now_ms())

    def obey(self, *values: bytes) -> None:
        self.topics.append("commands", *values, at=self.clock.now_ms())

    def office(self) -> Office:
        # As a new process would have them: nothing is known but what was saved.
        self.delivering, self.evidence = FakeDelivering(self.journal), Evidence()
        topics = OutTopics("alerts", "notifications", "deliveries")
        outputs = self.outputs = Outputs(self.producer, topics, self.delivering)
        return Office(
            Topics("violations", "commands"),
            OfficeTools(
                store=self.store,
                violations=self.topics,
                commands=self.topics,
                asking=self.topics,
                outgoing=outputs,
                evidence=self.evidence,
                book=lambda: (self.changes, self.book),
                clock=self.clock,
                log=logger("test"),
            ),
            tick_ms=0,
        )

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[Office]:
        """
        An office at work, cancelled in the end as a revocation or a crash would.
        """
        office = self.office()
        task = asyncio.create_task(office.run())
        try:
            await until(lambda: office.desk is not None or task.done())
            yield office
        finally:
            task.cancel()
            await asyncio.wait([task])

    def alerts(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(value or b"{}") for value in self.producer.on("alerts")]

    def states(self) -> list[tuple[str, str]]:
        """
        Every transition that was said: to which state, and why.
        """
        return [(one["state"], one["reason"]) for one in self.alerts()]

    def messages(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(value or b"{}") for value in self.producer.on("notifications")]

    def told(self) -> list[tuple[str, str]]:
        """
        Every message that was decided: to whom, and why.
        """
        return [(one["receiver"], one["reason"]) for one in self.messages()]


async def until(condition: Callable[[], bool]) -> None:
    """
    Let everybody go on until a condition holds.
    """
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0)
