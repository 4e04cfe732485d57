"""
Posts requests to a service over a few connections, and watches what that costs it.
"""

import http.client
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks.measuring import watched
from benchmarks.processes import FailedError, Service

__all__ = ["BATCH", "ONE", "Posted", "Request", "answered", "posted", "posted_requests"]

BATCH = "application/cloudevents-batch+json"
ONE = "application/cloudevents+json"


class Posted(NamedTuple):
    """What the posting cost: processor time of the service, and time on the clock, in seconds."""

    cpu_seconds: float
    wall_seconds: float


class Request(NamedTuple):
    """What is posted, and where to."""

    path: str
    body: bytes
    headers: Mapping[str, str]


def posted(
    service: Service, bodies: Sequence[bytes], *, connections: int, warm: int, content_type: str = BATCH
) -> Posted:
    """Post events, ``warm`` of the bodies to warm up, then the rest over so many connections at once."""
    headers = {"content-type": content_type}
    requests = [Request("/v1/events", body, headers) for body in bodies]
    return posted_requests(service, requests, connections=connections, warm=warm)


def posted_requests(service: Service, requests: Sequence[Request], *, connections: int, warm: int) -> Posted:
    """The same with requests of any kind."""
    where = urlsplit(service.url()).netloc
    _post(where, requests[:warm])
    lanes = [requests[warm + lane :: connections] for lane in range(connections)]
    with watched() as watch, ThreadPoolExecutor(connections) as pool:
        before = service.cpu_seconds()
        for done in [pool.submit(_post, where, lane) for lane in lanes]:
            done.result()
        spent = service.cpu_seconds() - before
    service.check()
    return Posted(spent, watch.spent.wall_seconds)


def answered(service: Service, request: Request) -> tuple[int, float]:
    """Post one over a connection of its own; return the status, and the seconds from the first byte to the answer."""
    connection = http.client.HTTPConnection(urlsplit(service.url()).netloc, timeout=60)
    try:
        connection.connect()
        began = time.perf_counter()
        connection.request("POST", request.path, request.body, dict(request.headers))
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - began
    finally:
        connection.close()


def _post(where: str, requests: Sequence[Request]) -> None:
    connection = http.client.HTTPConnection(where, timeout=60)
    try:
        for path, body, headers in requests:
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise FailedError(f"http://{where}{path} answered {answer.status}: {text[:300]!r}")
    finally:
        connection.close()
