"""
The sink holds on to its batch until all of it is stored or in the dead letters, and says what it waits for.
"""

import asyncio
from collections.abc import Sequence

import pytest

from schemas.topics import EVENTS
from services.history.engine import Misfit
from services.history.shell.observing import Observing
from services.history.shell.refusals import Refusals
from services.history.shell.sink import Pace, Sink
from services.runtime.errors import Misconfigured, Unreachable
from services.runtime.logs import logger
from services.runtime.metrics import Metrics
from services.runtime.stopping import StopRule
from services.runtime.tracing import TRACEPARENT, UNTRACED, Tracing
from tests.fakes.clock import ManualClock
from tests.fakes.picky_database import PickyDatabase
from tests.fakes.topic_records import TopicRecord
from tests.fakes.tracing import RecordedTracing

AT_ONCE = Pace(linger_ms=0, retry_ms=1, most_ms=2)


class Buried:
    """
    The dead letters, kept by key and value.
    """

    def __init__(self) -> None:
        self.put_values: list[tuple[bytes | None, int | None]] = []
        self.flushed = 0

    def put(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        headers: Sequence[tuple[str, bytes]] = (),
        partition: int | None = None,
    ) -> None:
        self.put_values.append((value, partition))

    async def flush(self) -> None:
        self.flushed = len(self.put_values)


class Bench:
    """
    One sink and what stands around it.
    """

    def __init__(
        self,
        database: PickyDatabase,
        pace: Pace = AT_ONCE,
        rule: StopRule | None = None,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self.buried, self.stop, clock = Buried(), asyncio.Event(), ManualClock()
        self.observing = Observing(Metrics("history", version="0"), clock, tracing)
        refusals = Refusals(
            self.buried,
            topic="dead",
            group="history",
            rule=rule or StopRule(),
            clock=clock,
            observing=self.observing,
        )
        self.sink = Sink(
            database,
            topic_names=lambda topic: topic,
            refusals=refusals,
            pace=pace,
            clock=clock,
            observing=self.observing,
            stop=self.stop,
            log=logger("history"),
        )

    async def take(self, *records: TopicRecord) -> None:
        await self.sink.take({(EVENTS.name, 0): records})

    def counted(self, line: str) -> bool:
        return line in self.observing.exposition()[0].decode()


async def test_while_the_database_is_away_the_sink_says_so_and_tries_again_until_it_is_back() -> None:
    database = PickyDatabase()
    database.away = True
    bench = Bench(database)
    work = asyncio.create_task(bench.take(TopicRecord(0, b"good-0")))
    while not bench.counted('sqm_history_insert_failures_total{table="events"} 3.0'):
        await asyncio.sleep(0)
    assert bench.sink.missing() == ["the database does not take rows"]
    assert not work.done()
    database.away = False
    await work
    assert (bench.sink.missing(), database.stored) == ([], ["good-0"])
    assert bench.counted('sqm_history_rows_total{table="events"} 1.0')


async def test_a_sink_that_is_told_to_stop_gives_its_batch_up_for_whoever_comes_next() -> None:
    database = PickyDatabase()
    database.away = True
    bench = Bench(database)
    bench.stop.set()
    with pytest.raises(Unreachable):
        await bench.take(TopicRecord(0, b"good-0"))
    assert not bench.counted('sqm_history_rows_total{table="events"} 1.0')


async def test_after_a_small_batch_the_sink_lingers_until_it_is_told_to_stop() -> None:
    database = PickyDatabase()
    bench = Bench(database, Pace(rows=2, linger_ms=600_000))
    await bench.take(TopicRecord(0, b"good-0"), TopicRecord(1, b"good-1"))
    work = asyncio.create_task(bench.take(TopicRecord(2, b"good-2")))
    while not bench.counted('sqm_history_insert_duration_seconds_count{table="events"} 2.0'):
        await asyncio.sleep(0)
    assert not work.done()
    bench.stop.set()
    await work
    assert database.stored == ["good-0", "good-1", "good-2"]


async def test_what_is_refused_is_in_the_dead_letters_before_the_batch_is_done() -> None:
    bench = Bench(PickyDatabase({0: Misfit.NOT_JSON, 1: Misfit.NOT_JSON}))
    await bench.take(TopicRecord(0, b"misfit"), TopicRecord(1, b"misfit", key=None), TopicRecord(2, b"good-2"))
    assert bench.buried.put_values == [(b"misfit", None), (b"misfit", 0)]
    assert bench.buried.flushed == 2
    assert bench.counted('sqm_history_dead_letters_total{reason="not_json"} 2.0')


async def test_too_many_refusals_in_a_row_stop_the_service_with_a_word_about_the_topic() -> None:
    bench = Bench(PickyDatabase({0: Misfit.NOT_JSON}), rule=StopRule(in_a_row=1))
    with pytest.raises(Misconfigured, match=f"from {EVENTS.name}: 1 of the last 1 records"):
        await bench.take(TopicRecord(0, b"misfit"))
    assert bench.buried.flushed == 1


async def test_an_insert_is_linked_to_what_wrote_its_rows() -> None:
    tracing = RecordedTracing()
    bench = Bench(PickyDatabase(), tracing=tracing)
    await bench.take(TopicRecord(0, b"good-0", headers=[(TRACEPARENT, b"theirs")]), TopicRecord(1, b"good-1"))
    ((name, causes, facts),) = tracing.spans
    assert (name, causes) == ("INSERT events", [b"theirs"])
    assert (facts["db.collection.name"], facts["db.operation.batch.size"]) == ("events", 2)
