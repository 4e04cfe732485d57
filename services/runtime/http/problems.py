"""
Refusals that a program can read: `application/problem+json` as RFC 9457 describes it.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

__all__ = ["PROBLEM_JSON", "problem", "problem_handlers"]

PROBLEM_JSON = "application/problem+json"

Handler = Callable[[Request, Exception], Awaitable[Response]]


def problem(
    status: HTTPStatus,
    reason: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, object] | None = None,
) -> Response:
    """
    Return a refusal: `reason` is its stable name for programs, `detail` tells a person what to change.

    `members` are further fields, given as what msgspec can write.
    """
    body: dict[str, object] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "reason": reason,
        "detail": detail,
    }
    if members:
        body.update(members)
    return Response(
        msgspec.json.encode(body), status_code=int(status), media_type=PROBLEM_JSON, headers=dict(headers or {})
    )


def problem_handlers() -> dict[int | type[Exception], Handler]:
    """
    Exception handlers for Starlette, so that an unknown path and a wrong method answer in the same form.
    """

    async def refused(_request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        status = HTTPStatus(error.status_code)
        return problem(status, status.name.lower(), error.detail, headers=error.headers)

    return {HTTPException: refused}
