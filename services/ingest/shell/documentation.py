"""
What a developer of a source system reads: `/openapi.json`, and `/docs`, one page made from it on the server.

The page needs no script and no other host, so its policy can forbid everything but its own style sheet.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.ingest.engine import Mode
from services.ingest.shell import meters
from services.ingest.shell.openapi import EXAMPLES, openapi

__all__ = ["curl", "documentation_routes"]

_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_CODE: Final = re.compile(r"`([^`]+)`")
_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
pre { background: #f4f4f2; padding: 1rem; overflow-x: auto; border-radius: 4px; }
code { font-family: ui-monospace, monospace; font-size: 0.9em; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid #ddd; }
details { margin: 0.3rem 0; } summary { cursor: pointer; }
@media (prefers-color-scheme: dark) { body { background: #1c1c1c; color: #ddd; } pre { background: #2a2a2a; }
a { color: #8ab4f8; } th, td { border-color: #444; } }
"""


def documentation_routes(version: str) -> list[Route]:
    """
    Return the routes of the documentation; made when first asked for.
    """

    @cache
    def document() -> dict[str, Any]:
        return openapi(version)

    @cache
    def rendered() -> bytes:
        return _page(document()).encode()

    async def as_json(_request: Request) -> Response:
        return Response(json.dumps(document()), media_type="application/json", headers=_HEADERS)

    async def as_page(_request: Request) -> Response:
        return Response(rendered(), media_type="text/html", headers=_HEADERS)

    async def style(_request: Request) -> Response:
        return Response(_STYLE, media_type="text/css", headers=_HEADERS)

    return [
        Route("/openapi.json", as_json, methods=["GET"]),
        Route("/docs", as_page, methods=["GET"]),
        Route("/docs.css", style, methods=["GET"]),
    ]


def curl(mode: Mode, url: str = "http://127.0.0.1:8081") -> str:
    """
    Return the example of a mode as a command for a shell.
    """
    content_type, headers, body = EXAMPLES[mode]
    lines = [
        f"curl --fail-with-body {url}{meters.Route.EVENTS}",
        '-H "Authorization: Bearer $SQM_TOKEN"',
        f"-H 'Content-Type: {content_type}'",
        *(f"-H '{name}: {value}'" for name, value in headers.items()),
        f"--data-binary '{json.dumps(body, indent=2)}'",
    ]
    return " \\\n  ".join(lines)


def _prose(text: str) -> str:
    """
    Write a text of the OpenAPI document as HTML; what stands between backticks is code.
    """
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _page(document: Mapping[str, Any]) -> str:
    return "\n".join(_parts(document))


def _parts(document: Mapping[str, Any]) -> Iterator[str]:
    info = document["info"]
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="docs.css">'
    yield f"<title>{escape(info['title'])}</title></head><body>"
    yield f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{_prose(info['summary'])}</p>"
    yield f"<p>{_prose(info['description'])}</p>"
    yield '<p>For programs: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1)</p>'
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
            yield f"<p>{_prose(operation['summary'])} {_prose(operation['description'])}</p>"
            for mode in EXAMPLES:
                yield f"<h3>{mode.value.capitalize()}</h3><pre><code>{escape(curl(mode))}</code></pre>"
            yield "<h3>Answers</h3><table><tr><th>Status</th><th>Meaning</th></tr>"
            for status, response in operation["responses"].items():
                yield f"<tr><td>{status}</td><td>{_prose(response['description'])}</td></tr>"
            yield "</table>"
    yield "<h2>Schemas</h2>"
    for name, schema in document["components"]["schemas"].items():
        text = escape(json.dumps(schema, indent=2))
        yield f"<details><summary><code>{escape(name)}</code> {escape(str(schema.get('description', '')))}</summary>"
        yield f"<pre><code>{text}</code></pre></details>"
    yield "</body></html>"
