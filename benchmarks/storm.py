"""
How soon a receiver hears of a violation, at calm and when two thousand sites fail at once; on a real Kafka.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.line import now_ms, running_broker
from benchmarks.measuring import Figure, progress
from benchmarks.processes import FailedError, Service
from schemas.topics import VIOLATIONS
from services.runtime.http import HttpServer
from services.runtime.kafka import BatchProducer, Connection

TITLE: Final = "alerts: from violation to receiver"
_CALM: Final = 300
_PAUSE_SECONDS: Final = 0.05
_SITES: Final = 2_000
_SUPERVISORS: Final = ("north", "south", "east")
_PATIENCE_SECONDS: Final = 300
_YARDSTICK: Final = "a bare POST to the receiver, ms"


class _Receiver:
    """
    Keeps which alerts came when, by supervisor.
    """

    def __init__(self) -> None:
        self.came: dict[tuple[str, str], float] = {}
        self.copies = 0

    async def take(self, request: Request) -> Response:
        told = json.loads(await request.body())
        for alert in told["alerts"]:
            place = (request.path_params["who"], alert["key"])
            self.copies += place in self.came
            self.came.setdefault(place, time.perf_counter())
        return Response(b"ok")


def run(scale: float) -> Iterator[Figure]:
    """Open violations one by one, then at every site at once, and note when the receivers hear of each."""
    yield from asyncio.run(_run(max(50, int(_CALM * scale)), max(100, int(_SITES * scale))))


async def _run(calm: int, sites: int) -> list[Figure]:
    receiver = _Receiver()
    server = HttpServer(Starlette(routes=[Route("/{who}", receiver.take, methods=["POST"])]), host="127.0.0.1", port=0)
    await server.start()
    try:
        with running_broker() as (servers, folder):
            return await _measured(receiver, f"http://127.0.0.1:{server.port}", servers, folder, calm, sites)
    finally:
        await server.stop()


async def _measured(receiver: _Receiver, url: str, servers: str, folder: Path, calm: int, sites: int) -> list[Figure]:
    config = folder / "alerting.yaml"
    config.write_text(yaml.safe_dump(_alerting(url)), encoding="utf-8")
    tokens = folder / "tokens.json"
    tokens.write_text('{"format": "sqm/tokens/v1", "tokens": []}', encoding="utf-8")
    settings = {
        "SQM_KAFKA__BOOTSTRAP_SERVERS": servers,
        "SQM_ALERTS_HTTP_PORT": "0",
        "SQM_ALERTS_CONFIG": str(config),
        "SQM_ALERTS_TOKENS_FILE": str(tokens),
        "SQM_SECRET_HOOK": "a secret of benchmarks",
    }
    with Service("alerts", ["services.alerts"], settings, folder) as service:
        await asyncio.to_thread(service.until_said, "alerts_taken_over")
        producer = BatchProducer(Connection(bootstrap_servers=servers, client_id="bench"))
        await producer.start([VIOLATIONS.name])
        try:
            bare = await _bare(url)
            receiver.came.clear()
            progress(f"{calm} violations one by one")
            waits = await _calm(producer, receiver, calm)
            progress(f"{sites} sites at once, {len(_SUPERVISORS)} supervisors")
            receiver.came.clear()
            cpu, began = service.cpu_seconds(), time.perf_counter()
            for number in range(sites):
                producer.put(VIOLATIONS.name, f"storm-{number}".encode(), _value(f"storm-{number}"))
            await producer.flush()
            await _until(receiver, sites * len(_SUPERVISORS))
            storm = sorted(1e3 * (at - began) for at in receiver.came.values())
            cpu, memory = service.cpu_seconds() - cpu, service.resident_megabytes()
        finally:
            await producer.stop()
    return [
        Figure("calm: violation to receiver, p50", _share(waits, 50), "ms", bare, _YARDSTICK),
        Figure("calm: violation to receiver, p99", _share(waits, 99), "ms", bare, _YARDSTICK, goal=1_000),
        Figure("storm: to the first receiver's log", storm[0], "ms"),
        Figure("storm: p50", _share(storm, 50), "ms"),
        Figure("storm: p99", _share(storm, 99), "ms"),
        Figure("storm: messages", len(storm), "messages"),
        Figure("storm: copies", receiver.copies, "messages"),
        Figure("storm: processor time for each message", cpu * 1e3 / len(storm), "ms of CPU"),
        Figure("storm: memory of the service after it", memory, "MB"),
    ]


async def _bare(url: str) -> float:
    """Return the milliseconds that a POST to the receiver takes, the median of some."""
    found = []
    async with httpx.AsyncClient() as client:
        for _ in range(50):
            began = time.perf_counter()
            await client.post(f"{url}/bare", json={"alerts": []})
            found.append(1e3 * (time.perf_counter() - began))
    return _share(sorted(found), 50)


async def _calm(producer: BatchProducer, receiver: _Receiver, count: int) -> list[float]:
    sent: dict[str, float] = {}
    for number in range(count):
        site = f"calm-{number}"
        sent[f"wait|queue:{site}/tills"] = time.perf_counter()
        producer.put(VIOLATIONS.name, site.encode(), _value(site))
        await asyncio.sleep(_PAUSE_SECONDS)
    await producer.flush()
    await _until(receiver, count * len(_SUPERVISORS))
    return sorted(1e3 * (at - sent[key]) for (_, key), at in receiver.came.items())


async def _until(receiver: _Receiver, count: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while len(receiver.came) < count:
        if time.monotonic() > deadline:
            raise FailedError(f"{count} messages were due, {len(receiver.came)} came in {_PATIENCE_SECONDS} s")
        await asyncio.sleep(0.01)


def _alerting(url: str) -> Mapping[str, Any]:
    return {
        "apiVersion": "sqm/v1",
        "kind": "Alerting",
        "metadata": {"id": "benchmark", "owner": "benchmark"},
        "rules": [{"id": "all", "severity": "page"}],
        "route": {
            "receivers": list(_SUPERVISORS), "group_by": ["scope"], "group_wait": "0s", "group_interval": "0s",
        },
        "receivers": [
            {
                "id": name, "title": name, "webhook": {"url": f"{url}/{name}", "secret": "HOOK"},
                "private_addresses": True,
            }
            for name in _SUPERVISORS
        ],
    }  # fmt: skip


def _value(site: str) -> bytes:
    at = now_ms()
    said = {
        "id": f"v:wait@1:0:{site}:one", "standard": "wait", "version": 1, "rev_offset": 0, "rev_watermark": at,
        "site": site, "queue": "tills", "journey": "one", "arrived_at": at - 600_000, "kind": "journey",
        "state": "opened", "reason": "limit_passed", "opened_at": at, "closed_at": None, "detected_at": at,
        "as_of": at, "value_ms": 600_000, "limit_ms": 600_000, "trail": [],
    }  # fmt: skip
    return json.dumps(said).encode()


def _share(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
