"""
An agent in this process, on a file of its own, before an ingest on loopback that answers as it is told.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from schemas.base import format_instant
from services.agent.engine import Lane
from services.agent.shell.forwarder import Forwarder
from services.agent.shell.http_api import AgentApi
from services.agent.shell.journal import Journal
from services.agent.shell.meters import Meters
from services.agent.shell.store import Store
from services.agent.shell.upstream import Upstream
from services.agent.shell.watching import Identity, Watch
from services.runtime.clock import Clock, SystemClock
from services.runtime.http import HttpServer, problem_handlers
from services.runtime.metrics import Metrics

BATCH = {"content-type": "application/cloudevents-batch+json"}


def event(name: str, **different: object) -> dict[str, object]:
    return {"specversion": "1.0", "id": name, "source": "/till", "type": "sqm.journey.arrived"} | different


@dataclass
class FakeIngest:
    """
    Takes all that comes, but for what it was told to refuse (``refuses``: ids), or to fail at (``fails_at``: ids, or
    paths). ``status`` makes it answer that to everything; ``is_ingest`` false makes it somebody else.
    """

    refuses: set[str] = field(default_factory=set)
    fails_at: set[str] = field(default_factory=set)
    status: int = 0
    is_ingest: bool = True
    ahead_ms: int = 0
    taken: list[str] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: Request) -> Response:
        response = self._answer(request, await request.body())
        if self.is_ingest:
            response.headers["sqm-time"] = format_instant(SystemClock().now_ms() + self.ahead_ms)
        return response

    def _answer(self, request: Request, body: bytes) -> Response:
        path = request.scope["raw_path"].decode() + (f"?{request.url.query}" if request.url.query else "")
        if self.status:
            return JSONResponse({"reason": "told_so"}, self.status)
        if request.headers.get("content-type") != BATCH["content-type"]:
            if path in self.fails_at:
                return JSONResponse({}, 500)
            if path in self.refuses:
                return JSONResponse({"reason": "bad_signature"}, 401)
            self.requests.append((path, dict(request.headers), body))
            return JSONResponse({}, 202)
        events = json.loads(body)
        names = [one["id"] for one in events]
        self.batches.append(len(names))
        if self.fails_at.intersection(names):
            return JSONResponse({}, 500)
        refused = self.refuses.intersection(names)
        items = [
            {"result": "refused", "reason": "bad"} if name in refused else {"result": "accepted"} for name in names
        ]
        self.taken += [name for name in names if name not in self.refuses]
        return JSONResponse(
            {"accepted": len(names) - len(refused), "duplicates": 0, "refused": len(refused), "items": items}
        )


@asynccontextmanager
async def fake_ingest(port: int = 0) -> AsyncIterator[FakeIngest]:
    ingest = FakeIngest()
    everything = [Route("/{path:path}", ingest.answer, methods=["POST"])]
    async with HttpServer(Starlette(routes=everything), host="127.0.0.1", port=port) as server:
        ingest.port = server.port
        yield ingest


class AgentLine:
    """
    The parts of an agent, wired as its app does, without its own port. Backoff waits for nothing (``draw``).
    """

    def __init__(
        self, file: Path, url: str, *, backlog_bytes: int = 1_000_000, file_bytes: int = 4_000_000,
        identity: Identity | None = None, draw: Callable[[int], int] = lambda _: 0, token: str | None = None,
        journal: type[Journal] = Journal, clock: Clock | None = None,
    ) -> None:  # fmt: skip
        clock = clock or SystemClock()
        self.meters = Meters(Metrics("agent", version="1"))
        self.store = Store(file, now=clock.now_ms(), dead_bytes=backlog_bytes // 4, file_bytes=file_bytes)
        self.journal = journal(self.store, backlog_bytes)
        self.upstream = Upstream(url, token or "sqm_token", clock)
        self.lanes = [
            Forwarder(lane, self.journal, self.upstream, clock=clock, draw=draw, meters=self.meters) for lane in Lane
        ]
        self.watch = Watch(
            self.journal, self.upstream, self.lanes, identity, clock=clock, meters=self.meters, every_seconds=0.05,
            backlog_bytes=backlog_bytes,
        )  # fmt: skip
        api = AgentApi(
            self.journal, status=self.watch.status, clock=clock, meters=self.meters, body_bytes=50_000,
            event_bytes=10_000,
        )  # fmt: skip
        self.app = Starlette(routes=api.routes(), exception_handlers=problem_handlers())

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://127.0.0.1")

    async def post(self, *events: object) -> httpx.Response:
        async with self.client() as client:
            return await client.post("/v1/events", content=json.dumps(events), headers=BATCH)

    async def status(self) -> Any:  # noqa: ANN401  (JSON)
        async with self.client() as client:
            return (await client.get("/v1/status")).json()

    @asynccontextmanager
    async def working(self, *, forwarding: bool = True) -> AsyncIterator["AgentLine"]:
        """
        Keep what comes, and forward it if wanted, until the end of the block.
        """
        work = [self.journal.run(), *([lane.run() for lane in self.lanes] if forwarding else [])]
        tasks = [asyncio.get_running_loop().create_task(one) for one in work]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            await self.upstream.aclose()
            self.journal.close()
            self.store.close()
            for how in ended:
                if isinstance(how, Exception):
                    raise how

    def figure(self, name: str) -> float:
        text = self.meters.exposition()[0].decode()
        return float(next(line.rsplit(" ", 1)[1] for line in text.splitlines() if line.startswith(name + " ")))


@asynccontextmanager
async def agent_line(file: Path, *, forwarding: bool = True, **how: Any) -> AsyncIterator[tuple[AgentLine, FakeIngest]]:  # noqa: ANN401
    """
    An agent and its ingest.
    """
    async with AsyncExitStack() as stack:
        ingest = await stack.enter_async_context(fake_ingest())
        line = AgentLine(file, ingest.url, **how)
        await stack.enter_async_context(line.working(forwarding=forwarding))
        yield line, ingest
