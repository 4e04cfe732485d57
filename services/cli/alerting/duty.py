"""
Who is on call, as a list of shifts in the local time of the schedule.
"""

import json
import sys
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.table import Table

from schemas.alerting import Alerting
from schemas.base import DAY_MS, format_instant, from_millis
from schemas.on_call import Schedule
from services.alerts.engine import Shift, shifts
from services.cli.terminal import console
from services.runtime.errors import Misconfigured

__all__ = ["tell_shifts"]

_AT_FIRST_DAYS: Final = 14
"""So many days are listed, if not said."""
_MOST_DAYS: Final = 3_660


def tell_shifts(alerting: Alerting, which: str, begin: int, end: int | None, *, as_json: bool) -> None:
    """
    Write who is on call by a schedule from one instant up to another. Raises Misconfigured.
    """
    schedule = next((one for one in alerting.schedules if one.id == which), None)
    if schedule is None:
        there = ", ".join(one.id for one in alerting.schedules) or "none"
        raise Misconfigured(f"--schedule {which[:80]}: there is no such schedule; there are: {there}")
    until = end if end is not None else begin + _AT_FIRST_DAYS * DAY_MS
    if not begin < until <= begin + _MOST_DAYS * DAY_MS:
        raise Misconfigured(f"--to {format_instant(until)}: must be later than --from, by at most {_MOST_DAYS} days")
    found = shifts(schedule, begin, until)
    if as_json:
        sys.stdout.write(json.dumps(_as_json(schedule, found), indent=2, ensure_ascii=False) + "\n")
    else:
        _print(schedule, found, {person.id: person.title for person in alerting.people})


def _print(schedule: Schedule, found: tuple[Shift, ...], titles: dict[str, str]) -> None:
    out, zone = console(), ZoneInfo(schedule.zone)
    out.print(f"{schedule.title} ({schedule.id}), {schedule.zone}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("from", "until", "on call", "by"):
        table.add_column(title)
    for one in found:
        who = f"{titles[one.person]} ({one.person})" if one.person is not None else "nobody"
        table.add_row(*(_written(_local(at, zone)) for at in (one.from_at, one.to_at)), who, one.by or "")
    out.print(table)


def _as_json(schedule: Schedule, found: tuple[Shift, ...]) -> dict[str, Any]:
    zone = ZoneInfo(schedule.zone)
    listed = [
        {"from": _both(one.from_at, zone), "to": _both(one.to_at, zone), "person": one.person, "by": one.by}
        for one in found
    ]
    return {"schedule": schedule.id, "zone": schedule.zone, "shifts": listed}


def _both(at: int, zone: ZoneInfo) -> dict[str, str]:
    return {"at": format_instant(at), "local": _local(at, zone).isoformat(timespec="seconds")}


def _local(at: int, zone: ZoneInfo) -> datetime:
    return from_millis(at).astimezone(zone)


def _written(local: datetime) -> str:
    return f"{local:%a %Y-%m-%d %H:%M}{f':{local:%S}' if local.second else ''} {local.isoformat()[-6:]}"
