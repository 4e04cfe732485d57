"""
Wires one worker from its settings: the only place of this service that sees them.
"""

import asyncio
import os
from contextlib import AsyncExitStack
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import Field
from starlette.applications import Starlette

from schemas.base import HOUR_MS
from schemas.topics import ATTAINMENT, DEAD_LETTERS, EVENTS, MEASUREMENTS, STANDARDS, TOPICS, VIOLATIONS
from services.runtime.clock import SystemClock
from services.runtime.http import HttpServer, operational_routes, problem_handlers
from services.runtime.kafka import (
    BatchProducer,
    CheckpointStore,
    GroupOffsets,
    LogReader,
    TopicSpec,
    batching_app,
    changelog_topic,
    ensure_topics,
    specs_of,
)
from services.runtime.kafka.settings import ServiceSettings
from services.runtime.logs import logger
from services.runtime.metrics import Metrics
from services.runtime.process import ExitStatus, calm_garbage_collector, start_service
from services.runtime.stopping import StopRule
from services.runtime.tracing import open_tracing
from services.runtime.version import product_version
from services.sla.engine import ClockKind, Policy
from services.sla.shell.checkpoints import Checkpoints
from services.sla.shell.envelope import Kind
from services.sla.shell.folding import Folding
from services.sla.shell.observing import Observing
from services.sla.shell.outputs import Outputs
from services.sla.shell.present import Outlook
from services.sla.shell.refusals import Refusals
from services.sla.shell.second_stage import Around, SecondStage, Topics
from services.sla.shell.seeding import seed
from services.sla.shell.standards import Standards
from services.sla.shell.turns import Pace
from services.sla.shell.worker import Parts, Timing, Worker

__all__ = ["CHECKPOINTS", "OBJECTIVES", "SlaSettings", "main", "serve"]

NAME: Final = "sla"
CHECKPOINTS: Final = "sqm.sla.checkpoints.v1"
"""Where this service keeps its state; nobody else reads it."""
OBJECTIVES: Final = "sqm.sla.objectives.v1"
"""The same for its second stage, of which a group has one."""


class Said(StrEnum):
    """
    The log events of starting.
    """

    LISTENING = "http_listening"
    SEEDED = "standards_of_files_published"


class SlaSettings(ServiceSettings):
    """
    What a worker can be told.
    """

    sla_group: str = Field(default="sqm.sla", min_length=1, max_length=128)
    """The consumer group. Workers of one group share the partitions and the saved state."""
    sla_http_host: str = "127.0.0.1"
    """Where `/livez`, `/readyz`, `/metrics` and `/version` are served. Default: this machine only."""
    sla_http_port: int = Field(default=8082, ge=0, le=65_535)
    """0 takes any free port, and the log tells which."""
    sla_standards: tuple[Path, ...] = ()
    """Files and folders of standards to publish at start where the topic lacks them, as a JSON list of paths."""
    sla_clock: ClockKind = ClockKind.WALL
    """`wall` for live work; `event` to load history: time then is what the events say."""
    sla_lateness_seconds: int = Field(default=0, ge=0)
    """Event clock only: how far time stays behind the latest event, for events out of order."""
    sla_horizon_hours: int = Field(default=24, ge=1, le=24 * 400)
    """How long an ended journey is remembered, and how late an event may be. Raise it to load old files."""
    sla_session_timeout_ms: int = Field(default=10_000, ge=1_000, le=300_000)
    """After how long a worker that died is replaced. Ten seconds survives pauses of the machine that are not deaths."""
    sla_checkpoint_ms: int = Field(default=1_000, ge=50)
    """The shortest time between checkpoints: a successor reads again what came since the last one."""
    sla_checkpoint_factor: int = Field(default=10, ge=1)
    """And at least so many times as long as the last one was busy, so that saving a large state leaves time to work."""
    sla_tick_ms: int = Field(default=200, ge=10, le=1_000)
    """How often the passing of time is looked at: absence is noticed this much later at most, plus one checkpoint."""
    sla_margin_ms: int = Field(default=100, ge=0, le=10_000)
    """How far behind its clock a worker lets time pass: for records that the broker stamped but does not show yet."""
    sla_rest_seconds: int = Field(default=15, ge=1)
    """Event clock only: after so long without an event, time goes on to the latest one, as at the end of a file."""
    sla_chunk_bytes: int = Field(default=1_300_000, ge=10_000, le=1_500_000)
    """
    The largest of the eight parts of a site's state, in bytes before compression; further journeys go to the dead
    letters as `site_full`. A journey of one day takes some 300 bytes, and as many for each further clock, customer or
    source that standards watch: the default holds 10,000 customers of a site under several standards, and stays, also
    with the half more that open journeys may still grow by, within the 2 MiB of a record.
    """
    sla_objectives: bool = True
    """Whether one worker of the group judges objectives: what many journeys together should reach."""
    sla_live_lines: int = Field(default=1_000, ge=0, le=100_000)
    """Of how many lines (standard, site, queue) Prometheus is told one by one, up to twelve series each: of who waits
    and of what was kept, the first that are seen, the rest together as `other`; of what to expect, those with most
    arrivals."""
    sla_refused_in_a_row: int = Field(default=1_000, ge=1)
    """So many refused records in a row stop the worker."""
    sla_refused_percent: int = Field(default=50, ge=1, le=100)
    """A larger share of refused records among the last ten thousand stops the worker."""


def main() -> ExitStatus:
    """
    Run a worker until it is told to stop.
    """
    return start_service(NAME, SlaSettings, os.environ, serve)


async def serve(settings: SlaSettings, stop: asyncio.Event) -> None:
    """
    Work until `stop` is set.
    """
    connection = settings.kafka.connection()
    clock = SystemClock()
    tracing = open_tracing(settings.tracing, NAME)
    log = logger(NAME)
    if settings.topics.create:
        await ensure_topics(connection, _topics(settings))
    names = {
        Kind.MEASUREMENT: connection.name(MEASUREMENTS.name),
        Kind.VIOLATION: connection.name(VIOLATIONS.name),
        Kind.ATTAINMENT: connection.name(ATTAINMENT.name),
    }
    dead = connection.name(DEAD_LETTERS.name)
    outcomes, changelog = BatchProducer(connection), BatchProducer(connection, batch_bytes=1_048_576)
    # A broker answers the requests of one connection in order: beside a waiting fetch, asking for ends would wait too.
    reading, restoring, asking = LogReader(connection), LogReader(connection), LogReader(connection)
    standards = Standards(reading, connection.name(STANDARDS.name), log)
    refusals = Refusals(topic=dead, group=connection.name(settings.sla_group), clock=clock)
    outputs = Outputs(outcomes, names, refusals, tracing)
    rule = StopRule(in_a_row=settings.sla_refused_in_a_row, share_percent=settings.sla_refused_percent)
    folding = Folding(outputs, book=lambda: standards.book, rule=rule, clock=clock)
    # The second stage reads beside the first: rows, its own saved state, and how far the group is.
    rows, returning, progress = (
        LogReader(connection),
        LogReader(connection),
        GroupOffsets(connection, settings.sla_group),
    )
    policy = Policy(
        clock=settings.sla_clock,
        lateness_ms=settings.sla_lateness_seconds * 1_000,
        horizon_ms=settings.sla_horizon_hours * HOUR_MS,
        chunk_max_bytes=settings.sla_chunk_bytes,
    )
    second = SecondStage(
        Topics(connection.name(EVENTS.name), names[Kind.ATTAINMENT]),
        Around(
            store=CheckpointStore(changelog, returning, connection.name(OBJECTIVES)),
            rows=rows,
            asking=asking,
            progress=progress,
            outputs=outputs,
            book=lambda: standards.book,
            clock=clock,
            log=log,
        ),
        policy=policy,
        tick_ms=settings.sla_tick_ms,
        margin_ms=settings.sla_margin_ms,
        rest_ms=settings.sla_rest_seconds * 1_000,
    )
    metrics = Metrics(NAME, version=product_version())
    observing = Observing(
        metrics,
        clock=clock,
        outputs=outputs,
        refusals=refusals,
        folding=folding,
        second=second,
        lines=settings.sla_live_lines,
    )
    store = CheckpointStore(changelog, restoring, connection.name(CHECKPOINTS))
    worker = Worker(
        batching_app(
            connection,
            group=settings.sla_group,
            batched_topics=[EVENTS.name],
            session_timeout_ms=settings.sla_session_timeout_ms,
        ),
        connection.name(EVENTS.name),
        policy=policy,
        parts=Parts(
            store=store,
            ends=asking,
            folding=folding,
            outputs=outputs,
            checkpoints=Checkpoints(
                store, outputs, book=lambda: standards.book, clock=clock, saved=observing.saved, tracing=tracing
            ),
            clock=clock,
            log=log,
            tracing=tracing,
        ),
        timing=Timing(
            tick_ms=settings.sla_tick_ms,
            margin_ms=settings.sla_margin_ms,
            rest_ms=settings.sla_rest_seconds * 1_000,
            pace=Pace(floor_ms=settings.sla_checkpoint_ms, factor=settings.sla_checkpoint_factor),
        ),
        recovered=observing.recovered,
        beside_first=second.run if settings.sla_objectives else None,
    )
    outlook = Outlook(
        metrics,
        states=lambda: [one.state for one in worker.owned.values()],
        book=lambda: standards.book,
        clock=clock,
        # More often than Prometheus asks, and at most one part in 21 of the worker's time.
        pace=Pace(floor_ms=5_000, factor=20),
        most=settings.sla_live_lines,
    )
    routes = operational_routes(
        {"service": NAME, "version": product_version()},
        worker.missing,
        lambda: observing.exposition(worker.owned.values, lambda: standards.book),
    )
    http = HttpServer(
        Starlette(routes=routes, exception_handlers=problem_handlers()),
        host=settings.sla_http_host,
        port=settings.sla_http_port,
    )
    async with AsyncExitStack() as running:
        # Stopped in the reverse order: what others still send through goes last.
        running.push_async_callback(asyncio.to_thread, tracing.close)
        for part in (reading, restoring, asking, rows, returning, progress):
            running.push_async_callback(part.stop)
            await part.start()
        for producer, topics in ((outcomes, [*names.values(), dead, connection.name(STANDARDS.name)]), (changelog, [])):
            await producer.start(topics)
            running.push_async_callback(producer.stop)
        await http.start()
        running.push_async_callback(http.stop)
        log.info(Said.LISTENING, host=settings.sla_http_host, port=http.port)
        await standards.load()
        if settings.sla_standards:
            log.info(
                Said.SEEDED,
                publications=await seed(
                    settings.sla_standards,
                    standards.standing,
                    outcomes,
                    connection.name(STANDARDS.name),
                    now_ms=clock.now_ms(),
                ),
            )
            await standards.load()
        calm_garbage_collector()
        await worker.run(stop, standards.follow(), outlook.run())


def _topics(settings: SlaSettings) -> list[TopicSpec]:
    return [
        *specs_of(TOPICS, partitions=settings.topics.partitions, replication=settings.topics.replication),
        changelog_topic(CHECKPOINTS, settings.topics.partitions, settings.topics.replication),
        changelog_topic(OBJECTIVES, 1, settings.topics.replication),
    ]
