"""
Takes what one fetch brought, stores it by topic, and says done only when all of it is on disk or in the dead letters.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from services.history.engine import COPIES, Copy
from services.history.shell.observing import Observing
from services.history.shell.refusals import Refusals
from services.history.shell.storing import Refused, store
from services.runtime.clickhouse import Database
from services.runtime.clock import Clock
from services.runtime.errors import Transient
from services.runtime.kafka import Place, Record
from services.runtime.logs import Logger

__all__ = ["Pace", "Said", "Sink"]


class Said(StrEnum):
    """
    The log events of the sink.
    """

    WAITS = "insert_failed_will_try_again"
    GOES_ON = "insert_succeeded_again"


class Pace:
    """
    How long a batch smaller than `rows` waits, so that small inserts do not become a habit, and how long after failure.
    """

    def __init__(
        self, *, rows: int = 50_000, linger_ms: int = 1_000, retry_ms: int = 1_000, most_ms: int = 30_000
    ) -> None:
        self.rows = rows
        self.linger_ms = linger_ms
        self.retry_ms = retry_ms
        self.most_ms = most_ms


class Sink:
    """
    The handler of a `GroupConsumer` over all topics. `topic_names` gives the cluster's name of a logical topic.

    While the database is away it holds its batch and tries again; `missing` then says so. With `stop` set it gives up,
    and the batch is delivered again to whoever comes next.
    """

    def __init__(
        self,
        database: Database,
        *,
        topic_names: Callable[[str], str],
        refusals: Refusals,
        pace: Pace,
        clock: Clock,
        observing: Observing,
        stop: asyncio.Event,
        log: Logger,
    ) -> None:
        self._database = database
        self._copies = {topic_names(copy.table.topic): copy for copy in COPIES}
        self._refusals = refusals
        self._pace = pace
        self._clock = clock
        self._observing = observing
        self._stop = stop
        self._log = log
        self._trouble = ""

    def missing(self) -> list[str]:
        """
        What keeps the sink from storing, in words.
        """
        return [self._trouble] if self._trouble else []

    async def take(self, fetched: Mapping[Place, Sequence[Record]]) -> None:
        """
        Store all of it; returning means that it is durable.
        """
        began = self._clock.monotonic_ms()
        by_topic: dict[str, list[Record]] = {}
        for (topic, _), records in fetched.items():
            by_topic.setdefault(topic, []).extend(records)
        refused_by_topic: dict[str, list[Refused]] = {}
        for topic, records in by_topic.items():
            table = self._copies[topic].table
            with self._observing.inserting(table, records):
                refused = refused_by_topic[topic] = await self._store(self._copies[topic], records)
            self._observing.stored(table, records[-1].timestamp, len(records) - len(refused))
        await self._refusals.bury(refused_by_topic)
        for topic, records in by_topic.items():
            self._refusals.judge(topic, refused=len(refused_by_topic[topic]), records=len(records))
        if sum(map(len, by_topic.values())) < self._pace.rows:
            await self._pause(self._pace.linger_ms - (self._clock.monotonic_ms() - began))

    async def _store(self, copy: Copy, records: Sequence[Record]) -> list[Refused]:
        wait_ms = self._pace.retry_ms
        while True:
            began = self._clock.monotonic_ms()
            try:
                refused = await asyncio.to_thread(store, self._database, copy, records)
            except Transient as error:
                self._observing.failed(copy.table)
                self._trouble = "the database does not take rows"
                self._log.warning(
                    Said.WAITS, table=copy.table.name, rows=len(records), reason=str(error), wait_ms=wait_ms
                )
                if self._stop.is_set():
                    raise
                await self._pause(wait_ms)
                wait_ms = min(2 * wait_ms, self._pace.most_ms)
                continue
            if self._trouble:
                self._log.info(Said.GOES_ON, table=copy.table.name)
                self._trouble = ""
            self._observing.took(copy.table, self._clock.monotonic_ms() - began)
            return refused

    async def _pause(self, milliseconds: int) -> None:
        if milliseconds > 0 and not self._stop.is_set():
            try:
                await asyncio.wait_for(self._stop.wait(), milliseconds / 1_000)
            except TimeoutError:
                return
