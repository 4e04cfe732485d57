"""
The yardstick of ingest: an endpoint on the same HTTP server that reads a body, answers, and does nothing else. With the
argument `agree` it answers as an ingest that takes everything, for those who send events.

Started by the benchmark as `python -m benchmarks.bare_endpoint`; says on stderr, as the services do, where it listens.
"""

import asyncio
import json
import socket
import sys

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def take(request: Request) -> Response:
    """Read all of it and say so."""
    await request.body()
    return Response(status_code=200)


async def agree(request: Request) -> Response:
    """Say that all of it was taken, as ingest says it."""
    count = len(msgspec.json.decode(await request.body(), type=list[msgspec.Raw]))
    taken = {"accepted": count, "duplicates": 0, "refused": 0, "items": [{"result": "accepted"}] * count}
    return Response(msgspec.json.encode(taken), headers={"sqm-time": "2026-01-31T08:00:00.000Z"})


def main(arguments: list[str]) -> None:
    """Serve on a free port of this machine until killed."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    answer = agree if arguments == ["agree"] else take
    paths = ("/v1/events", "/v1/webhooks/{connector}/{source}")
    app = Starlette(routes=[Route(path, answer, methods=["POST"]) for path in paths])
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    said = {"event": "http_listening", "port": listening.getsockname()[1]}
    sys.stderr.write(json.dumps(said) + "\n")
    sys.stderr.flush()
    asyncio.run(server.serve(sockets=[listening]))


if __name__ == "__main__":
    main(sys.argv[1:])
