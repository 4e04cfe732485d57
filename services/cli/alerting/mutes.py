"""
What silences would mute, from alerts in a file of JSON lines, as they are on their topic.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from pydantic import ValidationError

from schemas.alert_routes import Silence
from schemas.alerting import Alerting
from schemas.alerts import ALERTS
from schemas.base import format_instant
from services.alerts.engine import Alert, Muted, would_mute
from services.cli.alerting.reading import first_fault
from services.runtime.errors import Misconfigured

__all__ = ["tell_mutes"]

_WEEK_MS: Final = 7 * 86_400_000


def tell_mutes(alerting: Alerting, which: str | None, alerts: Path, now: int, *, as_json: bool) -> None:
    """
    Write which alerts each silence would mute now, and would have muted in the week before. Raises Misconfigured.
    """
    chosen = [one for one in alerting.silences if which in {None, one.id}]
    if not chosen:
        there = ", ".join(one.id for one in alerting.silences) or "none"
        raise Misconfigured(f"--silence {(which or '')[:80]}: there is no such silence; there are: {there}")
    read = list(_alerts_of(alerts))
    found = {one.id: would_mute(one, read, now - _WEEK_MS, now) for one in chosen}
    if as_json:
        sys.stdout.write(json.dumps({name: _as_json(muted) for name, muted in found.items()}, indent=2) + "\n")
        return
    for one in chosen:
        _print(one, found[one.id])


def _alerts_of(file: Path) -> Iterator[Alert]:
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


def _print(silence: Silence, muted: Muted) -> None:
    counted = f"mutes {len(muted.now)} now, {len(muted.before)} more in the week before"
    sys.stdout.write(f"{silence.id} ({silence.reason}): {counted}\n")
    for when, alerts in (("now", muted.now), ("before", muted.before)):
        for one in alerts:
            sys.stdout.write(f"  {when:<6} {format_instant(one.begun_at)} {one.key} {one.severity}\n")


def _as_json(muted: Muted) -> dict[str, Any]:
    return {name: msgspec.to_builtins(alerts) for name, alerts in muted._asdict().items()}
