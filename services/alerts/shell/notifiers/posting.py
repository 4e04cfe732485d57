"""
Posts to an address that somebody configured: to the address that was checked, without following redirects, and with the
answer turned into what can be done about it.
"""

import ssl
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final

import httpx

from schemas.base import Millis, to_millis
from services.alerts.shell.notifiers.addresses import Resolve, checked_addresses
from services.runtime.errors import Overloaded, Rejected, Transient, Unreachable

__all__ = ["PostFault", "Poster", "judge_status"]

_CONNECT_SECONDS: Final = 3.0
"""For one of several addresses; the time of the whole attempt is watched by the caller."""
_LONGEST_REST_MS: Final = 3_600_000
_LAST_PORT: Final = 65_535
_AGENT: Final = "sqm-alerts"


class PostFault(StrEnum):
    """
    Why an answer means that sending the same again is no use.
    """

    REFUSED = "refused"
    REDIRECTED = "redirected"
    BAD_ADDRESS = "bad_address"


class Poster:
    """
    Makes one connection for each post, to an address that was checked.

    httpx's client is passed over on purpose: it logs addresses, which may be secrets, and takes proxies from the
    environment, which would look names up themselves.
    """

    def __init__(self, resolve: Resolve, context: ssl.SSLContext) -> None:
        self._resolve = resolve
        self._context = context

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], *, private: bool, now: Millis) -> None:
        """
        Post a body; return when it was taken (2xx).

        Raises Unreachable, Overloaded or Transient where it may be later, and Rejected with an AddressFault or a
        PostFault where it will never be. `now` is when an answer's Retry-After counts from.
        """
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, ValueError):
            # Not chained: the text of the error has the address in it.
            raise Rejected(PostFault.BAD_ADDRESS, "the address is no URL") from None
        if target.scheme not in ("http", "https") or not target.host:
            raise Rejected(PostFault.BAD_ADDRESS, "the address needs https:// or http:// and a host")
        if target.userinfo:
            raise Rejected(PostFault.BAD_ADDRESS, "the address has a password in it; secrets are named, not written")
        port = (443 if target.scheme == "https" else 80) if target.port is None else target.port
        if not 0 < port <= _LAST_PORT:
            raise Rejected(PostFault.BAD_ADDRESS, "the address has a port that does not exist")
        addresses = await checked_addresses(target.host, port, private=private, resolve=self._resolve)
        for place, address in enumerate(addresses, 1):
            try:
                status, rest = await self._once(target, address, body, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if place == len(addresses):
                    raise Unreachable(f"no connection: {type(error).__name__}") from None
            except httpx.HTTPError as error:
                # It may have got it. Not chained: the request, with its address, hangs on the error.
                raise Transient(f"the connection broke: {type(error).__name__}") from None
            else:
                judge_status(status, rest, now)
                return

    async def _once(
        self, target: httpx.URL, address: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str | None]:
        """
        Post to one address: the URL says the address, the header Host and the certificate's check say the name.
        """
        host = target.netloc.decode("ascii")
        request = httpx.Request(
            "POST",
            target.copy_with(host=address),
            headers={"Host": host, "User-Agent": _AGENT, **headers},
            content=body,
            extensions={"sni_hostname": target.raw_host.decode("ascii"), "timeout": {"connect": _CONNECT_SECONDS}},
        )
        async with httpx.AsyncHTTPTransport(verify=self._context, trust_env=False) as transport:
            response = await transport.handle_async_request(request)
            try:
                return response.status_code, response.headers.get("retry-after")
            finally:
                # Unread: what a receiver has to say beyond its status could be without end.
                await response.aclose()


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
