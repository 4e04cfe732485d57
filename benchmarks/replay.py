"""
`sqm replay` of a table: a month of a bank's calls where the data is at hand, else a made-up table of the same form.
"""

import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from benchmarks.measuring import Figure, progress, watched, yardstick
from benchmarks.processes import PROJECT, FailedError
from benchmarks.workload import events

TITLE: Final = "sqm replay of a table"
ROWS: Final = 31_599
_DATA: Final = Path(os.environ.get("SQM_TEST_DATA", PROJECT.parent / "shared" / "data"))
JANUARY: Final = _DATA / "anonymous_bank" / "january.txt"
_MAPPING: Final = PROJECT / "deploy" / "mappings" / "anonymous-bank.yaml"
STANDARDS: Final = PROJECT / "deploy" / "standards" / "examples" / "bank-calls.yaml"
_HEADER: Final = (
    "vru+line", "call_id", "customer_id", "priority", "type", "date", "vru_entry", "vru_exit", "vru_time", "q_start",
    "q_exit", "q_time", "outcome", "ser_start", "ser_exit", "ser_time", "server",
)  # fmt: skip


def run(scale: float) -> Iterator[Figure]:
    """Run the command as a user would, and read its own figures and its processor time."""
    folder = Path(tempfile.mkdtemp(prefix="sqm-bench-"))
    try:
        table, small = folder / "calls.txt", folder / "call.txt"
        real = JANUARY.is_file()
        write_table(table, max(100, int(ROWS * scale)), real=real)
        progress(f"replaying {'a month of real calls' if real else 'made-up calls: the data is not at hand'}")
        write_table(small, 1, real=real)
        _, starting = replayed(small)
        told, cpu = replayed(table)
        with watched() as watch, table.open(encoding="ascii", newline="") as stream:
            rows = sum(1 for _ in csv.reader(stream, delimiter="\t"))
        reading = watch.cpu_microseconds(rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    decoding = yardstick(one.value for one in events(30_000))
    count, seconds = told["events"], told["elapsed_seconds"]
    yield Figure("rows", told["rows"], "rows")
    yield Figure("events", count, "events")
    yield Figure(
        "replay", count / seconds, "events/s", 1e6 / decoding, "bare decoding, events/s", goal=40_000,
        more_is_better=True,
    )  # fmt: skip
    yield Figure("replay", seconds * 1e6 / told["rows"], "us/row", reading, "csv.reader alone, us/row")
    yield Figure("replay, by the second of processor time", count / (cpu - starting), "events/s")
    yield Figure("starting the command", starting, "s of CPU")


def replayed(table: Path) -> tuple[dict[str, float], float]:
    """Replay a table; return what was told, and the seconds of processor time."""
    return told_by("replay", "--standards", str(STANDARDS), str(table))


def told_by(command: str, *words: str) -> tuple[dict[str, Any], float]:
    """Run a command on the bank's mapping; return the JSON that it told, and the seconds of processor time."""
    given = [sys.executable, "-m", "services.cli", command, "--mapping", str(_MAPPING), "--format", "json", *words]
    before = os.times()
    done = subprocess.run(given, cwd=PROJECT, capture_output=True, check=False, timeout=600)
    after = os.times()
    if done.returncode:
        raise FailedError(f"sqm {command} ended with status {done.returncode}: {done.stderr.decode()[-600:]}")
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return json.loads(done.stdout), spent


def write_table(table: Path, rows: int, *, real: bool) -> None:
    with table.open("w", encoding="ascii", newline="") as out:
        if real:
            with JANUARY.open(encoding="ascii", newline="") as stream:
                out.writelines(islice(stream, rows + 1))
        else:
            for row in _made_up(rows):
                out.write("\t".join(row) + "\t\r\n")


def _made_up(rows: int) -> Iterator[tuple[str, ...]]:
    yield _HEADER
    draw = random.Random(3)
    for number in range(rows):
        at = 8 * 3_600 + number % 50_000
        wait, talk, answered = draw.randrange(0, 120), draw.randrange(20, 600), draw.random() < 0.9
        ends = at + 10 + wait
        yield (
            "AA0101", str(33_000 + number), "0", "0", "PS", f"9901{1 + number // 50_000:02d}", _clock(at),
            _clock(at + 10), "10", _clock(at + 10), _clock(ends), str(wait), "AGENT" if answered else "HANG",
            _clock(ends) if answered else "0:00:00", _clock(ends + talk) if answered else "0:00:00",
            str(talk) if answered else "0", "MICHAL" if answered else "NO_SERVER",
        )  # fmt: skip


def _clock(seconds: int) -> str:
    return f"{seconds // 3_600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
