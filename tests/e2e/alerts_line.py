"""
A line to test alerts on: topics of its own, a configuration, and violations that a test makes.
"""

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import httpx

from schemas.alerts import ALERTS as ALERT_CONTRACTS
from schemas.alerts import Alert, Delivery, Notification
from schemas.outcomes import Violation
from schemas.topics import ALERT_COMMANDS, ALERTING, ALERTS, DELIVERIES, NOTIFICATIONS, STANDARDS, TOPICS, VIOLATIONS
from services.alerts.app import STATE
from services.runtime.kafka import (
    BatchProducer,
    Connection,
    LogReader,
    Record,
    changelog_topic,
    ensure_topics,
    specs_of,
)
from services.runtime.token_file import changed_tokens
from services.runtime.tokens import RANDOM_BYTES, issue
from tests.e2e.sla_line import eventually_async, now_ms
from tests.project import PROJECT, measured

__all__ = ["AlertsLine", "AlertsProcess", "alerting", "until", "violation"]

SECRET = "a secret that only tests know"


def alerting(receivers: Mapping[str, str], **more: Any) -> dict[str, Any]:  # noqa: ANN401  as YAML has it
    """
    A configuration: every violation is told at once to all receivers, webhooks by id and address.
    """
    return {
        "apiVersion": "sqm/v1",
        "kind": "Alerting",
        "metadata": {"id": "tests", "owner": "tests"},
        "rules": [{"id": "all", "severity": "page", "keep_firing_for": "0s", "flapping": None}],
        "route": {"receivers": sorted(receivers), "group_by": ["scope"], "group_wait": "0s", "group_interval": "0s"},
        "receivers": [webhook(name, url) for name, url in sorted(receivers.items())],
        **more,
    }


def webhook(name: str, url: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": name,
        "webhook": {"url": url, "secret": "HOOK"},
        "private_addresses": True,
        "delivery": {"timeout": "2s", "give_up_after": "5m"},
    }


def violation(name: str, *, site: str = "s1", state: str = "opened", revision: int = 0, **more: Any) -> Violation:  # noqa: ANN401  fields of the contract
    """
    A violation of somebody who waits in the line of tills.
    """
    at = now_ms()
    said = {
        "id": name, "standard": "wait", "version": 1, "rev_offset": revision, "rev_watermark": at, "site": site,
        "queue": "tills", "journey": name, "arrived_at": at - 600_000, "kind": "journey", "state": state,
        "reason": "limit_passed" if state == "opened" else "ended_late", "opened_at": at,
        "closed_at": None if state == "opened" else at, "detected_at": at, "as_of": at, "value_ms": 600_000,
        "limit_ms": 600_000, "trail": (),
    }  # fmt: skip
    return Violation.model_validate(said | more)


async def until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    """
    Wait for something that others do.
    """

    async def asked() -> bool:
        return condition()

    await eventually_async(asked, seconds=seconds)


class AlertsProcess:
    """
    One process of the service as operations would run it.
    """

    def __init__(self, line: "AlertsLine", log: Path, settings: Mapping[str, str]) -> None:
        self.log = log
        environment = {
            **os.environ,
            **measured(),
            "SQM_KAFKA__BOOTSTRAP_SERVERS": line.connection.bootstrap_servers,
            "SQM_KAFKA__TOPIC_PREFIX": line.connection.prefix,
            "SQM_ALERTS_HTTP_PORT": "0",
            "SQM_ALERTS_CONFIG": str(line.config),
            "SQM_ALERTS_TOKENS_FILE": str(line.tokens),
            "SQM_ALERTS_SESSION_TIMEOUT_MS": "6000",
            "SQM_SECRET_HOOK": SECRET,
            "SQM_LOG_FORMAT": "json",
            **settings,
        }
        self._out = log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.alerts"], cwd=PROJECT, env=environment, stdout=self._out, stderr=self._out
        )

    def said(self) -> list[dict[str, Any]]:
        found = []
        for line in self.log.read_text(errors="replace").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                found.append({"event": line})
        return found

    def has_said(self, event: str) -> bool:
        assert self.process.poll() is None, self.log.read_text(errors="replace")[-4_000:]
        return self.times_said(event) > 0

    def times_said(self, event: str) -> int:
        return sum(entry.get("event") == event for entry in self.said())

    @property
    def url(self) -> str:
        port = next(entry["port"] for entry in self.said() if entry.get("event") == "http_listening")
        return f"http://127.0.0.1:{port}"

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(timeout=20)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self._out.close()


class AlertsLine:
    """
    Topics with a prefix of their own on a broker, and what the service works with.
    """

    def __init__(self, kafka: str, prefix: str, folder: Path) -> None:
        self.connection = Connection(bootstrap_servers=kafka, client_id="tests", prefix=prefix)
        self.folder = folder
        self.config = folder / "alerting.yaml"
        self.tokens = folder / "tokens.json"
        self._producer = BatchProducer(self.connection)
        self._reader = LogReader(self.connection)
        self._processes: list[AlertsProcess] = []

    async def __aenter__(self) -> Self:
        specs = [*specs_of(TOPICS, partitions=4, replication=1), changelog_topic(STATE, 1, 1)]
        await ensure_topics(self.connection, specs)
        topics = (VIOLATIONS, STANDARDS, ALERTING, ALERT_COMMANDS)
        await self._producer.start([self.connection.name(topic.name) for topic in topics])
        await self._reader.start()
        self.token = self.make_token("lead", "operator")
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in self._processes:
            process.end()
        await self._producer.stop()
        await self._reader.stop()

    def make_token(self, name: str, role: str) -> str:
        kept, text = issue(name, (), os.urandom(RANDOM_BYTES), now_ms(), role)
        with changed_tokens(self.tokens) as tokens:
            tokens.append(kept)
        return text

    def configure(self, document: Mapping[str, Any]) -> None:
        self.config.write_text(json.dumps(dict(document), indent=1), encoding="utf-8")

    def start(self, **settings: str) -> AlertsProcess:
        process = AlertsProcess(self, self.folder / f"alerts-{len(self._processes)}.log", settings)
        self._processes.append(process)
        return process

    async def happen(self, *violations: Violation) -> None:
        """
        Write violations as the worker does.
        """
        for one in violations:
            self._producer.put(
                self.connection.name(VIOLATIONS.name),
                one.site.encode(),
                one.model_dump_json().encode(),
            )
        await self._producer.flush()

    async def alerts(self) -> list[Alert]:
        return [ALERT_CONTRACTS.validate_json(value) for value in await self._values(ALERTS.name)]

    async def messages(self) -> list[Notification]:
        return [Notification.model_validate_json(value) for value in await self._values(NOTIFICATIONS.name)]

    async def decided(self) -> dict[str, set[str]]:
        """
        The ids of all messages that were decided, by receiver.
        """
        found: dict[str, set[str]] = defaultdict(set)
        for one in await self.messages():
            found[one.receiver].add(one.id)
        return found

    async def deliveries(self) -> list[Delivery]:
        return [Delivery.model_validate_json(value) for value in await self._values(DELIVERIES.name)]

    def ask(self, process: AlertsProcess, path: str) -> httpx.Response:
        return httpx.get(process.url + path, headers={"authorization": f"Bearer {self.token}"}, timeout=10)

    def command(self, process: AlertsProcess, token: str | None = None, **said: Any) -> httpx.Response:  # noqa: ANN401  as JSON has it
        bearer = {"authorization": f"Bearer {token or self.token}"}
        return httpx.post(process.url + "/v1/alert-commands", headers=bearer, json=said, timeout=10)

    async def records(self, topic: str) -> list[Record]:
        name = self.connection.name(topic)
        ends = await self._reader.end_offsets(name, await self._reader.partitions_of(name))
        return list(await self._reader.read_to(name, ends))

    async def _values(self, topic: str) -> list[bytes]:
        return [record.value or b"" for record in await self.records(topic)]
