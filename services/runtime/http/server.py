"""
An HTTP server inside a service's own loop: started and stopped by the service, deaf to signals, bounded.
"""

import asyncio
import socket
import ssl
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp
from uvicorn.lifespan.off import LifespanOff

from services.runtime.errors import Misconfigured
from services.runtime.http.guard import Limits, guarded_protocol

__all__ = ["HttpServer", "listening_at"]


class HttpServer:
    """
    Serves one application on one address.

    `start` returns when connections are accepted; `port` then tells which port it is, for it may have been asked for
    as 0. `stop` lets requests in hand end. Signals belong to `process.py`, which is why uvicorn's own handling of them
    is left out.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str,
        port: int,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        limits = limits or Limits()
        self._host = host
        self.port = port
        config = uvicorn.Config(
            app,
            http=guarded_protocol(limits),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=limits.keep_alive_seconds,
            timeout_graceful_shutdown=limits.stop_seconds,
        )
        config.load()
        config.ssl = tls
        self._server = uvicorn.Server(config)
        self._server.lifespan = LifespanOff(config)
        self._socket: socket.socket | None = None
        self._ticking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """
        Listen; raises Misconfigured where the address cannot be had.
        """
        try:
            self._socket = listening_at(self._host, self.port)
        except OSError as error:
            raise Misconfigured(
                f"HTTP: cannot listen on {self._host}:{self.port}: {error.strerror}; choose another address"
            ) from error
        self.port = int(self._socket.getsockname()[1])
        await self._server.startup(sockets=[self._socket])
        self._ticking = asyncio.get_running_loop().create_task(self._server.main_loop(), name="http")

    async def stop(self) -> None:
        """
        Accept nothing more, wait for what is in hand, close.
        """
        if self._ticking is None or self._socket is None:
            return
        self._server.should_exit = True
        await self._ticking
        await self._server.shutdown(sockets=[self._socket])
        self._ticking = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


def listening_at(host: str, port: int) -> socket.socket:
    """
    Listen at an address for connections that answers go out on at once; raises OSError where it cannot be had.
    """
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.create_server(address[:2], family=family, backlog=1_024)
    # Connections inherit it. Else the end of an answer waits until the client has acknowledged its beginning, which on
    # a connection that is used again takes 40 ms; asyncio sees to it only for sockets that it has made itself.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
