"""
Wires the service of alerts from its settings: the only place of this service that sees them.
"""

import asyncio
import os
import re
import ssl
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from enum import StrEnum
from pathlib import Path
from random import SystemRandom
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr
from pydantic_core import PydanticCustomError
from starlette.applications import Starlette

from domain.wording import LANGUAGES
from schemas.alerting import Alerting
from schemas.topics import (
    ALERT_COMMANDS,
    ALERTING,
    ALERTS,
    DELIVERIES,
    NOTIFICATIONS,
    STANDARDS,
    TOPICS,
    VIOLATIONS,
)
from services.alerts.shell.books import Books
from services.alerts.shell.config_api import ConfigApi
from services.alerts.shell.config_file import ConfigFile
from services.alerts.shell.delivering import Delivering, Made
from services.alerts.shell.heartbeat import Heartbeat, WholeLine, posting
from services.alerts.shell.http_api import AlertsApi
from services.alerts.shell.lagging import Lagging
from services.alerts.shell.leading import Leading
from services.alerts.shell.link_pages import LinkPages
from services.alerts.shell.notifiers import Poster, system_resolve
from services.alerts.shell.observing import Observing
from services.alerts.shell.offering import offering
from services.alerts.shell.office import Office, OfficeTools, Topics
from services.alerts.shell.outputs import Outputs, OutTopics
from services.alerts.shell.reading import Readers
from services.alerts.shell.seeing import DeskView
from services.runtime.catalogues import load_catalogue
from services.runtime.clock import Clock, SystemClock
from services.runtime.errors import Misconfigured
from services.runtime.http import HttpServer, operational_routes, problem_handlers
from services.runtime.kafka import (
    BatchProducer,
    CheckpointStore,
    Connection,
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
from services.runtime.token_file import DEFAULT_TOKENS_FILE, TokenFile
from services.runtime.tracing import open_tracing
from services.runtime.version import product_version

__all__ = ["STATE", "AlertsSettings", "main", "serve"]

NAME: Final = "alerts"
STATE: Final = "sqm.alerts.state.v1"
"""Where this service keeps its state; nobody else reads it."""
MADE: Final = (ALERTING, ALERT_COMMANDS, ALERTS, NOTIFICATIONS, DELIVERIES)


class Said(StrEnum):
    """
    The log events of starting.
    """

    LISTENING = "http_listening"


def _address(url: str) -> str:
    """
    Raises PydanticCustomError where a path cannot be appended to it for a link.
    """
    if not re.fullmatch(r"https?://[^\s<>\"]+[^/\s<>\"]", url):
        problem = "is no address for links; write one like https://alerts.example.com, without a slash at its end"
        raise PydanticCustomError("misfit", "{problem}", {"problem": problem})
    return url


class AlertsSettings(ServiceSettings):
    """
    What the service of alerts can be told.
    """

    alerts_group: str = Field(default="sqm.alerts", min_length=1, max_length=128)
    """The consumer group. Of the processes of one group one works, the others stand by."""
    alerts_http_host: str = "127.0.0.1"
    """Where commands and links are answered, and `/livez`, `/readyz`, `/metrics`, `/version`. This machine only."""
    alerts_http_port: int = Field(default=8084, ge=0, le=65_535)
    """0 takes any free port, and the log tells which."""
    alerts_config: Path | None = None
    """The configuration of alerts; published when it changes. None: what `sqm alerts publish` has published holds."""
    alerts_tokens_file: Path = DEFAULT_TOKENS_FILE
    """Who may do what; `sqm tokens create NAME --role operator` writes it."""
    alerts_public_url: Annotated[str, AfterValidator(_address)] | None = None
    """How the readers of messages reach this service, for their links; without it, messages have none."""
    alerts_dashboards_url: Annotated[str, AfterValidator(_address)] | None = None
    """How the readers of messages reach Grafana, for the link to what an alert rests on; without it, there is none."""
    alerts_link_key: SecretStr | None = None
    """What the links of messages are signed with; at least 32 characters."""
    alerts_previous_link_key: SecretStr | None = None
    """The one before, while links that it signed still hold."""
    alerts_templates: Path | None = None
    """A folder with templates of messages of your own."""
    alerts_heartbeat_url: SecretStr | None = None
    """Where a watchdog elsewhere is posted to while the line from a violation to a message is whole."""
    alerts_heartbeat_seconds: int = Field(default=60, ge=1, le=3_600)
    """How often."""
    alerts_heartbeat_private_addresses: bool = False
    """Whether the watchdog may be on this machine or in a private network."""
    alerts_session_timeout_ms: int = Field(default=10_000, ge=1_000, le=300_000)
    """After how long a process that died is replaced."""
    alerts_tick_ms: int = Field(default=50, ge=10, le=1_000)
    """How often what has arrived is taken and the passing of time is looked at."""


def main() -> ExitStatus:
    """
    Run the service until it is told to stop.
    """
    return start_service(NAME, AlertsSettings, os.environ, serve)


async def serve(settings: AlertsSettings, stop: asyncio.Event) -> None:
    """
    Work, or stand by, until `stop` is set.
    """
    made, lines, clock, log = _made(settings), _Lines(settings.kafka.connection()), SystemClock(), logger(NAME)
    tracing = open_tracing(settings.tracing, NAME)
    if settings.topics.create:
        await ensure_topics(lines.connection, _topics(settings))
    name = lines.connection.name
    books = Books(
        lines.readers["standards"], lines.readers["alerting"], (name(STANDARDS.name), name(ALERTING.name)), log
    )
    tls = ssl.create_default_context()
    delivering = Delivering(books, made, clock=clock, draw=SystemRandom().randrange, tls=tls, log=log, tracing=tracing)
    topics = OutTopics(name(ALERTS.name), name(NOTIFICATIONS.name), name(DELIVERIES.name))
    outputs = Outputs(lines.producer, topics, delivering, tracing)
    office = Office(
        Topics(name(VIOLATIONS.name), name(ALERT_COMMANDS.name)),
        lines.office_tools(books, outputs, delivering, clock),
        tick_ms=settings.alerts_tick_ms,
    )
    leading = _leading(settings, lines, office)
    file = ConfigFile(settings.alerts_config, lines.publish, log) if settings.alerts_config is not None else None
    tokens = TokenFile(settings.alerts_tokens_file, clock)
    whole = WholeLine(office, lines.readers["asking"], name(VIOLATIONS.name), delivering)
    lagging = Lagging(whole, clock)
    metrics = Metrics(NAME, version=product_version())
    observing = Observing(metrics, office=office, outputs=outputs, delivering=delivering, lagging=lagging)
    delivering.report_to([outputs.delivered, observing.delivered], office.delivered)

    def missing() -> list[str]:
        return [
            *([] if leading.joined else ["it has not joined its group yet"]),
            *([] if books.book is not None else ["no configuration of alerts is published"]),
            *([file.fault] if file is not None and file.fault is not None else []),
            *tokens.missing(),
        ]

    view, offer = DeskView(office), offering(lines.producer, name(ALERT_COMMANDS.name))
    api = AlertsApi(view, offer, tokens=tokens.book, clock=clock)
    configuring = ConfigApi(lambda: books.alerting, lines.publish, tokens.book, log)
    readers = Readers(books, delivering.evidence, made.catalogues, clock, dashboards=made.dashboards_url)
    links = LinkPages(view, offer, made.keys, readers.reading, clock)
    about = {"service": NAME, "version": product_version()}
    routes = [
        *operational_routes(about, missing, observing.exposition),
        *api.routes(),
        *configuring.routes(),
        *links.routes(),
    ]
    http = HttpServer(
        Starlette(routes=routes, exception_handlers=problem_handlers()),
        host=settings.alerts_http_host,
        port=settings.alerts_http_port,
    )
    async with AsyncExitStack() as running:
        # Stopped in the reverse order: what others still send through goes last.
        running.push_async_callback(asyncio.to_thread, tracing.close)
        await lines.open(running)
        running.push_async_callback(delivering.forget)
        await http.start()
        running.push_async_callback(http.stop)
        log.info(Said.LISTENING, host=settings.alerts_http_host, port=http.port)
        if file is not None:
            await file.load()
        await books.load()
        delivering.start()
        calm_garbage_collector()
        beside = [books.follow(), delivering.watch(), lagging.run(), *([file.follow()] if file is not None else [])]
        await leading.run(stop, *beside, *_heartbeat(settings, whole, clock))


class _Lines:
    """
    The lines to the broker: a reader for each use, a producer for what is said and one for the saved state.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        # A broker answers the requests of one connection in order: beside a waiting fetch, asking for ends would wait
        # too.
        uses = ("standards", "alerting", "violations", "commands", "asking", "state")
        self.readers = {use: LogReader(connection) for use in uses}
        self.producer = BatchProducer(connection)
        self.changelog = BatchProducer(connection, batch_bytes=1_048_576)

    async def open(self, running: AsyncExitStack) -> None:
        """
        Connect, and disconnect when `running` ends.
        """
        for reader in self.readers.values():
            running.push_async_callback(reader.stop)
            await reader.start()
        named = [self.connection.name(topic.name) for topic in MADE]
        for producer, topics in ((self.producer, named), (self.changelog, [])):
            await producer.start(topics)
            running.push_async_callback(producer.stop)

    def office_tools(self, books: Books, outgoing: Outputs, delivering: Delivering, clock: Clock) -> OfficeTools:
        """
        What the office works with.
        """
        return OfficeTools(
            store=CheckpointStore(self.changelog, self.readers["state"], self.connection.name(STATE)),
            violations=self.readers["violations"],
            commands=self.readers["commands"],
            asking=self.readers["asking"],
            outgoing=outgoing,
            evidence=delivering.evidence,
            origins=delivering.origins,
            book=lambda: (books.changes, books.book),
            clock=clock,
            log=logger(NAME),
        )

    async def publish(self, alerting: Alerting) -> None:
        """
        Publish a configuration of alerts.
        """
        value = alerting.model_dump_json(by_alias=True).encode()
        self.producer.put(self.connection.name(ALERTING.name), alerting.metadata.id.encode(), value)
        await self.producer.flush()


def _made(settings: AlertsSettings) -> Made:
    return Made(
        catalogues={language: load_catalogue("domain.wording", language) for language in LANGUAGES},
        templates=settings.alerts_templates,
        environment=os.environ,
        public_url=settings.alerts_public_url,
        dashboards_url=settings.alerts_dashboards_url,
        keys=_keys(settings),
    )


def _leading(settings: AlertsSettings, lines: _Lines, office: Office) -> Leading:
    app = batching_app(
        lines.connection,
        group=settings.alerts_group,
        batched_topics=[ALERT_COMMANDS.name],
        session_timeout_ms=settings.alerts_session_timeout_ms,
    )
    return Leading(app, lines.connection.name(ALERT_COMMANDS.name), office.run, logger(NAME))


def _heartbeat(settings: AlertsSettings, line: WholeLine, clock: Clock) -> list[Coroutine[None, None, None]]:
    if settings.alerts_heartbeat_url is None:
        return []
    url, private = settings.alerts_heartbeat_url.get_secret_value(), settings.alerts_heartbeat_private_addresses
    send = posting(Poster(system_resolve, ssl.create_default_context()), url, private=private, clock=clock)
    return [Heartbeat(line, send, every_seconds=settings.alerts_heartbeat_seconds, clock=clock, log=logger(NAME)).run()]


def _keys(settings: AlertsSettings) -> tuple[bytes, ...]:
    given = [key for key in (settings.alerts_link_key, settings.alerts_previous_link_key) if key is not None]
    keys = tuple(key.get_secret_value().encode() for key in given)
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise Misconfigured(f"SQM_ALERTS_LINK_KEY: a key has at least {SHORTEST_KEY} characters; make one by chance")
    return keys


SHORTEST_KEY: Final = 32


def _topics(settings: AlertsSettings) -> list[TopicSpec]:
    return [
        *specs_of(TOPICS, partitions=settings.topics.partitions, replication=settings.topics.replication),
        changelog_topic(STATE, 1, settings.topics.replication),
    ]
