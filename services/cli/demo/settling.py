"""
Brings the line to rest, so that what is counted in two places can be compared: the simulator ends, the worker
catches up and ends, everybody is told of the alerts there are, history catches up with what both have written.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx
import msgspec

from schemas.topics import ATTAINMENT, DEAD_LETTERS, EVENTS, MEASUREMENTS, VIOLATIONS, Topic
from services.cli.demo.alert_counts import AlertCounts, count_alerts
from services.cli.demo.answering import Answering
from services.cli.demo.line import Line
from services.cli.demo.summary import Counted, Summary
from services.cli.demo.watching import Watch
from services.runtime.clock import Clock
from services.runtime.errors import Unreachable
from services.runtime.kafka import LogReader

__all__ = ["Settling"]

_LOOK_SECONDS: Final = 0.2
_PATIENCE_MS: Final = 60_000
_END_SECONDS: Final = 20.0
_OUTCOMES: Final = (MEASUREMENTS, VIOLATIONS, ATTAINMENT)


class _Identity(msgspec.Struct, frozen=True):
    source: str
    id: str


Ask = Callable[[str], Awaitable[list[dict[str, Any]]]]


class Settling:
    """
    Ends a demo. `say` is told what is being waited for.
    """

    def __init__(
        self,
        line: Line,
        watch: Watch,
        answering: Answering,
        client: httpx.AsyncClient,
        clock: Clock,
        say: Callable[[str], None],
    ) -> None:
        self._line = line
        self._watch = watch
        self._answering = answering
        self._client = client
        self._clock = clock
        self._say = say

    async def summary(self) -> Summary:
        """
        Bring everything to rest and count. Raises Unreachable where a part does not come to rest in time.
        """
        reader = LogReader(self._line.connection)
        await reader.start()
        try:
            self._say("ending the simulator")
            await self._end("simulator")
            records = sum((await self._ends(reader, EVENTS)).values())
            self._say("waiting for the worker to catch up")
            await self._until(lambda: self._caught_up(records), "the worker decides what was sent")
            figures = self._watch.figures
            decided, lag = figures.decided, figures.lag
            self._say("ending the worker, so that no clock runs on")
            await self._end("sla")
            await self._end("ingest")
            await self._until(lambda: self._seen_all(reader), "the demo reads the last outcomes")
            self._say("waiting until everybody is told")
            alerts = await self._count_alerts_at_rest()
            await self._end("alerts")
            self._say("waiting for history to catch up")
            topics = await self._count_topics(reader)
            history = await self._count_history_until(topics)
        finally:
            await reader.stop()
        truth = json.loads(self._line.truth.read_bytes())
        return Summary(truth, records, decided, lag, topics, history, alerts)

    async def _end(self, name: str) -> None:
        child = self._line.children[name]
        child.check()
        child.ask()
        if await asyncio.to_thread(child.wait, _END_SECONDS) is None:
            raise Unreachable(f"{name} did not end within {_END_SECONDS:g} s; the end of {child.log}:\n{child.tail()}")

    async def _until(self, reached: Callable[[], Awaitable[bool]], what: str) -> None:
        deadline = self._clock.monotonic_ms() + _PATIENCE_MS
        while not await reached():
            self._line.check()
            if self._clock.monotonic_ms() > deadline:
                raise Unreachable(f"waited a minute in vain until {what}")
            await asyncio.sleep(_LOOK_SECONDS)

    async def _ends(self, reader: LogReader, topic: Topic) -> dict[int, int]:
        name = self._line.connection.name(topic.name)
        return dict(await reader.end_offsets(name, await reader.partitions_of(name)))

    async def _caught_up(self, records: int) -> bool:
        await self._watch.ask_once(self._client, self._line.url("ingest"), self._line.url("sla"))
        return self._watch.figures.lag == 0 and self._watch.figures.decided >= records

    async def _seen_all(self, reader: LogReader) -> bool:
        for topic in _OUTCOMES:
            if self._watch.scene.records[topic.name] < sum((await self._ends(reader, topic)).values()):
                return False
        return True

    async def _count_topics(self, reader: LogReader) -> Counted:
        scene = self._watch.scene
        decode = msgspec.json.Decoder(_Identity).decode
        name = self._line.connection.name(EVENTS.name)
        events = {decode(record.value or b"") for record in await self._read(reader, name)}
        return Counted(
            events=len(events),
            measurements=len(scene.measurements),
            violations=dict(scene.violations_by_kind()),
            sums=scene.sums(),
            dead_letters=sum((await self._ends(reader, DEAD_LETTERS)).values()),
        )

    async def _read(self, reader: LogReader, name: str) -> list[Any]:
        return await reader.read_to(name, await reader.end_offsets(name, await reader.partitions_of(name)))

    async def _count_alerts_at_rest(self) -> AlertCounts:
        """
        Count alerts once everybody has been told of what there is, or the patience is over. What happens afterwards,
        while the service ends, would be told by its successor.
        """
        deadline = self._clock.monotonic_ms() + _PATIENCE_MS
        while True:
            self._line.check()
            counted = count_alerts(self._watch.alerts, self._watch.scene.open_lines(), self._answering.taken)
            if counted.at_rest or self._clock.monotonic_ms() > deadline:
                return counted
            await asyncio.sleep(_LOOK_SECONDS)

    async def _count_history_until(self, expected: Counted) -> Counted:
        """
        Count in history until it says the same as the topics, or the patience is over: then what it says in the end.
        """
        deadline = self._clock.monotonic_ms() + _PATIENCE_MS
        while True:
            self._line.check()
            counted = await self._count_history()
            if counted == expected or self._clock.monotonic_ms() > deadline:
                return counted
            await asyncio.sleep(_LOOK_SECONDS)

    async def _count_history(self) -> Counted:
        number = self._number
        violations = await self._ask("SELECT kind, state, count() AS n FROM violations FINAL GROUP BY kind, state")
        sums = await self._ask(
            "SELECT standard, version, sum(good) AS good, sum(total) AS total FROM standing_attainment GROUP BY ALL"
        )
        return Counted(
            events=await number("SELECT count() AS n FROM standing_events"),
            measurements=await number("SELECT count() AS n FROM measurements FINAL"),
            violations={(row["kind"], row["state"]): int(row["n"]) for row in violations},
            sums={(row["standard"], int(row["version"])): (int(row["good"]), int(row["total"])) for row in sums},
            dead_letters=await number("SELECT count() AS n FROM dead_letters FINAL"),
        )

    async def _number(self, sql: str) -> int:
        return int((await self._ask(sql))[0]["n"])

    async def _ask(self, sql: str) -> list[dict[str, Any]]:
        try:
            response = await self._client.post(self._line.url("history") + "/v1/query", content=sql)
        except httpx.TransportError as error:
            self._line.check()
            raise Unreachable(f"history does not answer: {error}") from error
        if not response.is_success:
            raise Unreachable(f"history answered {response.status_code} to {sql!r}: {response.text[:300]}")
        rows: list[dict[str, Any]] = response.json()["data"]
        return rows
