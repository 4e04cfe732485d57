"""
A line to test on: topics of its own, standards, events that a test makes, workers as processes, and what comes out.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import GroupCoordinatorNotAvailableError

from schemas.standards import DOCUMENTS, PUBLISHED, Published, document_key
from schemas.topics import ATTAINMENT, EVENTS, MEASUREMENTS, STANDARDS, TOPICS, VIOLATIONS
from services.runtime.kafka import (
    BatchProducer,
    Connection,
    LogReader,
    TopicSpec,
    changelog_topic,
    ensure_topics,
    specs_of,
)
from services.runtime.process import STOP_SECONDS
from services.sla.app import CHECKPOINTS, OBJECTIVES
from tests.project import PROJECT

T = TypeVar("T")
PATIENCE_SECONDS = 90.0
OF_THE_SECOND_STAGE = frozenset({"objective", "burn"})
OF_LOOKING = ("_at", "rev_offset", "rev_watermark", "detected_at", "as_of")


def standard(
    name: str = "wait",
    *,
    limit: str = "20s",
    start: str = "journey.arrived",
    stop: str = "journey.called",
    **clock: str,
) -> dict[str, Any]:
    return {
        "apiVersion": "sqm/v1",
        "kind": "Standard",
        "metadata": {
            "id": name,
            "version": 1,
            "title": name,
            "owner": "quality",
            "why": "tested",
            "effective_from": "1999-01-01T00:00:00Z",
        },
        "clock": {"start": start, "stop": stop, "limit": limit, **clock},
        "objective": {"metric": "sl_all_offered", "target": "80%"},
    }


def instant(ms: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000)) + f".{ms % 1000:03d}Z"


def event(
    kind: str, journey: str, at_ms: int, *, site: str = "s1", ident: str | None = None, **data: str | int
) -> bytes:
    return json.dumps(
        {
            "specversion": "1.0",
            "id": ident or f"{journey}-{kind}",
            "source": "/test",
            "type": f"sqm.{kind}",
            "subject": journey,
            "time": instant(at_ms),
            "receivedat": instant(at_ms),
            "datacontenttype": "application/json",
            "data": {"site": site, **data},
        },
        separators=(",", ":"),
    ).encode()


def now_ms() -> int:
    return time.time_ns() // 1_000_000  # noqa: TID251  a test stands outside, like the sources of events


class WorkerProcess:
    """
    One worker as operations would run it; `name` tells its log file from the others'.
    """

    def __init__(self, connection: Connection, log: Path, settings: Mapping[str, str]) -> None:
        environment = {
            **os.environ,
            "SQM_KAFKA__BOOTSTRAP_SERVERS": connection.bootstrap_servers,
            "SQM_KAFKA__TOPIC_PREFIX": connection.prefix,
            "SQM_SLA_HTTP_PORT": "0",
            "SQM_LOG_FORMAT": "json",
            **settings,
        }
        self.log = log
        self._out = log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.sla"], cwd=PROJECT, env=environment, stdout=self._out, stderr=self._out
        )
        self.port = 0

    def said(self) -> list[dict[str, Any]]:
        lines = []
        for line in self.log.read_text(errors="replace").splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:
                lines.append({"event": line})
        return lines

    async def listening(self) -> int:
        def port() -> int | None:
            assert self.process.poll() is None, self.log.read_text(errors="replace")[-4000:]
            return next((line["port"] for line in self.said() if line.get("event") == "http_listening"), None)

        self.port = await eventually(port)
        return self.port

    async def ready(self) -> None:
        await self.listening()
        async with httpx.AsyncClient() as client:

            async def answer() -> bool:
                assert self.process.poll() is None, self.log.read_text(errors="replace")[-4000:]
                try:
                    return (await client.get(f"http://127.0.0.1:{self.port}/readyz")).status_code == 200
                except httpx.TransportError:
                    return False

            await eventually_async(answer)

    def signal(self, which: signal.Signals) -> None:
        self.process.send_signal(which)

    async def ended(self) -> int:
        return await eventually(self.process.poll)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._out.close()


async def eventually(look: Callable[[], T | None], *, seconds: float = PATIENCE_SECONDS) -> T:
    """
    Ask again and again until there is an answer (anything but None and False), or the patience is over.
    """
    deadline = time.monotonic() + seconds  # noqa: TID251  a deadline of the test itself
    while time.monotonic() < deadline:  # noqa: TID251  same
        found = look()
        if found is not None and found is not False:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"waited {seconds} s in vain")


async def eventually_async(look: Callable[[], Awaitable[T]], *, seconds: float = PATIENCE_SECONDS) -> T:
    deadline = time.monotonic() + seconds  # noqa: TID251  a deadline of the test itself
    while time.monotonic() < deadline:  # noqa: TID251  same
        found = await look()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"waited {seconds} s in vain")


class Line:
    """
    Everything around the workers of one test. Used as an async context manager.
    """

    def __init__(self, bootstrap_servers: str, prefix: str, folder: Path, *, partitions: int = 4) -> None:
        self._open(Connection(bootstrap_servers, client_id="test", prefix=prefix), folder, partitions)

    @classmethod
    def over(cls, connection: Connection, folder: Path, *, partitions: int = 4) -> Self:
        """
        A line on a broker that one has to log in to.
        """
        made = cls.__new__(cls)
        made._open(connection, folder, partitions)
        return made

    def _open(self, connection: Connection, folder: Path, partitions: int) -> None:
        self.connection = connection
        self.partitions = partitions
        self.workers: list[WorkerProcess] = []
        self._folder = folder
        self._producer = BatchProducer(self.connection)
        self._reader = LogReader(self.connection)

    async def __aenter__(self) -> Self:
        specs = specs_of(TOPICS, partitions=self.partitions, replication=1)
        await ensure_topics(self.connection, [*specs, *self._of_state()])
        await self._producer.start([self.connection.name(one.name) for one in TOPICS])
        await self._reader.start()
        return self

    def _of_state(self) -> list[TopicSpec]:
        return [changelog_topic(CHECKPOINTS, self.partitions, 1), changelog_topic(OBJECTIVES, 1, 1)]

    async def __aexit__(self, *_error: object) -> None:
        for worker in self.workers:
            worker.close()
        await self._reader.stop()
        await self._producer.stop()

    async def publish(self, *documents: Mapping[str, Any]) -> None:
        for raw in documents:
            document = DOCUMENTS.validate_python(raw)
            published = Published(document=document, published_at=now_ms(), published_by="test")
            key = document_key(document).encode()
            self._producer.put(self.connection.name(STANDARDS.name), key, PUBLISHED.dump_json(published, by_alias=True))
        await self._producer.flush()

    async def send(self, events: Iterable[tuple[str, bytes]]) -> None:
        """
        Send events, each with its site.
        """
        topic = self.connection.name(EVENTS.name)
        for count, (site, value) in enumerate(events, start=1):
            self._producer.put(topic, site.encode(), value)
            if count % 2_000 == 0:
                await asyncio.sleep(0)
                while self._producer.in_flight > 50_000:
                    await asyncio.sleep(0.001)
        await self._producer.flush()

    def worker(self, **settings: str) -> WorkerProcess:
        log = self._folder / f"worker-{len(self.workers)}.log"
        started = WorkerProcess(self.connection, log, settings)
        self.workers.append(started)
        return started

    async def records(self, topic: str) -> list[Any]:
        name = self.connection.name(topic)
        ends = await self._reader.end_offsets(name, await self._reader.partitions_of(name))
        return await self._reader.read_to(name, ends)

    async def outcomes(self, topic: str) -> list[dict[str, Any]]:
        return [json.loads(record.value) | {"_at": record.timestamp} for record in await self.records(topic)]

    async def violations(self) -> list[dict[str, Any]]:
        """
        Those of the first stage.
        """
        return [one for one in await self.outcomes(VIOLATIONS.name) if one["kind"] not in OF_THE_SECOND_STAGE]

    async def objective_violations(self) -> list[dict[str, Any]]:
        """
        Those of the second stage.
        """
        return [one for one in await self.outcomes(VIOLATIONS.name) if one["kind"] in OF_THE_SECOND_STAGE]

    async def standing(self) -> dict[str, dict[str, Any]]:
        """
        What holds in the end of the first stage: of each id the latest revision, without revision and the times of
        looking.
        """
        outcomes = await self.violations()
        for topic in (MEASUREMENTS.name, ATTAINMENT.name):
            outcomes += await self.outcomes(topic)
        return standing_of(outcomes)

    async def lag(self, group: str = "sqm.sla", topics: Sequence[str] = (EVENTS.name,)) -> int:
        """
        Records of these topics that the group has not committed yet.
        """
        admin = AIOKafkaAdminClient(**self.connection.client_options())
        await admin.start()
        try:
            committed = await admin.list_consumer_group_offsets(self.connection.name(group))
        finally:
            await admin.close()
        behind = 0
        for name in map(self.connection.name, topics):
            ends = await self._reader.end_offsets(name, await self._reader.partitions_of(name))
            done = {place.partition: one.offset for place, one in committed.items() if place.topic == name}
            behind += sum(end - max(0, done.get(number, 0)) for number, end in ends.items())
        return behind

    async def drained(
        self, group: str = "sqm.sla", topics: Sequence[str] = (EVENTS.name,), *, seconds: float = PATIENCE_SECONDS
    ) -> None:
        async def nothing_left() -> bool:
            try:
                return await self.lag(group, topics) == 0
            except GroupCoordinatorNotAvailableError:
                return False  # the broker is only making its topic of groups

        await eventually_async(nothing_left, seconds=seconds)


def standing_of(outcomes: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """
    Of each id the latest revision, if it is not taken back, without revision and the times of looking.
    """
    latest: dict[str, dict[str, Any]] = {}
    for one in outcomes:
        held = latest.get(one["id"])
        if held is None or revision(held) <= revision(one):
            latest[one["id"]] = one
    return {
        ident: {key: value for key, value in one.items() if key not in OF_LOOKING}
        for ident, one in latest.items()
        if one.get("state") not in ("retracted", "withdrawn") and one.get("kind") != "at_risk"
    }


async def alter_topic(connection: Connection, spec: TopicSpec) -> None:
    """
    Change the settings of a topic while it is in use.
    """
    admin = AIOKafkaAdminClient(**connection.client_options())
    await admin.start()
    try:
        resource = ConfigResource(ConfigResourceType.TOPIC, connection.name(spec.name), dict(spec.config))
        for response in await admin.alter_configs([resource]):
            assert all(one[0] == 0 for one in response.resources), response
    finally:
        await admin.close()


def revision(outcome: Mapping[str, Any]) -> tuple[int, int]:
    return outcome["rev_offset"], outcome["rev_watermark"]
