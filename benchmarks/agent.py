"""
The agent on this machine's disk: events one by one and in batches, each acknowledged after a commit with
``synchronous=FULL``; then what it kept, carried on.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.line import now_ms
from benchmarks.measuring import Figure, progress, watched
from benchmarks.posting import ONE, posted
from benchmarks.processes import Service, until
from benchmarks.workload import said

TITLE: Final = "agent: kept on the disk before it is acknowledged"
_SINGLE: Final = 20_000
_BATCHED: Final = 200_000
_BATCH: Final = 100
_COMMITS: Final = 3_000
_WARM: Final = 50


def run(scale: float) -> Iterator[Figure]:
    """Post single events over one connection and over many, then batches; then let the agent forward all of it."""
    folder = Path(tempfile.mkdtemp(prefix="sqm-bench-"))
    try:
        yield from _run(scale, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(scale: float, folder: Path) -> Iterator[Figure]:
    singles = _events(max(500, int(_SINGLE * scale)) + _WARM)
    count = max(_BATCH * 20, int(_BATCHED * scale) // _BATCH * _BATCH)
    events = _events(count + _WARM * _BATCH)
    batches = [b"[" + b",".join(events[first : first + _BATCH]) + b"]" for first in range(0, len(events), _BATCH)]
    progress("bare commits, and the bare endpoint")
    commits = _bare_commits(folder / "bare.db", singles[: max(100, int(_COMMITS * scale))])
    with Service("bare-endpoint", ["benchmarks.bare_endpoint"], {}, folder) as endpoint:
        lone = posted(endpoint, singles[: len(singles) // 4], connections=1, warm=_WARM, content_type=ONE)
        many = posted(endpoint, singles, connections=32, warm=_WARM, content_type=ONE)
        bare = posted(endpoint, batches, connections=4, warm=_WARM)
    with _agent(folder, "http://127.0.0.1:9") as agent:
        progress("the agent")
        one = posted(agent, singles[: len(singles) // 4], connections=1, warm=_WARM, content_type=ONE)
        thirty = posted(agent, singles, connections=32, warm=_WARM, content_type=ONE)
        batched = posted(agent, batches, connections=4, warm=_WARM)
        memory = agent.resident_megabytes()
        kept = agent.metrics()["sqm_agent_waiting_records"]
    single, alone = len(singles) - _WARM, len(singles) // 4 - _WARM
    for connections, taken, beside, sent in (
        ("one connection", one, lone, alone),
        ("32 connections", thirty, many, single),
    ):
        what, rate = f"single events, {connections}", sent / taken.wall_seconds
        yield Figure(what, rate, "events/s", commits, "a bare commit each, /s")
        yield Figure(what, rate, "events/s", sent / beside.wall_seconds, "an endpoint that only reads, /s")
    yield Figure(
        "batches of 100, four connections", count / batched.wall_seconds, "events/s", count / bare.wall_seconds,
        "an endpoint that only reads, /s",
    )  # fmt: skip
    yield Figure("batches of 100", batched.cpu_seconds * 1e6 / count, "us of CPU/event")
    yield Figure("memory with all of it waiting", memory, "MB")
    with Service("ingest", ["benchmarks.bare_endpoint", "agree"], {}, folder) as ingest:
        progress(f"forwarding {kept:,.0f} records")
        with watched() as watch, _agent(folder, ingest.url()) as agent:
            until(lambda: not agent.metrics()["sqm_agent_waiting_records"], "all of it to be forwarded", 600)
            spent = agent.cpu_seconds()
    yield Figure("forwarded, start included", kept / watch.spent.wall_seconds, "events/s")
    yield Figure("forwarding, start included", spent * 1e6 / kept, "us of CPU/event")


def _agent(folder: Path, url: str) -> Service:
    settings = {
        "SQM_AGENT_HTTP_PORT": "0",
        "SQM_AGENT_FILE": str(folder / "agent.db"),
        "SQM_AGENT_URL": url,
        "SQM_AGENT_BACKLOG_BYTES": str(2**30),
        # Figures of what waits are set as often.
        "SQM_AGENT_HEARTBEAT_SECONDS": "0.1",
    }
    return Service("agent", ["services.agent"], settings, folder)


def _events(count: int) -> list[bytes]:
    begin = now_ms() - 600_000
    return [
        msgspec.json.encode(said("journey.arrived", number, begin, "riga-1", f"counter-{number % 3}"))
        for number in range(count)
    ]


def _bare_commits(file: Path, rows: Sequence[bytes]) -> float:
    """Return how many rows a second SQLite commits, one by one, with nothing around it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE kept (seq INTEGER PRIMARY KEY, body BLOB)")
        with watched() as watch:
            for row in rows:
                database.execute("INSERT INTO kept (body) VALUES (?)", (row,))
    return len(rows) / watch.spent.wall_seconds
