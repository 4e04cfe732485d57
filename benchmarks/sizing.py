"""
Sizing: what an event leaves behind on disk, topic by topic and table by table, when all of the line has dealt with it.
"""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.line import Line, now_ms, running_broker
from benchmarks.measuring import Figure, progress
from benchmarks.processes import FailedError
from benchmarks.workload import LIMIT_MS, Sent, span_ms, stream
from schemas.topics import ATTAINMENT, EVENTS, MEASUREMENTS, VIOLATIONS
from services.runtime.kafka import BatchProducer
from services.sla.app import CHECKPOINTS

TITLE: Final = "sizing: bytes on disk for each event"
_EVENTS: Final = 300_000
_ALONE: Final = 3_000
_TOPICS: Final = (EVENTS, MEASUREMENTS, ATTAINMENT, VIOLATIONS)
_EVENT_CLOCK: Final = {"SQM_SLA_CLOCK": "event", "SQM_SLA_LATENESS_SECONDS": str(LIMIT_MS // 1_000)}
_PARTS: Final = (
    "SELECT table, sum(bytes_on_disk) AS bytes, sum(rows) AS rows FROM system.parts "
    "WHERE active AND database = currentDatabase() GROUP BY table ORDER BY bytes DESC"
)


def run(scale: float) -> Iterator[Figure]:
    """Let a worker judge events and history copy everything, then look at the disk."""
    count = int(_EVENTS * scale)
    with running_broker() as (servers, folder):
        line = Line(servers, folder, "sizing")
        progress(f"filling the topic with {count:,} events")
        events = line.produce(stream(count, begin=now_ms() - span_ms(count) - 60_000))
        with line.worker("worker", _EVENT_CLOCK) as worker:
            worker.until_ready()
            idle = worker.resident_megabytes()
            line.until_committed("sqm.sla", [worker])
            yield Figure("worker: memory at its start", idle, "MB")
            yield Figure("worker: memory when all have ended", worker.resident_megabytes(), "MB")
        for name in (*(topic.name for topic in _TOPICS), CHECKPOINTS):
            yield Figure(f"topic {name}", _bytes_of(folder / "kafka", line, name) / events, "bytes/event")
        slow = Line(servers, folder, "slow")
        asyncio.run(_one_by_one(slow, list(stream(_ALONE))))
        alone = _bytes_of(folder / "kafka", slow, EVENTS.name) / _ALONE
        yield Figure(f"topic {EVENTS.name}, each event in a batch of its own", alone, "bytes/event")
        progress("copying them into ClickHouse")
        settings = {"SQM_HISTORY_HTTP_PORT": "0", "SQM_CLICKHOUSE__FOLDER": str(line.folder / "tables")}
        with line.service("history", "services.history", settings) as history:
            history.until_ready()
            for topic in _TOPICS:
                if line.count(topic.name):
                    line.until_committed("sqm.history", [history], topic.name)
            tables = _tables(history.url())
    for table in tables:
        if float(table["bytes"]) / events >= 0.05:
            yield Figure(f"table {table['table']}", float(table["bytes"]) / events, "bytes/event")
    yield Figure("all tables", sum(float(table["bytes"]) for table in tables) / events, "bytes/event")


async def _one_by_one(line: Line, events: Sequence[Sent]) -> None:
    producer, topic = BatchProducer(line.connection), line.connection.name(EVENTS.name)
    await producer.start([topic])
    for event in events:
        producer.put(topic, event.site.encode(), event.value)
        await producer.flush()
    await producer.stop()


def _bytes_of(broker: Path, line: Line, name: str) -> int:
    logs = list((broker / "data").glob(f"{line.connection.name(name)}-*/*.log"))
    if not logs:
        raise FailedError(f"{broker} has no log of {name}")
    return sum(log.stat().st_size for log in logs)


def _tables(url: str) -> list[dict[str, Any]]:
    answer = httpx.post(f"{url}/v1/query", content=_PARTS, timeout=60)
    if answer.is_error:
        raise FailedError(f"history does not say how large its tables are: {answer.text[:300]}")
    rows: list[dict[str, Any]] = answer.json()["data"]
    return rows
