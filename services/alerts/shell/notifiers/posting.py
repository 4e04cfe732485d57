"""
Posts to an address that somebody configured: to the address that was checked, without following redirects, and with the
answer turned into what can be done about it.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from typing import Final, NamedTuple

import aiohttp
import httpx
from yarl import URL

from schemas.base import HOUR_MS, Millis, to_millis
from services.alerts.shell.notifiers.addresses import Resolve, checked_addresses
from services.runtime.errors import Overloaded, Rejected, Transient, Unreachable

__all__ = ["PostFault", "Poster", "judge_status"]

_CONNECT_SECONDS: Final = 3.0
"""For one of several addresses; the time of the whole attempt is watched by the caller."""
_KEPT_SECONDS: Final = 3.0
"""How long a connection waits for the next post: shorter than receivers keep theirs, so that it seldom breaks then."""
_READ_SECONDS: Final = 1.0
_LONGEST_ANSWER: Final = 65_536
_LONGEST_REST_MS: Final = HOUR_MS
_TARGETS: Final = 256
"""Addresses that are kept as they were read: most messages go to a few."""
_LAST_PORT: Final = 65_535
_UNASKED: Final = ("Accept", "Accept-Encoding", "Content-Type")
_AGENT: Final = "sqm-alerts"


class PostFault(StrEnum):
    """
    Why an answer means that sending the same again is no use.
    """

    REFUSED = "refused"
    DENIED = "denied"
    """The secret that we show is missing or wrong."""
    REDIRECTED = "redirected"
    BAD_ADDRESS = "bad_address"


class Poster:
    """
    Posts over connections to addresses that were checked. One that ``keeps`` them uses them again within moments, and
    is closed at the end.

    Nothing here logs addresses, which may be secrets, or takes proxies from the environment, which would look names up
    themselves.
    """

    def __init__(self, resolve: Resolve, context: ssl.SSLContext, *, keeps: bool = False) -> None:
        self._resolve = resolve
        self._context = context
        self._keeps = keeps
        self._kept: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], *, private: bool, now: Millis) -> None:
        """
        Post a body; return when it was taken (2xx).

        Raises Unreachable, Overloaded or Transient where it may be later, and Rejected with an AddressFault or a
        PostFault where it will never be. `now` is when an answer's Retry-After counts from.
        """
        target = _target(url)
        addresses = await checked_addresses(target.name, target.port, private=private, resolve=self._resolve)
        for place, address in enumerate(addresses, 1):
            try:
                status, rest = await self._once(target, address, body, headers)
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
                if place == len(addresses):
                    # Not chained: the address hangs on the error.
                    why = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
                    raise Unreachable(f"no connection: {type(why).__name__}") from None
            except aiohttp.ClientError as error:
                # It may have got it.
                raise Transient(f"the connection broke: {type(error).__name__}") from None
            else:
                judge_status(status, rest, now)
                return

    async def close(self) -> None:
        """
        Close the connections that are kept, when nothing is being posted; the next post opens new ones.
        """
        if self._kept is not None:
            await self._kept.close()
            self._kept = None

    async def _once(
        self, target: "_Target", address: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str | None]:
        """
        Post to one address: the URL says the address, the header Host and the certificate's check say the name.
        """
        async with (
            self._session() as session,
            session.post(
                URL.build(
                    scheme=target.scheme,
                    host=f"[{address}]" if ":" in address else address,
                    port=target.port,
                    path=target.path,
                    query_string=target.query,
                    encoded=True,
                ),
                data=body,
                headers={"Host": target.netloc, "User-Agent": _AGENT, **headers},
                skip_auto_headers=_UNASKED,
                allow_redirects=False,
                # Connections are told apart by it: none that was made to one name serves another.
                server_hostname=target.name if target.scheme == "https" else None,
            ) as answer,
        ):
            await _read_to_end(answer.content)
            return answer.status, answer.headers.get("retry-after")

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        session = self._kept or aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._context, limit=0, keepalive_timeout=_KEPT_SECONDS),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )
        if self._keeps:
            self._kept = session
            yield session
        else:
            async with session:
                yield session


class _Target(NamedTuple):
    """
    An address of the web in its parts, ready to be sent.
    """

    scheme: str
    name: str
    port: int
    netloc: str
    path: str
    query: str


@lru_cache(maxsize=_TARGETS)
def _target(url: str) -> _Target:
    try:
        read = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        # Not chained: the text of the error has the address in it.
        raise Rejected(PostFault.BAD_ADDRESS, "the address is no URL") from None
    if read.scheme not in ("http", "https") or not read.host:
        raise Rejected(PostFault.BAD_ADDRESS, "the address needs https:// or http:// and a host")
    if read.userinfo:
        raise Rejected(PostFault.BAD_ADDRESS, "the address has a password in it; secrets are named, not written")
    port = (443 if read.scheme == "https" else 80) if read.port is None else read.port
    if not 0 < port <= _LAST_PORT:
        raise Rejected(PostFault.BAD_ADDRESS, "the address has a port that does not exist")
    path, _, query = read.raw_path.decode("ascii").partition("?")
    return _Target(read.scheme, read.raw_host.decode("ascii"), port, read.netloc.decode("ascii"), path, query)


async def _read_to_end(answer: aiohttp.StreamReader) -> None:
    """
    Read an answer that is short and soon there: only then its connection can be used again. What a receiver has to say
    beyond its status counts for nothing, could be without end, and may break off.
    """
    left = _LONGEST_ANSWER
    try:
        async with asyncio.timeout(_READ_SECONDS):
            while left > 0 and (part := await answer.read(left)):
                left -= len(part)
    except (TimeoutError, aiohttp.ClientError):
        return


def judge_status(status: int, retry_after: str | None, now: Millis) -> None:
    """
    Return where a status means that the message was taken; raise what can be done about it otherwise.
    """
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    said = f"the receiver answered {status}"
    rest = _rest_of(retry_after, now)
    if status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS) or (
        rest is not None and status == HTTPStatus.SERVICE_UNAVAILABLE
    ):
        raise Overloaded(said, retry_after_ms=rest)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise Rejected(PostFault.REDIRECTED, f"{said}: redirects are not followed; write the final address")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise Rejected(PostFault.DENIED, said)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Rejected(PostFault.REFUSED, said)
    raise Transient(said)


def _rest_of(retry_after: str | None, now: Millis) -> Millis | None:
    """
    Read Retry-After, seconds or a date (RFC 9110, 10.2.3); None where it says nothing that can be used.
    """
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]) * 1_000, _LONGEST_REST_MS)
    try:
        until = parsedate_to_datetime(text)
        return min(max(to_millis(until) - now, 0), _LONGEST_REST_MS)
    except (ValueError, TypeError, OverflowError):
        return None
