"""
Ingest over HTTP in batches of 500: validated, stamped, and acknowledged by a real Kafka before the answer.
"""

import random
from collections.abc import Iterator
from itertools import islice
from typing import Final

import msgspec

from benchmarks.line import Line, now_ms, running_broker
from benchmarks.measuring import Figure, progress, watched
from benchmarks.posting import posted
from benchmarks.processes import FailedError, Service
from benchmarks.workload import said
from schemas.topics import EVENTS
from services.sla.engine import decode_event

TITLE: Final = "ingest: HTTP batches of 500 into a real Kafka"
_EVENTS: Final = 200_000
_BATCH: Final = 500
_CONNECTIONS: Final = 4
_WARM: Final = 4


def run(scale: float) -> Iterator[Figure]:
    """Post everything over a few connections, to ingest and then to the bare endpoint."""
    count = max(1, int(_EVENTS * scale) // _BATCH) * _BATCH
    progress(f"making {count:,} events")
    batches = list(_batches(count + _WARM * _BATCH))
    bodies = [b"[" + b",".join(batch) + b"]" for batch in batches]
    with watched() as watch:
        for batch in batches[_WARM:]:
            for one in batch:
                decode_event(one)
    decoding = watch.cpu_microseconds(count)
    with running_broker() as (servers, folder):
        line = Line(servers, folder, "ingest")
        settings = {"SQM_INGEST_HTTP_PORT": "0", "SQM_INGEST_DEVELOPMENT_OPEN": "true"}
        with line.service("ingest", "services.ingest", settings) as ingest:
            ingest.until_ready()
            cpu, wall = posted(ingest, bodies, connections=_CONNECTIONS, warm=_WARM)
        written = line.count(EVENTS.name)
        if written != count + _WARM * _BATCH:
            raise FailedError(f"{count + _WARM * _BATCH} events were posted, but the topic holds {written}")
        with Service("bare-endpoint", ["benchmarks.bare_endpoint"], {}, line.folder) as endpoint:
            bare, _ = posted(endpoint, bodies, connections=_CONNECTIONS, warm=_WARM)
    yield Figure(
        "accepted, by a core", count / cpu, "events/s", 1e6 / decoding, "bare decoding, events/s",
        goal=40_000, more_is_better=True,
    )  # fmt: skip
    yield Figure("ingest", cpu * 1e6 / count, "us of CPU/event", decoding)
    yield Figure(
        "ingest, a request of 500", cpu * 1e3 * _BATCH / count, "ms of CPU", bare * 1e3 * _BATCH / count,
        "an endpoint that only reads, ms",
    )  # fmt: skip
    yield Figure("accepted, all processes on this machine", count / wall, "events/s")


def _batches(count: int) -> Iterator[list[bytes]]:
    draw = random.Random(2)
    begin = now_ms() - 600_000
    events = (
        msgspec.json.encode(
            said("journey.arrived", number, begin, f"site-{draw.randrange(500):04d}", f"counter-{number % 3}")
        )
        for number in range(count)
    )
    while batch := list(islice(events, _BATCH)):
        yield batch
