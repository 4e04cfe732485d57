"""
Wires ingest from its settings: the only place of this service that sees them.
"""

import asyncio
import contextlib
import os
import secrets
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pydantic import Field
from starlette.applications import Starlette

from schemas.base import URL
from schemas.topics import DEAD_LETTERS, EVENTS, EVENTS_IN, RAW, Topic
from services.ingest.engine import Policy
from services.ingest.engine.connector import CompiledConnector
from services.ingest.shell.connectors import Senders, load_connectors
from services.ingest.shell.direct_writers import DirectWriters
from services.ingest.shell.documentation import documentation_routes
from services.ingest.shell.http_api import EventsApi, RequestLimits
from services.ingest.shell.identities import IdentityStore
from services.ingest.shell.intake import Destinations, Intake
from services.ingest.shell.meters import Meters
from services.ingest.shell.payload_mapping import PayloadMapper
from services.ingest.shell.publishing import BrokerPublisher
from services.ingest.shell.sealing import SealedTopic
from services.ingest.shell.server_time import TellingTime
from services.ingest.shell.webhooks import Proofs, WebhookLimits, Webhooks
from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured, ServiceError, Transient
from services.runtime.http import HttpServer, Limits, operational_routes, problem_handlers
from services.runtime.kafka import Connection, GroupConsumer, LogReader, ensure_topics, specs_of
from services.runtime.kafka.acknowledging import AcknowledgingProducer
from services.runtime.kafka.consuming import BatchHandler
from services.runtime.kafka.settings import ServiceSettings
from services.runtime.logs import logger
from services.runtime.metrics import Metrics
from services.runtime.process import ExitStatus, calm_garbage_collector, start_service
from services.runtime.stopping import StopRule
from services.runtime.token_file import DEFAULT_TOKENS_FILE, TokenFile
from services.runtime.tokens import TokenBook
from services.runtime.tracing import open_tracing
from services.runtime.version import product_version

__all__ = ["IngestSettings", "main", "serve"]

NAME: Final = "ingest"
_RETRY_SECONDS: Final = 1.0
_MEASURE_SECONDS: Final = 5.0


class Said(StrEnum):
    """
    The log events of the wiring.
    """

    LISTENING = "http_listening"
    OPEN = "accepting_events_without_tokens"
    READER_STOPPED = "reading_stopped"
    READER_WAITS = "reading_waits"
    WEBHOOKS = "webhooks_served"
    TOPICS_WAIT = "topics_wait"
    STRANGERS = "identities_file_is_not_the_one_from_before"


class IngestSettings(ServiceSettings):
    """
    What ingest can be told.
    """

    ingest_http_host: str = "127.0.0.1"
    """Where HTTP is served. Default: this machine only; tokens are secrets, so put TLS in front of anything wider."""
    ingest_http_port: int = Field(default=8081, ge=0, le=65_535)
    """0 takes any free port, and the log tells which."""
    ingest_tokens_file: Path = DEFAULT_TOKENS_FILE
    """The file that `sqm tokens` writes; changes are noticed within a second."""
    ingest_development_open: bool = False
    """Accept events of anybody, without a token. For a developer's machine only."""
    ingest_unknown_data: Literal["refuse", "keep"] = "refuse"
    """What happens to an event with a field in `data` that nobody here knows. `refuse` catches misspelt fields."""
    ingest_future_seconds: int = Field(default=300, ge=0, le=86_400)
    """How far ahead of our clock an event may be. Five minutes: clocks of tills are seldom right."""
    ingest_body_bytes: int = Field(default=5 * 1024 * 1024, ge=1_024)
    """The largest body of a request. 5 MiB hold a batch of 10,000 usual events."""
    ingest_body_seconds: float = Field(default=30.0, gt=0)
    """How long a body may take to arrive."""
    ingest_items: int = Field(default=10_000, ge=1)
    """Events in one batch."""
    ingest_event_bytes: int = Field(default=65_536, ge=1_024, le=900_000)
    """The largest event. 64 KiB is what CloudEvents asks everybody to carry."""
    ingest_connections: int = Field(default=1_000, ge=1)
    """HTTP connections open at once."""
    ingest_keep_refused: bool = True
    """Whether events refused over HTTP also go to the dead letters, for those whose senders ignore answers."""
    ingest_backlog_bytes: int = Field(default=64 * 1024 * 1024, ge=1_024)
    """How many bytes may wait for the broker before requests are answered with 429."""
    ingest_patience_seconds: float = Field(default=10.0, gt=0)
    """How long a request waits for the broker's acknowledgement before it is answered with 503."""
    ingest_direct_writers: bool = True
    """Whether `sqm.events.in.v1` is read."""
    ingest_group: str = Field(default="sqm.ingest", min_length=1, max_length=128)
    """The consumer group that reads it."""
    ingest_connectors: Path | None = None
    """The folder of connectors (`deploy/connectors` holds the shipped ones). None: no webhooks are taken."""
    ingest_public_url: str | None = Field(default=None, pattern=URL, max_length=500)
    """How the address begins under which vendors reach us, where a proxy stands before; some of them sign it."""
    identities_file: Path = Path("var/identities.db")
    """The store of identities: whose each pseudonym is, and the keys of what is sealed. Made where it is missing."""
    ingest_webhook_bytes: int = Field(default=1024 * 1024, ge=1_024, le=1_900_000)
    """The largest body of a webhook. 1 MiB is four times what the vendors of the shipped connectors send at most."""
    ingest_webhook_group: str = Field(default="sqm.ingest.webhooks", min_length=1, max_length=128)
    """The consumer group that maps stored webhooks."""
    ingest_refused_in_a_row: int = Field(default=1_000, ge=1)
    """So many refused records of that topic in a row stop the reading."""
    ingest_refused_percent: int = Field(default=50, ge=1, le=100)
    """A larger share of refused records among the last ten thousand stops the reading."""


def main() -> ExitStatus:
    """
    Run ingest until it is told to stop.
    """
    return start_service(NAME, IngestSettings, os.environ, serve)


async def serve(settings: IngestSettings, stop: asyncio.Event) -> None:
    """
    Work until `stop` is set: answer first, connect to the broker meanwhile and whenever it went away.
    """
    clock = SystemClock()
    tracing = open_tracing(settings.tracing, NAME)
    connection = settings.kafka.connection()
    meters = Meters(Metrics(NAME, version=product_version()))
    destinations = Destinations(
        connection.name(EVENTS.name), connection.name(DEAD_LETTERS.name), connection.name(RAW.name)
    )
    patience_ms = int(settings.ingest_patience_seconds * 1_000)
    publisher = BrokerPublisher(
        lambda: AcknowledgingProducer(
            connection, clock, max_bytes=settings.ingest_backlog_bytes, patience_ms=patience_ms
        ),
        destinations,
        give_up_ms=3 * patience_ms,
    )
    identities = IdentityStore(settings.identities_file, clock, secrets.token_bytes)
    policy = Policy(
        future_ms=settings.ingest_future_seconds * 1_000,
        max_event_bytes=settings.ingest_event_bytes,
        keep_unknown_data=settings.ingest_unknown_data == "keep",
        pseudonym=identities.pseudonyms(),
    )
    intake = Intake(publisher, destinations, identities, clock, meters, tracing)
    tokens = _tokens(settings, clock)
    api = EventsApi(
        intake=intake,
        publisher=publisher,
        tokens=tokens.book if tokens else None,
        policy=policy,
        limits=RequestLimits(settings.ingest_body_bytes, settings.ingest_body_seconds, settings.ingest_items),
        clock=clock,
        meters=meters,
        keep_refused=settings.ingest_keep_refused,
    )

    def missing() -> list[str]:
        return [*publisher.missing(), *identities.missing(), *(tokens.missing() if tokens else [])]

    about = {"service": NAME, "version": product_version()}
    senders = Senders(os.environ, clock)
    connectors = _connectors(settings, identities, senders)
    webhooks = Webhooks(
        connectors=connectors,
        proofs=Proofs(senders.secrets_of, tokens.book if tokens else lambda: TokenBook(())),
        public_url=settings.ingest_public_url,
        stored=SealedTopic(publisher, identities, destinations.raw, tracing),
        limits=WebhookLimits(settings.ingest_webhook_bytes, settings.ingest_body_seconds),
        clock=clock,
        meters=meters,
    )
    mapper = PayloadMapper(
        intake,
        identities,
        connectors=connectors,
        policy=policy,
        clock=clock,
        meters=meters,
        group=connection.name(settings.ingest_webhook_group),
    )
    routes = [
        *operational_routes(about, missing, meters.exposition),
        *api.routes(),
        *webhooks.routes(),
        *documentation_routes(about["version"]),
    ]
    server = HttpServer(
        TellingTime(Starlette(routes=routes, exception_handlers=problem_handlers()), clock),
        host=settings.ingest_http_host,
        port=settings.ingest_http_port,
        limits=Limits(connections=settings.ingest_connections),
    )
    writers = DirectWriters(
        intake,
        policy=policy,
        rule=StopRule(in_a_row=settings.ingest_refused_in_a_row, share_percent=settings.ingest_refused_percent),
        clock=clock,
        group=connection.name(settings.ingest_group),
    )
    await server.start()
    logger(NAME).info(Said.LISTENING, host=settings.ingest_http_host, port=server.port)
    calm_garbage_collector()
    try:
        if settings.topics.create:
            await _until_there(lambda: _ensure_topics(connection, settings), stop)
        if identities.made:
            await _until_there(lambda: _warn_of_strangers(connection, settings.identities_file), stop)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(publisher.keep_connected(stop))
            if settings.ingest_direct_writers:
                direct = Reading(EVENTS_IN, settings.ingest_group, writers.handle, meters.lag.set)
                tasks.create_task(_read(connection, direct, stop))
            if connectors:
                stored = Reading(RAW, settings.ingest_webhook_group, mapper.handle, meters.webhooks_lag.set)
                tasks.create_task(_read(connection, stored, stop))
            await stop.wait()
            await server.stop()
    finally:
        await server.stop()
        identities.close()
        await asyncio.to_thread(tracing.close)


def _tokens(settings: IngestSettings, clock: SystemClock) -> TokenFile | None:
    if settings.ingest_development_open:
        logger(NAME).warning(
            Said.OPEN,
            setting="SQM_INGEST_DEVELOPMENT_OPEN",
            advice="anybody can send anything; not for service",
        )
        return None
    return TokenFile(settings.ingest_tokens_file, clock)


def _connectors(settings: IngestSettings, identities: IdentityStore, senders: Senders) -> dict[str, CompiledConnector]:
    if settings.ingest_connectors is None:
        return {}
    found = load_connectors(settings.ingest_connectors, identities.pseudonyms, senders.connectors())
    senders.check()
    logger(NAME).info(Said.WEBHOOKS, connectors=", ".join(found) or "none: no SQM_SECRET_WEBHOOK__… is set")
    return found


async def _ensure_topics(connection: Connection, settings: IngestSettings) -> None:
    ours = (EVENTS_IN, RAW, EVENTS, DEAD_LETTERS)
    await ensure_topics(
        connection, specs_of(ours, partitions=settings.topics.partitions, replication=settings.topics.replication)
    )


async def _warn_of_strangers(connection: Connection, file: Path) -> None:
    """
    Say loudly where a new store of identities stands beside events from before it: nobody in them is known to it.
    """
    reader = LogReader(connection)
    await reader.start()
    try:
        topic = connection.name(EVENTS.name)
        before = sum((await reader.end_offsets(topic, await reader.partitions_of(topic))).values())
    finally:
        await reader.stop()
    if before:
        logger(NAME).error(
            Said.STRANGERS,
            file=str(file),
            events_before=before,
            meaning="pseudonyms from before are of another store: nobody can say whose they are, whoever comes again "
            "counts as new, and what was sealed stays shut",
            advice="stop every ingest, put the old file or its newest backup there (mode 0600), then start again; "
            "where there is none, go on",
        )


async def _until_there(work: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await work()
        except Transient as error:
            logger(NAME).warning(Said.TOPICS_WAIT, reason=str(error))
            await _pause(stop, _RETRY_SECONDS)
        else:
            return


class Reading(NamedTuple):
    """
    A topic that ingest reads, as which group, who handles what it brings, and who is told how much is left.
    """

    topic: Topic
    group: str
    handle: BatchHandler
    tell_lag: Callable[[float], object]


async def _read(connection: Connection, reading: Reading, stop: asyncio.Event) -> None:
    log = logger(NAME).bind(topic=reading.topic.name)
    while not stop.is_set():
        consumer = GroupConsumer(connection, group=reading.group, topics=[reading.topic.name])
        running = asyncio.get_running_loop().create_task(consumer.run(reading.handle))
        stopping = asyncio.get_running_loop().create_task(_measure(consumer, running, reading, stop))
        try:
            await running
        except Transient as error:
            log.warning(Said.READER_WAITS, reason=str(error))
            await _pause(stop, _RETRY_SECONDS)
        except Misconfigured as error:
            # HTTP goes on: the fault of one writer to Kafka must not shut out everybody else.
            log.error(Said.READER_STOPPED, reason=str(error))  # noqa: TRY400  (the message says what to do)
            return
        finally:
            await stopping


async def _measure(consumer: GroupConsumer, running: asyncio.Task[None], reading: Reading, stop: asyncio.Event) -> None:
    while not stop.is_set() and not running.done():
        with contextlib.suppress(ServiceError):
            reading.tell_lag(sum((await consumer.lag()).values()))
        await _pause(stop, _MEASURE_SECONDS, running)
    consumer.stop()


async def _pause(stop: asyncio.Event, seconds: float, also: asyncio.Task[None] | None = None) -> None:
    stopped = asyncio.get_running_loop().create_task(stop.wait())
    await asyncio.wait([stopped, *([also] if also else [])], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
