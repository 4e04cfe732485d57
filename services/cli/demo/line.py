"""
Puts a whole line together on this machine: folders, tokens, environment, processes, and the order in which they start.
"""

import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import httpx

import services
from schemas.standards import Published, Standard
from schemas.topics import TOPICS
from services.cli.demo.children import Child
from services.cli.publications import publish
from services.cli.shipped import shipped_folder
from services.runtime.clock import Clock
from services.runtime.errors import Unreachable
from services.runtime.kafka import Connection, ensure_topics, specs_of
from services.runtime.token_file import changed_tokens
from services.runtime.tokens import RANDOM_BYTES, issue
from services.sla.shell.documents import read_documents_of, require

__all__ = ["RECEIVER", "Line", "Sleep", "alerting_file", "demo_folder"]

_PARTITIONS: Final = 4
RECEIVER: Final = "http://127.0.0.1:8085"
"""The address of the receiver as the configuration of alerts has it."""
_PATIENCE_MS: Final = 60_000
_LOOK_SECONDS: Final = 0.1

Sleep = Callable[[float], Awaitable[None]]


class Line:
    """
    The services of the demo and what they need. `folder` takes logs, tokens and the history; nothing is written
    elsewhere.
    """

    def __init__(self, folder: Path, bootstrap_servers: str, clock: Clock) -> None:
        self.folder = folder
        self.connection = Connection(bootstrap_servers, client_id="sqm-demo", prefix="")
        self.children: dict[str, Child] = {}
        self._clock = clock
        self._tokens = folder / "tokens.json"
        self._token = folder / "token.txt"
        self._alerting = folder / "alerting.yaml"
        self.truth = folder / "truth.json"
        self.webhook_secret = secrets.token_urlsafe()
        self.operator_token = ""
        """Of the shift lead, who acknowledges."""
        root = str(Path(services.__file__ or "").resolve().parents[1])
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SQM_")},
            "PYTHONPATH": root,
            "PYTHONUNBUFFERED": "1",
            "SQM_KAFKA__BOOTSTRAP_SERVERS": bootstrap_servers,
            "SQM_LOG_FORMAT": "json",
            "SQM_INGEST_HTTP_PORT": "0",
            "SQM_INGEST_TOKENS_FILE": str(self._tokens),
            "SQM_IDENTITIES_FILE": str(folder / "identities.db"),
            "SQM_SLA_HTTP_PORT": "0",
            "SQM_HISTORY_HTTP_PORT": "0",
            "SQM_CLICKHOUSE__FOLDER": str(folder / "history"),
            "SQM_ALERTS_HTTP_PORT": "0",
            "SQM_ALERTS_TOKENS_FILE": str(self._tokens),
            "SQM_ALERTS_CONFIG": str(self._alerting),
            "SQM_SECRET_DEMO_WEBHOOK": self.webhook_secret,
        }

    async def prepare(self, documents: Path, receiver: str) -> dict[tuple[str, int], Standard]:
        """
        Make the topics, publish the demo's documents, make a token for the simulator and one for the shift lead, and
        write the configuration of alerts with the receiver's address; return the standards.
        """
        found = require(read_documents_of([documents]))
        await ensure_topics(self.connection, specs_of(TOPICS, partitions=_PARTITIONS, replication=1))
        now = self._clock.now_ms()
        await publish(
            self.connection, [Published(document=one.document, published_at=now, published_by="demo") for one in found]
        )
        kept, token = issue("simulator", ["/demo"], secrets.token_bytes(RANDOM_BYTES), now)
        lead, self.operator_token = issue("shift-lead", [], secrets.token_bytes(RANDOM_BYTES), now, "operator")
        with changed_tokens(self._tokens) as tokens:
            tokens += [kept, lead]
        self._token.touch(mode=0o600)
        self._token.write_text(token, encoding="utf-8")
        alerting = alerting_file().read_text(encoding="utf-8")
        self._alerting.write_text(alerting.replace(RECEIVER, receiver), encoding="utf-8")
        standards = [one.document for one in found if isinstance(one.document, Standard)]
        return {(one.metadata.id, one.metadata.version): one for one in standards}

    def start_services(self) -> None:
        for name in ("ingest", "sla", "alerts", "history"):
            self._start(name, ["-m", f"services.{name}"])

    def start_simulator(self, seed: int, backlog: str) -> None:
        self._start(
            "simulator",
            [
                *("-m", "services.cli", "simulate", "--to", self.url("ingest"), "--token-file", str(self._token)),
                *("--seed", str(seed), "--backlog", backlog, "--truth", str(self.truth)),
            ],
        )

    def _start(self, name: str, arguments: list[str]) -> None:
        self.children[name] = Child(name, arguments, self.environment, self.folder)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.children[name].port()}"

    def check(self) -> None:
        """
        Raise where a process ended by itself.
        """
        for child in self.children.values():
            child.check()

    async def until_ready(self, client: httpx.AsyncClient, sleep: Sleep) -> None:
        """
        Return when every service answers ready; raise where one ends, or is not ready after a minute.
        """
        deadline = self._clock.monotonic_ms() + _PATIENCE_MS
        waiting = dict(self.children)
        while waiting:
            self.check()
            for name in list(waiting):
                if await self._is_ready(client, name):
                    del waiting[name]
            if waiting and self._clock.monotonic_ms() > deadline:
                name, child = next(iter(waiting.items()))
                raise Unreachable(f"{name} was not ready after a minute; the end of {child.log}:\n{child.tail()}")
            await sleep(_LOOK_SECONDS)

    async def _is_ready(self, client: httpx.AsyncClient, name: str) -> bool:
        if not self.children[name].port():
            return False
        try:
            return (await client.get(self.url(name) + "/readyz")).is_success
        except httpx.TransportError:
            return False

    def close(self) -> None:
        """
        End every process: the simulator first, then in the order in which events flow.
        """
        order = [
            self.children[name] for name in ("simulator", "ingest", "sla", "alerts", "history") if name in self.children
        ]
        for child in order:
            child.ask()
        for child in order:
            child.close()


def alerting_file() -> Path:
    """
    Return the file with the demo's configuration of alerts. Its rules fit the standards of anybody.
    """
    return demo_folder() / "alerting.yaml"


def demo_folder() -> Path:
    """
    Return the folder with the demo's documents: of the checkout, or else where the package was installed.
    """
    return shipped_folder("demo")
