"""
The yardstick of ingest: an endpoint on the same HTTP server that reads a body, answers, and does nothing else; and one
that counts events, for those who send them.

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

_EVENTS = msgspec.json.Decoder(list[msgspec.Raw])


async def take(request: Request) -> Response:
    """Read all of it and say so."""
    await request.body()
    return Response(status_code=200)


async def count(request: Request) -> Response:
    """Take all of it as ingest would, unseen."""
    events = len(_EVENTS.decode(await request.body()))
    return Response(msgspec.json.encode({"accepted": events, "duplicates": 0, "refused": 0, "items": []}))


def main() -> None:
    """Serve on a free port of this machine until killed."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    routes = [("/v1/events", take), ("/counting/v1/events", count)]
    app = Starlette(routes=[Route(path, answer, methods=["POST"]) for path, answer in routes])
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    said = {"event": "http_listening", "port": listening.getsockname()[1]}
    sys.stderr.write(json.dumps(said) + "\n")
    sys.stderr.flush()
    asyncio.run(server.serve(sockets=[listening]))


if __name__ == "__main__":
    main()
