"""
Wires the agent from its settings: the only place of this service that sees them.
"""

import asyncio
import os
import random
import ssl
from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic import Field, SecretStr
from starlette.applications import Starlette

from schemas.base import SITE, SOURCE, URL
from services.agent.engine import Lane
from services.agent.shell.forwarder import Forwarder
from services.agent.shell.http_api import AgentApi
from services.agent.shell.journal import Journal
from services.agent.shell.meters import Meters
from services.agent.shell.notify import READY, STOPPING, notify
from services.agent.shell.store import Store
from services.agent.shell.upstream import Upstream
from services.agent.shell.watching import Identity, Watch
from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured, first_of
from services.runtime.http import HttpServer, Limits, operational_routes, problem_handlers
from services.runtime.logs import logger
from services.runtime.metrics import Metrics
from services.runtime.process import ExitStatus, calm_garbage_collector, start_service
from services.runtime.settings import ProcessSettings
from services.runtime.version import product_version

__all__ = ["AgentSettings", "main", "serve"]

NAME: Final = "agent"
_HOST: Final = "127.0.0.1"
_CONNECTIONS: Final = 64
_SPARE_BYTES: Final = 1024 * 1024


class Said(StrEnum):
    """
    The log events of the wiring.
    """

    LISTENING = "http_listening"
    SILENT = "agent_sends_no_heartbeat"


class AgentSettings(ProcessSettings):
    """
    What the agent can be told.
    """

    agent_url: str = Field(default="http://127.0.0.1:8081", pattern=URL)
    """Where ingest is. Default: this machine, for a trial."""
    agent_token: SecretStr | None = None
    """The agent's token, for the sources of all tills that send through it (`sqm tokens create`)."""
    agent_ca_file: Path | None = None
    """Certificates (PEM) that ingest's is checked against; None: those that come with the HTTP client."""
    agent_http_port: int = Field(default=8085, ge=0, le=65_535)
    """Where tills reach the agent, on this machine only. 0 takes any free port, and the log tells which."""
    agent_file: Path = Path("var/agent/agent.db")
    """The file that keeps what waits, on a disk of this machine (not of a server: locks must work)."""
    agent_backlog_bytes: int = Field(default=256 * 1024 * 1024, ge=65_536)
    """What may wait for ingest; then the newest is refused. 256 MiB hold half a million usual events. The file may
    become twice as large."""
    agent_body_bytes: int = Field(default=1024 * 1024, ge=1_024, le=4 * 1024 * 1024)
    """The largest body of a request."""
    agent_event_bytes: int = Field(default=65_536, ge=1_024, le=900_000)
    """The largest event; no more than what ingest takes."""
    agent_source: str | None = Field(default=None, pattern=SOURCE, max_length=256)
    """As whom the agent reports its backlog and clock, like /shop/riga-1/agent. Without it there is no heartbeat."""
    agent_site: str | None = Field(default=None, pattern=SITE)
    """The site that heartbeats name."""
    agent_heartbeat_seconds: float = Field(default=60.0, gt=0, le=86_400)
    """How often the agent reports, and looks at its clock."""


def main() -> ExitStatus:
    """
    Run the agent until it is told to stop.
    """
    return start_service(NAME, AgentSettings, os.environ, serve)


async def serve(settings: AgentSettings, stop: asyncio.Event) -> None:
    """
    Work until `stop` is set.
    """
    clock, log = SystemClock(), logger(NAME)
    meters = Meters(Metrics(NAME, version=product_version()))
    meters.bound.labelled().set(settings.agent_backlog_bytes)
    identity = _identity(settings)
    if identity is None:
        log.warning(Said.SILENT, advice="set SQM_AGENT_SOURCE and SQM_AGENT_SITE, so that its silence can be noticed")
    token = settings.agent_token.get_secret_value() if settings.agent_token else None
    upstream = Upstream(settings.agent_url, token, clock, _tls(settings))
    store = Store(
        settings.agent_file,
        now=clock.now_ms(),
        dead_bytes=settings.agent_backlog_bytes // 4,
        file_bytes=2 * settings.agent_backlog_bytes + _SPARE_BYTES,
    )
    journal = Journal(store, settings.agent_backlog_bytes)
    draw = random.SystemRandom().randrange
    lanes = [Forwarder(lane, journal, upstream, clock=clock, draw=draw, meters=meters) for lane in Lane]
    watch = Watch(
        journal,
        upstream,
        lanes,
        identity,
        clock=clock,
        meters=meters,
        every_seconds=settings.agent_heartbeat_seconds,
        backlog_bytes=settings.agent_backlog_bytes,
    )
    api = AgentApi(
        journal,
        status=watch.status,
        clock=clock,
        meters=meters,
        body_bytes=settings.agent_body_bytes,
        event_bytes=settings.agent_event_bytes,
    )
    server = _server(api, journal, meters, settings.agent_http_port)
    try:
        await server.start()
        log.info(Said.LISTENING, host=_HOST, port=server.port)
        calm_garbage_collector()
        notify(READY, os.environ)
        await _until(stop, [journal.run(), *(lane.run() for lane in lanes), watch.run()], server)
    finally:
        await server.stop()
        await upstream.aclose()
        journal.close()
        store.close()


def _server(api: AgentApi, journal: Journal, meters: Meters, port: int) -> HttpServer:
    about = {"service": NAME, "version": product_version()}

    def missing() -> list[str]:
        return ["room: the backlog is full"] if journal.is_full else []

    app = Starlette(
        routes=[*operational_routes(about, missing, meters.exposition), *api.routes()],
        exception_handlers=problem_handlers(),
    )
    return HttpServer(app, host=_HOST, port=port, limits=Limits(connections=_CONNECTIONS))


async def _until(stop: asyncio.Event, work: list[Coroutine[Any, Any, None]], server: HttpServer) -> None:
    """
    Do the work until `stop` is set: requests in hand are then still written.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(one) for one in work]
            await stop.wait()
            notify(STOPPING, os.environ)
            await server.stop()
            for task in running:
                task.cancel()
    except BaseExceptionGroup as errors:
        # Whatever is in it: whoever started us tells errors apart by their kinds, and knows no groups.
        raise first_of(errors) from errors


def _identity(settings: AgentSettings) -> Identity | None:
    source, site = settings.agent_source, settings.agent_site
    if (source is None) != (site is None):
        raise Misconfigured("settings: SQM_AGENT_SOURCE and SQM_AGENT_SITE: set both, or neither")
    return Identity(source, site) if source is not None and site is not None else None


def _tls(settings: AgentSettings) -> ssl.SSLContext | bool:
    if settings.agent_ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=settings.agent_ca_file)
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured(f"SQM_AGENT_CA_FILE: {settings.agent_ca_file} cannot be used: {error}") from error
