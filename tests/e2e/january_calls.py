"""
January of a bank's call centre: its calls as events, and what `sqm replay` says about them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from schemas.base import MINUTE_MS
from services.cli.mapping_files import open_file, read_mapping
from services.ingest.engine.mapped import MappedEvent
from services.ingest.engine.rows import RejectedRow
from services.sla.engine import Attainment, Measurement, Violation
from tests.e2e.sla_line import standing_of

PROJECT: Final = Path(__file__).resolve().parents[2]
MAPPING: Final = PROJECT / "deploy" / "mappings" / "anonymous-bank.yaml"
STANDARDS: Final = PROJECT / "deploy" / "standards" / "examples" / "bank-calls.yaml"
LINES_AS_SITES: Final = "sites=lines"
ALL_DAYS: Final = 31
DAYS: Final = int(os.environ.get("SQM_TEST_JANUARY_DAYS", "0"))
"""How many days of January the tests take; 0 leaves it to each test."""

Outcomes = dict[str, dict[str, Any]]
"""By id."""

# What depends on when and how the worker learnt of it, not on what happened.
_OF_LEARNING: Final = ("rev_offset", "rev_watermark", "detected_at", "as_of", "late")
_COUNTS: Final = ("total", "answered", "abandoned", "implausible", "cancelled", "expired")
_LISTS: Final = ("faults", "distribution")
"""Lists that are left out where they are empty; history keeps some as JSON."""
_DEFAULTS: Final = {
    field.name: field.default
    for told in (Measurement, Violation, Attainment)
    for field in msgspec.structs.fields(told)
    if field.default is not msgspec.NODEFAULT
}
_INSTANTS: Final = ("arrived_at", "started_at", "ended_at", "opened_at", "closed_at", "minute")


@dataclass(frozen=True)
class Calls:
    """
    The calls of the first days of January: their file, and what a replay of it says.
    """

    days: int
    file: Path
    standing: Outcomes

    def events(self) -> list[MappedEvent]:
        """
        The events of the calls in the order of the file, as the mapping yields them.
        """
        mapping = read_mapping(MAPPING, dict([LINES_AS_SITES.split("=")]))
        found: list[MappedEvent] = []
        with open_file(self.file) as stream:
            for row in mapping.read(stream, str(self.file)):
                events = row if isinstance(row, RejectedRow) else mapping.events(row, str(self.file))
                assert not isinstance(events, RejectedRow), events
                found += events
        return found


def first_days(january: Path, days: int, folder: Path) -> Calls:
    """
    Take the first days of the month out of its file, and replay them.
    """
    file = january
    if days < ALL_DAYS:
        file = folder / "calls.txt"
        head, *rows = january.read_bytes().splitlines(keepends=True)
        dates = {b"9901%02d" % (day + 1) for day in range(days)}
        file.write_bytes(head + b"".join([row for row in rows if row.split(b"\t")[5] in dates]))
    return Calls(days, file, replayed(file, folder / "replay"))


def replayed(file: Path, out: Path) -> Outcomes:
    """
    The standing outcomes of a file, by the command.
    """
    options = ["--option", LINES_AS_SITES, "--standards", str(STANDARDS), "--format", "json", "--out", str(out)]
    sqm("replay", "--mapping", str(MAPPING), *options, str(file))
    outcomes: list[dict[str, Any]] = []
    for name in ("measurements", "violations", "attainment"):
        outcomes += map(json.loads, (out / f"{name}.ndjson").read_bytes().splitlines())
    return comparable(standing_of(outcomes).values())


def sqm(*words: str) -> str:
    """
    Run a command of `sqm` that has to succeed; returns what it printed.
    """
    command = [sys.executable, "-m", "services.cli", *words]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return done.stdout


def _is_understood(name: str, value: object) -> bool:
    """
    Tell whether a field says what its absence says.
    """
    return value is None or (name in _DEFAULTS and value == _DEFAULTS[name]) or (name in _LISTS and value in ([], "[]"))


def comparable(outcomes: Iterable[dict[str, Any]]) -> Outcomes:
    """
    Outcomes by id without what depends on when somebody looked, and without fields that say nothing.

    The reason of a closed violation is one of those: it says whether it had been noticed before the call ended.
    """
    found: Outcomes = {}
    for one in outcomes:
        if one["id"].startswith("a:") and not any(one[name] for name in _COUNTS):
            # Events out of order may count a call in a minute that turns out not to be that of its arrival.
            continue
        left_out = (*_OF_LEARNING, "reason") if one["id"].startswith("v:") else _OF_LEARNING
        told = {key: value for key, value in one.items() if key not in left_out and not _is_understood(key, value)}
        found[one["id"]] = {**told, "cycle": told.get("cycle", 0)} if "arrived_at" in told else told
    return found


def moved(outcomes: Outcomes, by_ms: int) -> Outcomes:
    """
    The same outcomes for events that happened later by whole minutes.
    """
    assert by_ms % MINUTE_MS == 0, "attainment is counted by the minute"
    found: Outcomes = {}
    for one in outcomes.values():
        told = {key: value + by_ms if key in _INSTANTS else value for key, value in one.items()}
        if "trail" in one:
            told["trail"] = [{**entry, "at": entry["at"] + by_ms} for entry in one["trail"]]
        if "segments" in one:
            told["segments"] = [
                {**part, "from_at": part["from_at"] + by_ms, "to_at": part["to_at"] + by_ms} for part in one["segments"]
            ]
        if "minute" in one:
            told["id"] = one["id"].replace(f":{one['minute']}:", f":{told['minute']}:")
        found[told["id"]] = told
    return found
