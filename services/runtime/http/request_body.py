"""
Reads the body of a request, never more than is allowed and never for longer.
"""

import asyncio
import contextlib
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from services.runtime.http.problems import problem

__all__ = ["read_body"]

_SURPLUS_BYTES = 32 * 1024 * 1024
_SURPLUS_SECONDS = 2.0


async def read_body(request: Request, *, max_bytes: int, seconds: float) -> bytes | Response:
    """
    Return the body, or the answer that refuses it: 413 for too many bytes, 408 for too much time, 400 for a bad length.

    What is refused is not kept. A little more of it is read and thrown away, for most clients look at the answer only
    after they have sent everything; then the connection is closed.
    """
    declared = request.headers.get("content-length")
    if declared is not None and declared.isdecimal() and int(declared) > max_bytes:
        await _throw_away(request, _SURPLUS_BYTES)
        return _too_large(max_bytes)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                size += len(part)
                if size > max_bytes:
                    break
                parts.append(part)
    except TimeoutError:
        return problem(
            HTTPStatus.REQUEST_TIMEOUT,
            "body_too_slow",
            f"the body did not arrive within {seconds:g} s",
            headers={"connection": "close"},
        )
    except ClientDisconnect:
        # Nobody reads this answer; it ends the request.
        return problem(HTTPStatus.BAD_REQUEST, "body_cut_off", "the body ended early", headers={"connection": "close"})
    if size > max_bytes:
        parts.clear()
        await _throw_away(request, _SURPLUS_BYTES)
        return _too_large(max_bytes)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def _throw_away(request: Request, at_most: int) -> None:
    with contextlib.suppress(TimeoutError, ClientDisconnect):
        async with asyncio.timeout(_SURPLUS_SECONDS):
            while at_most > 0:
                message = await request.receive()
                at_most -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


def _too_large(max_bytes: int) -> Response:
    return problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body_too_large",
        f"a request may have {max_bytes} bytes; send smaller batches",
        headers={"connection": "close"},
    )
