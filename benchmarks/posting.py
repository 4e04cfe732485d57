"""
Posts requests to a service over a few connections, and watches what that costs it.
"""

import http.client
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks.measuring import watched
from benchmarks.processes import FailedError, Service

__all__ = ["BATCH", "ONE", "Posted", "posted"]

BATCH = "application/cloudevents-batch+json"
ONE = "application/cloudevents+json"


class Posted(NamedTuple):
    """What the posting cost: processor time of the service, and time on the clock, in seconds."""

    cpu_seconds: float
    wall_seconds: float


def posted(
    service: Service, bodies: Sequence[bytes], *, connections: int, warm: int, content_type: str = BATCH
) -> Posted:
    """Post ``warm`` of them to warm up, then the rest over so many connections at once."""
    where = urlsplit(service.url()).netloc
    _post(where, bodies[:warm], content_type)
    lanes = [bodies[warm + lane :: connections] for lane in range(connections)]
    with watched() as watch, ThreadPoolExecutor(connections) as pool:
        before = service.cpu_seconds()
        for done in [pool.submit(_post, where, lane, content_type) for lane in lanes]:
            done.result()
        spent = service.cpu_seconds() - before
    service.check()
    return Posted(spent, watch.spent.wall_seconds)


def _post(where: str, bodies: Sequence[bytes], content_type: str) -> None:
    connection = http.client.HTTPConnection(where, timeout=60)
    try:
        for body in bodies:
            connection.request("POST", "/v1/events", body, {"content-type": content_type})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise FailedError(f"http://{where}/v1/events answered {answer.status}: {text[:300]!r}")
    finally:
        connection.close()
