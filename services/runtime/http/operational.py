"""
What orchestrators and Prometheus ask every service.
"""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from schemas.metrics import READY
from services.runtime.http.problems import problem

__all__ = ["Readiness", "operational_routes"]

Readiness = Callable[[], Sequence[str]]
"""Says what is still missing, in words; nothing missing means ready."""

Exposition = Callable[[], tuple[bytes, str]]


def operational_routes(version: Mapping[str, str], readiness: Readiness, exposition: Exposition) -> list[Route]:
    """
    Return the routes `/livez` (the process answers; says nothing about Kafka, so that a broker that is away restarts
    nobody), `/readyz` (503 with what is missing), `/metrics` (text and content type of `exposition`, and whether the
    service is ready) and `/version`.
    """

    async def livez(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(_request: Request) -> Response:
        missing = list(readiness())
        if missing:
            return problem(
                HTTPStatus.SERVICE_UNAVAILABLE, "not_ready", "; ".join(missing), members={"missing": missing}
            )
        return PlainTextResponse("ready\n")

    async def metrics(_request: Request) -> Response:
        text, content_type = exposition()
        ready = f"# HELP {READY.name} {READY.help}\n# TYPE {READY.name} gauge\n{READY.name} {int(not readiness())}\n"
        text += ready.encode()
        return Response(text, headers={"content-type": content_type})

    async def version_of(_request: Request) -> Response:
        return JSONResponse(dict(version))

    return [
        Route("/livez", livez, methods=["GET"]),
        Route("/readyz", readyz, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
        Route("/version", version_of, methods=["GET"]),
    ]
