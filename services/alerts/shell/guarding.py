"""
Letting in who shows a token with a role that may so much.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from services.alerts.engine import Role, may
from services.runtime.http import problem
from services.runtime.tokens import Token, TokenBook

__all__ = ["Answer", "body_of", "guarded", "refused_for_role", "too_large"]

Answer = Callable[[Request, Token], Awaitable[Response]]
_BEARER: Final = {"www-authenticate": "Bearer"}


def guarded(answer: Answer, least: Role, tokens: Callable[[], TokenBook]) -> Callable[[Request], Awaitable[Response]]:
    """
    Let in who shows a token with a role that may at least this; `tokens` gives those in force.
    """

    async def guard(request: Request) -> Response:
        token = tokens().holder(request.headers.get("authorization", "").removeprefix("Bearer "))
        if token is None:
            hint = "show a token as Authorization: Bearer …; `sqm tokens create NAME --role operator` makes one"
            return problem(HTTPStatus.UNAUTHORIZED, "no_token", hint, headers=_BEARER)
        return await answer(request, token) if may(token.role, least) else refused_for_role(token, least)

    return guard


def refused_for_role(token: Token, needed: Role) -> Response:
    """
    Say that a token's role is not enough, and which one would be.
    """
    detail = f"this needs the role {needed.value} or more; the token of {token.name} has {token.role or 'none'}"
    return problem(HTTPStatus.FORBIDDEN, "not_allowed", detail, members={"needs": needed.value})


async def body_of(request: Request, longest: int) -> bytes | None:
    """
    Read a body; None where it is longer than this many bytes.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > longest:
            return None
    return bytes(body)


def too_large(longest: int) -> Response:
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"at most {longest} bytes are taken at once")
