"""
The receiver of the demo: what a house would run to be told of alerts, with the check of signatures that it would make.
"""

import hashlib
import hmac
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, Self

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.cli.demo.alert_scene import Arrival, SeenMessage
from services.runtime.clock import Clock
from services.runtime.http import HttpServer

__all__ = ["Receiver"]

_OLDEST_SECONDS: Final = 300
_DECODE: Final = msgspec.json.Decoder(SeenMessage).decode


class Receiver(AbstractAsyncContextManager["Receiver"]):
    """
    Takes messages on a free port of this machine, at any path, and hands them on. `secret` is the webhook's.
    """

    def __init__(self, secret: str, clock: Clock, arrive: Callable[[Arrival], None]) -> None:
        self._secret = secret
        self._clock = clock
        self._arrive = arrive
        routes = [Route("/{path:path}", self._take, methods=["POST"])]
        self._server = HttpServer(Starlette(routes=routes), host="127.0.0.1", port=0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.stop()

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        now = self._clock.now_ms()
        genuine = self._is_genuine(request, body, now)
        try:
            message = _DECODE(body)
        except msgspec.MsgspecError:
            return Response("this is no message about alerts", 400)
        self._arrive(Arrival(now, genuine, message))
        return Response(None, 204) if genuine else Response("the signature is wrong, or old", 403)

    def _is_genuine(self, request: Request, body: bytes, now: int) -> bool:
        said, signed = request.headers.get("sqm-timestamp", ""), request.headers.get("sqm-signature", "")
        if not said.isdecimal() or abs(now // 1_000 - int(said)) > _OLDEST_SECONDS:
            return False
        wanted = hmac.new(self._secret.encode(), f"{said}.".encode() + body, hashlib.sha256).hexdigest()
        given = [one.strip().removeprefix("v1=") for one in signed.split(",")]
        return any(hmac.compare_digest(one, wanted) for one in given)
