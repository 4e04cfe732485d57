"""
Wires history from its settings: the only place of this service that sees them.
"""

import asyncio
import contextlib
import os
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from enum import StrEnum
from typing import Final

from pydantic import Field, SecretStr
from starlette.applications import Starlette

from schemas.topics import DEAD_LETTERS, TOPICS
from services.history.engine import COPIES
from services.history.shell.http_api import QueryApi
from services.history.shell.migrating import default_lifetimes, migrate, read_migrations, require_migrated
from services.history.shell.observing import DISKS, Observing
from services.history.shell.refusals import Refusals
from services.history.shell.sink import Pace, Sink
from services.runtime.clickhouse import ClickHouseSettings, Database, Limits, open_database, open_reader
from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured, ServiceError, Transient
from services.runtime.http import HttpServer, is_loopback, operational_routes, problem_handlers
from services.runtime.kafka import BatchProducer, Connection, GroupConsumer, ensure_topics, specs_of
from services.runtime.kafka.settings import ServiceSettings
from services.runtime.logs import logger
from services.runtime.metrics import Metrics
from services.runtime.process import ExitStatus, calm_garbage_collector, start_service
from services.runtime.stopping import StopRule
from services.runtime.tracing import open_tracing
from services.runtime.version import product_version

__all__ = ["HistorySettings", "main", "serve"]

NAME: Final = "history"
_MEASURE_SECONDS: Final = 5.0


class Said(StrEnum):
    """
    The log events of starting.
    """

    MIGRATED = "tables_migrated"
    LISTENING = "http_listening"


class HistorySettings(ServiceSettings):
    """
    What history can be told.
    """

    clickhouse: ClickHouseSettings = ClickHouseSettings()
    """Where the tables are: `SQM_CLICKHOUSE__URL` of a server, else the embedded engine in `SQM_CLICKHOUSE__FOLDER`."""
    history_group: str = Field(default="sqm.history", min_length=1, max_length=128)
    """The consumer group."""
    history_http_host: str = "127.0.0.1"
    """Where HTTP is served. Default: this machine only; anything wider needs SQM_HISTORY_TOKEN."""
    history_http_port: int = Field(default=8083, ge=0, le=65_535)
    """0 takes any free port, and the log tells which."""
    history_token: SecretStr | None = None
    """What callers of /v1/query must show; None: nobody beyond this machine is answered."""
    history_keep_days: dict[str, int] = Field(default_factory=dict)
    """Lifetimes that differ from the defaults, as JSON: {"events": 90, "attainment": 0}; 0 keeps for ever."""
    history_migrate: bool = True
    """Whether tables are made and changed at the start; turn it off where `sqm history migrate` is run by hand."""
    history_batch_rows: int = Field(default=100_000, ge=1, le=1_000_000)
    """Most records of one fetch, and so of one insert."""
    history_linger_ms: int = Field(default=1_000, ge=0, le=60_000)
    """How long a small batch waits for the next: ClickHouse likes about one insert a second."""
    history_query_seconds: int = Field(default=10, ge=1, le=600)
    """Longest time for one question."""
    history_query_rows: int = Field(default=10_000, ge=1, le=1_000_000)
    """Most rows in one answer; the rest is cut off."""
    history_query_memory_bytes: int = Field(default=1024**3, ge=1024**2)
    """Most memory for one question."""
    history_refused_in_a_row: int = Field(default=1_000, ge=1)
    """So many records of a topic in a row that cannot be stored stop the service."""
    history_refused_percent: int = Field(default=50, ge=1, le=100)
    """A larger share of them among the last ten thousand stops the service."""


def main() -> ExitStatus:
    """
    Run history until it is told to stop.
    """
    return start_service(NAME, HistorySettings, os.environ, serve)


async def serve(settings: HistorySettings, stop: asyncio.Event) -> None:
    """
    Copy until `stop` is set; the batch in hand is finished first.
    """
    token = settings.history_token.get_secret_value() if settings.history_token else None
    if token is None and not is_loopback(settings.history_http_host):
        raise Misconfigured(
            f"SQM_HISTORY_HTTP_HOST is {settings.history_http_host}, so others can reach /v1/query: "
            "set SQM_HISTORY_TOKEN"
        )
    log = logger(NAME)
    clock = SystemClock()
    connection = settings.kafka.connection()
    tracing = open_tracing(settings.tracing, NAME)
    async with AsyncExitStack() as running:
        running.push_async_callback(asyncio.to_thread, tracing.close)
        database = await asyncio.to_thread(open_database, settings.clickhouse)
        running.push_async_callback(asyncio.to_thread, database.close)
        if settings.history_migrate:
            lifetimes = default_lifetimes() | settings.history_keep_days
            done = await asyncio.to_thread(migrate, database, read_migrations(), lifetimes)
            log.info(Said.MIGRATED, migrations=done.migrations, lifetimes=done.lifetimes)
        else:
            await asyncio.to_thread(require_migrated, database, settings.clickhouse.place)
        limits = Limits(
            settings.history_query_seconds, settings.history_query_memory_bytes, settings.history_query_rows
        )
        reader = await asyncio.to_thread(open_reader, settings.clickhouse, limits)
        running.push_async_callback(asyncio.to_thread, reader.close)
        if settings.topics.create:
            specs = specs_of(TOPICS, partitions=settings.topics.partitions, replication=settings.topics.replication)
            await ensure_topics(connection, specs)
        dead_topic = connection.name(DEAD_LETTERS.name)
        producer = BatchProducer(connection)
        await producer.start([dead_topic])
        running.push_async_callback(producer.stop)
        observing = Observing(Metrics(NAME, version=product_version()), clock, tracing)
        sink = Sink(
            database,
            topic_names=connection.name,
            refusals=Refusals(
                producer,
                topic=dead_topic,
                group=connection.name(settings.history_group),
                rule=StopRule(
                    in_a_row=settings.history_refused_in_a_row, share_percent=settings.history_refused_percent
                ),
                clock=clock,
                observing=observing,
            ),
            pace=Pace(rows=settings.history_batch_rows // 2, linger_ms=settings.history_linger_ms),
            clock=clock,
            observing=observing,
            stop=stop,
            log=log,
        )
        consumer = GroupConsumer(
            connection,
            group=settings.history_group,
            topics=[copy.table.topic for copy in COPIES],
            max_records=settings.history_batch_rows,
        )

        def missing() -> list[str]:
            return [*sink.missing(), *([] if consumer.assigned() else ["no partitions are assigned yet"])]

        about = {"service": NAME, "version": product_version()}
        api = QueryApi(reader, token=token, rows=settings.history_query_rows)
        routes = [*operational_routes(about, missing, observing.exposition), *api.routes()]
        http = HttpServer(
            Starlette(routes=routes, exception_handlers=problem_handlers()),
            host=settings.history_http_host,
            port=settings.history_http_port,
        )
        await http.start()
        running.push_async_callback(http.stop)
        log.info(Said.LISTENING, host=settings.history_http_host, port=http.port)
        calm_garbage_collector()
        await _copy(consumer, sink, _measure(consumer, reader, observing, connection), stop)


async def _copy(
    consumer: GroupConsumer, sink: Sink, measuring: Coroutine[None, None, None], stop: asyncio.Event
) -> None:
    async def stopping() -> None:
        await stop.wait()
        consumer.stop()

    watchers = [asyncio.create_task(stopping()), asyncio.create_task(measuring)]
    try:
        await consumer.run(sink.take)
    except Transient:
        # The batch in hand could not be stored in time; nothing of it was committed.
        if not stop.is_set():
            raise
    finally:
        for task in watchers:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _measure(consumer: GroupConsumer, reader: Database, observing: Observing, connection: Connection) -> None:
    logical = {connection.name(topic.name): topic.name for topic in TOPICS}
    while True:
        await asyncio.sleep(_MEASURE_SECONDS)
        with contextlib.suppress(ServiceError):
            behind: dict[str, int] = {}
            for (topic, _), records in (await consumer.lag()).items():
                behind[logical[topic]] = behind.get(logical[topic], 0) + records
            observing.lags(behind)
        # Whoever may not ask for the disks of a server goes without.
        with contextlib.suppress(ServiceError):
            observing.disks(await asyncio.to_thread(reader.rows, DISKS))
