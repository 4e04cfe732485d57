"""
What a developer of a source system reads: `/openapi.json`, and `/docs`, one page made from it on the server.

The page needs no script and no other host, so its policy can forbid everything but its own style sheet.
"""

import json
import re
from functools import cache, lru_cache
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.ingest.shell.openapi import openapi
from services.ingest.shell.page import HERE, STYLE, page

__all__ = ["documentation_routes"]

_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_HOST: Final = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_ADDRESSES: Final = 8
"""Pages kept: one for each address under which people see this ingest."""


def documentation_routes(version: str) -> list[Route]:
    """
    Return the routes of the documentation; made when first asked for.
    """

    @cache
    def document() -> dict[str, Any]:
        return openapi(version)

    @lru_cache(_ADDRESSES)
    def rendered(url: str) -> bytes:
        return page(document(), url).encode()

    async def as_json(_request: Request) -> Response:
        return Response(json.dumps(document()), media_type="application/json", headers=_HEADERS)

    async def as_page(request: Request) -> Response:
        return Response(rendered(_address(request)), media_type="text/html", headers=_HEADERS)

    async def style(_request: Request) -> Response:
        return Response(STYLE, media_type="text/css", headers=_HEADERS)

    async def front_door(_request: Request) -> Response:
        return RedirectResponse("docs")

    return [
        Route("/", front_door, methods=["GET"]),
        Route("/openapi.json", as_json, methods=["GET"]),
        Route("/docs", as_page, methods=["GET"]),
        Route("/docs.css", style, methods=["GET"]),
    ]


def _address(request: Request) -> str:
    """
    Return the address that the reader asked, so that the commands on the page work as they stand.

    The page shows it in a command for a shell, so anything but a plain host and port is answered with the default.
    """
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host}" if _HOST.fullmatch(host) else HERE
