"""
The services of a whole line beside that of alerts, under the standard about waiting: ingest, the worker and history.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import httpx

from tests.e2e.alerts_line import AlertsLine, AlertsProcess, until
from tests.e2e.service_process import ServiceProcess
from tests.e2e.sla_line import standard

SERVICES: Final = ("ingest", "sla", "history")


class LineServices:
    """
    Processes by the names of their services; `environment` is what they are told beside where the others are.
    """

    def __init__(self, line: AlertsLine, folder: Path, environment: Mapping[str, str]) -> None:
        (folder / "wait.json").write_text(json.dumps(standard()), encoding="utf-8")
        told = {
            "SQM_KAFKA__BOOTSTRAP_SERVERS": line.connection.bootstrap_servers,
            "SQM_KAFKA__TOPIC_PREFIX": line.connection.prefix,
            "SQM_INGEST_DEVELOPMENT_OPEN": "true",
            "SQM_SLA_STANDARDS": json.dumps([str(folder / "wait.json")]),
            "SQM_CLICKHOUSE__FOLDER": str(folder / "clickhouse"),
            "SQM_HISTORY_LINGER_MS": "50",
            **environment,
        }
        self.named = {name: ServiceProcess(name, folder, told) for name in SERVICES}

    async def ready(self, stack: AsyncExitStack, alerts: AlertsProcess) -> None:
        """
        Wait for these and for the service of alerts; they stop with the stack.
        """
        for service in self.named.values():
            stack.callback(service.stop)
        await until(lambda: alerts.has_said("alerts_taken_over"))
        for service in self.named.values():
            await asyncio.to_thread(service.until_ready)

    def send(self, *events: bytes, **headers: str) -> None:
        """
        Send events through HTTP in one batch, all of which ingest must accept.
        """
        body = b"[" + b",".join(events) + b"]"
        kind = {"content-type": "application/cloudevents-batch+json"}
        answer = httpx.post(f"{self.named['ingest'].url}/v1/events", content=body, headers=kind | headers, timeout=30)
        assert answer.json()["accepted"] == len(events), answer.text
