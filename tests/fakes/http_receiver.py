"""
A receiver of webhooks on loopback: a real HTTP server that keeps what it got and answers as it is told.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.runtime.http import HttpServer

CERTIFICATE = Path(__file__).parent / "certificates" / "hook.test.pem"
"""For hook.test and mail.test, with its key; its own authority."""


@dataclass(frozen=True)
class Got:
    """
    One request that came in.
    """

    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int
    """The sender's port."""

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever was posted
        return json.loads(self.body)


@dataclass
class Answer:
    """
    What the receiver says.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"ok"


class HttpReceiver:
    """
    Answers with ``answers`` one after the other, the last one for ever; while ``hangs`` is set it says nothing.
    """

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: Sequence[Answer] = [Answer()]
        self.hangs = False
        self.port = 0
        self._released = asyncio.Event()

    @property
    def keys(self) -> set[str]:
        """
        The idempotency keys of what came in.
        """
        return {one.headers["idempotency-key"] for one in self.got}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def take(self, request: Request) -> Response:
        body = await request.body()
        self.got.append(
            Got(request.url.path, dict(request.headers), body, request.client.port if request.client else 0)
        )
        if self.hangs:
            await self._released.wait()
        answer = self.answers[min(len(self.got), len(self.answers)) - 1]
        return Response(answer.body, answer.status, dict(answer.headers))

    def release(self) -> None:
        self._released.set()


@asynccontextmanager
async def http_receiver(*, tls: bool = False, port: int = 0) -> AsyncIterator[HttpReceiver]:
    """
    Run one on a port of this machine; 0 takes a free one.
    """
    receiver = HttpReceiver()
    everything = [Route("/{path:path}", receiver.take, methods=["GET", "POST"])]
    server = HttpServer(
        Starlette(routes=everything), host="127.0.0.1", port=port, tls=server_context() if tls else None
    )
    await server.start()
    receiver.port = server.port
    try:
        yield receiver
    finally:
        receiver.release()
        await server.stop()


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def client_context() -> ssl.SSLContext:
    """
    Trusts the receiver's authority and no other.
    """
    return ssl.create_default_context(cafile=str(CERTIFICATE))
