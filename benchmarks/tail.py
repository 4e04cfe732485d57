"""
`sqm tail` on a queue log: from the file to the acknowledgement of its events, beside `cat` on the same file.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.measuring import Figure, progress
from benchmarks.processes import PROJECT, FailedError, Service

TITLE: Final = "tail: a queue log, to an endpoint that only counts"
_CALLS: Final = 50_000
_LINES_A_CALL: Final = 4
_EVENTS_A_CALL: Final = 5
_BEGIN: Final = 1_769_846_400
_MAPPING: Final = PROJECT / "deploy" / "mappings" / "asterisk-queue-log.yaml"
_ACCEPTED: Final = re.compile(r"^([\d,]+) accepted", re.MULTILINE)


class _Run(NamedTuple):
    cpu_seconds: float
    wall_seconds: float
    said: str


def run(scale: float) -> Iterator[Figure]:
    """Write a log, read it with `cat`, tail an empty one for what starting costs, and tail it whole."""
    calls = max(100, int(_CALLS * scale))
    lines = calls * _LINES_A_CALL
    with tempfile.TemporaryDirectory(prefix="sqm-bench-") as name:
        folder = Path(name)
        log, empty = folder / "queue_log", folder / "empty_log"
        progress(f"writing {lines:,} lines")
        log.write_text("".join(_lines(calls)), encoding="ascii")
        empty.touch()
        with Service("bare-endpoint", ["benchmarks.bare_endpoint", "agree"], {}, folder) as endpoint:
            tail = [sys.executable, "-m", "services.cli", "tail", "--once", "--mapping", str(_MAPPING)]
            tail += ["--url", endpoint.url()]
            started = _ran([*tail, str(empty)])
            whole = _ran([*tail, str(log)])
        _check(whole.said, calls * _EVENTS_A_CALL)
        cat = _ran(["cat", str(log)])
    cpu, wall = whole.cpu_seconds - started.cpu_seconds, whole.wall_seconds - started.wall_seconds
    bare = lines / cat.wall_seconds
    yield Figure("tail, by a core", lines / cpu, "lines/s", bare, "cat, lines/s", more_is_better=True)
    yield Figure("tail, a line", cpu * 1e6 / lines, "us of CPU", cat.wall_seconds * 1e6 / lines, "cat, us")
    yield Figure("tail, on the clock", lines / wall, "lines/s")
    yield Figure("tail, to start and end", started.wall_seconds, "s")


def _lines(calls: int) -> Iterator[str]:
    for number in range(calls):
        at = _BEGIN + number // 2
        call, agent = f"{at}.{number}", f"PJSIP/{8_000 + number % 60}"
        yield f"{at}|{call}|sales|NONE|ENTERQUEUE||030{number:07d}|1\n"
        yield f"{at + 8}|{call}|sales|{agent}|RINGNOANSWER|8000\n"
        yield f"{at + 12}|{call}|sales|{agent}|CONNECT|12|{call}1|3\n"
        yield f"{at + 190}|{call}|sales|{agent}|COMPLETECALLER|12|178|1\n"


def _ran(command: Sequence[str]) -> _Run:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SQM_")}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=False, timeout=900)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise FailedError(f"{' '.join(command[:5])} ended with status {done.returncode}: {done.stderr.decode()[-600:]}")
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return _Run(spent, wall, done.stdout[-2_000:].decode())


def _check(said: str, events: int) -> None:
    accepted = _ACCEPTED.search(said)
    if accepted is None or int(accepted[1].replace(",", "")) != events:
        raise FailedError(f"of {events:,} events these were acknowledged: {said}")
