"""
What silences would mute: by the service that runs, by history, or by a file of alerts as they are on their topic.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from pydantic import ValidationError

from schemas.alert_routes import Silence
from schemas.alerts import ALERTS
from schemas.base import WEEK_MS, format_instant
from services.alerts.engine import Alert, Muted, would_mute
from services.cli.alerting.door import Door
from services.cli.alerting.reading import first_fault
from services.cli.history_door import open_place
from services.history.engine import TRANSITIONS_SQL, transition_of
from services.runtime.errors import Misconfigured

__all__ = ["Source", "alerts_of_file", "alerts_of_history", "alerts_of_service", "silences_of_service", "tell_mutes"]


class Source(NamedTuple):
    """
    Transitions of alerts, and whether those of the week before are among them.
    """

    alerts: Sequence[Alert]
    week: bool


def tell_mutes(silences: Sequence[Silence], which: str | None, source: Source, now: int, *, as_json: bool) -> None:
    """
    Write which alerts each silence would mute now, and would have muted in the week before. Raises Misconfigured.
    """
    chosen = [one for one in silences if which in {None, one.id}]
    if not chosen:
        there = ", ".join(one.id for one in silences) or "none"
        raise Misconfigured(f"--silence {(which or '')[:80]}: there is no such silence; there are: {there}")
    found = {one.id: would_mute(one, source.alerts, now - WEEK_MS, now) for one in chosen}
    if as_json:
        told = {name: _as_json(muted, week=source.week) for name, muted in found.items()}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return
    for one in chosen:
        _print(one, found[one.id], week=source.week)
    if not source.week:
        sys.stdout.write("--history here, or the address of a history service, tells of the week before too\n")


def alerts_of_service(door: Door) -> Source:
    """
    The alerts that are not over, from the service that runs.
    """
    return Source([msgspec.convert(one, Alert) for one in door.alerts()], week=False)


def silences_of_service(door: Door) -> list[Silence]:
    """
    The silences of the service that runs: those of its configuration and those that commands gave.
    """
    told = ({name: value for name, value in one.items() if name != "holds"} for one in door.silences())
    return [Silence.model_validate(one) for one in told]


def alerts_of_history(place: str, now: int) -> Source:
    """
    The transitions that history keeps of alerts that were not over a week ago, or came later.
    """
    with open_place(place) as door:
        rows = door.rows(TRANSITIONS_SQL, {"from_ms": now - WEEK_MS, "until_ms": now})
    found = (transition_of(row) for row in rows)
    return Source([msgspec.convert(one | {"labels": json.loads(one["labels"])}, Alert) for one in found], week=True)


def alerts_of_file(file: Path) -> Source:
    """
    Transitions as they are on their topic, one a line. Raises Misconfigured, naming the line.
    """
    return Source(list(_read(file)), week=True)


def _read(file: Path) -> Iterator[Alert]:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise Misconfigured(f"{file}: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                ALERTS.validate_json(line)
            except ValidationError as error:
                raise Misconfigured(f"{file}:{number}: {first_fault(error)}") from error
            yield msgspec.json.decode(line, type=Alert)


def _print(silence: Silence, muted: Muted, *, week: bool) -> None:
    counted = f"mutes {len(muted.now)} now" + (f", {len(muted.before)} more in the week before" if week else "")
    sys.stdout.write(f"{silence.id} ({silence.reason}): {counted}\n")
    for when, alerts in (("now", muted.now), ("before", muted.before)):
        for one in alerts:
            sys.stdout.write(f"  {when:<6} {format_instant(one.begun_at)} {one.key} {one.severity}\n")


def _as_json(muted: Muted, *, week: bool) -> dict[str, Any]:
    told = {name: msgspec.to_builtins(alerts) for name, alerts in muted._asdict().items()}
    return told if week else told | {"before": None}
