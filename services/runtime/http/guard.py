"""
Keeps a connection from holding a server for ever or filling its memory before any application code runs.

uvicorn's httptools protocol waits for the end of a request's head without limit in time, size or number of headers,
and takes any number of connections; this subclass bounds all four.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

__all__ = ["Limits", "guarded_protocol"]


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How much a client may ask of a server before its request reaches the application.
    """

    connections: int = 1_000
    """Open at once; further ones are closed without an answer."""
    head_seconds: float = 10.0
    """From connecting, or from a request's first byte, to the end of its head."""
    head_bytes: int = 32_768
    """Request line and headers together, within one network read."""
    headers: int = 100
    keep_alive_seconds: int = 75
    """How long an idle connection is kept for the next request."""
    stop_seconds: int = 5
    """How long requests in hand may take to end when the server stops."""


class _TooMuch(Exception):
    """
    Raised inside the parser's callbacks, which turn it into an error of the parser.
    """


class _GuardedProtocol(HttpToolsProtocol):
    limits: ClassVar[Limits] = Limits()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  (uvicorn's own arguments, handed through)
        super().__init__(*args, **kwargs)
        self._head_deadline: asyncio.TimerHandle | None = None
        self._in_head = True
        self._head_size = 0
        self._too_much = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            transport.close()
            return
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        # One header that never ends reaches no callback, only the parser's buffer; hence the count of bytes read.
        if self._in_head and self._head_size > self.limits.head_bytes and not self.transport.is_closing():
            self._too_much = True
            self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._head_deadline is None:
            self._expect_head()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.limits.head_bytes:
            self._refuse_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        if len(self.headers) > self.limits.headers or len(value) > self.limits.head_bytes:
            self._refuse_head()

    def on_headers_complete(self) -> None:
        self._forget_deadline()
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head = True
        self._head_size = 0

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (uvicorn's text says less than ours)
        """
        Called by uvicorn where the parser gave up; says which of the two it was, and closes.
        """
        if self.transport.is_closing():
            return
        status, reason, detail = (
            (431, "head_too_large", "the request's head has too many or too long headers")
            if self._too_much
            else (400, "not_http", "this is not a valid HTTP request")
        )
        body = f'{{"type":"about:blank","status":{status},"reason":"{reason}","detail":"{detail}"}}'.encode()
        self.transport.write(
            STATUS_LINE[status]
            + b"content-type: application/problem+json\r\nconnection: close\r\ncontent-length: "
            + str(len(body)).encode()
            + b"\r\n\r\n"
            + body
        )
        self.transport.close()

    def _refuse_head(self) -> None:
        self._too_much = True
        raise _TooMuch

    def _expect_head(self) -> None:
        self._head_deadline = self.loop.call_later(self.limits.head_seconds, self._give_up)

    def _forget_deadline(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def _give_up(self) -> None:
        self._head_deadline = None
        if not self.transport.is_closing():
            self.transport.close()


def guarded_protocol(limits: Limits) -> type[HttpToolsProtocol]:
    """
    Return a protocol class for uvicorn with these limits; uvicorn makes the instances itself and takes a class only.
    """
    return type("GuardedProtocol", (_GuardedProtocol,), {"limits": limits})
