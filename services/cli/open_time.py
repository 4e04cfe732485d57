"""
Asks a calendar from a file about open time, and writes the answer with the days and hours that it is made of.
"""

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml
from rich.table import Table

from domain.calendars import FAR, Stretch, compile_hours
from domain.openings import first_instant
from schemas.base import MINUTE_MS, format_instant, from_millis, known_zone, to_millis
from schemas.calendars import Calendar
from services.cli.instants import read_duration
from services.cli.notes import tell_notes
from services.cli.terminal import console
from services.runtime.errors import Misconfigured
from services.sla.shell.documents import read_documents_of, require

__all__ = ["Question", "calendars_of", "pick", "written"]

_YEARS: Final = (1970, 2300)


def calendars_of(file: Path) -> list[Calendar]:
    """
    Read the calendars of a file, frozen. Raises Misconfigured where a document has a fault, or none is a calendar.
    """
    found = require(read_documents_of([file]))
    tell_notes(found)
    calendars = [one.document for one in found if isinstance(one.document, Calendar)]
    if not calendars:
        raise Misconfigured(f"{file}: holds no calendar; write a document with `kind: Calendar`")
    return calendars


def pick(calendars: Sequence[Calendar], which: str | None, file: Path) -> Calendar:
    """
    Choose a calendar by id and version; of one id the newest version, where none is named.
    """
    ident, _, version = (which or "").partition("@")
    fitting = [
        one for one in calendars if ident in ("", one.metadata.id) and version in ("", str(one.metadata.version))
    ]
    names = ", ".join(f"{one.metadata.id}@{one.metadata.version}" for one in calendars)
    if not fitting:
        raise Misconfigured(f"--id {(which or '')[:80]}: {file} holds no such calendar, but {names}")
    if len({one.metadata.id for one in fitting}) > 1:
        raise Misconfigured(f"{file} holds several calendars ({names}); choose one with --id")
    return max(fitting, key=lambda one: one.metadata.version)


def written(calendar: Calendar) -> str:
    """
    Write a calendar as its owner would, its instants in its own zone.
    """
    clock = ZoneInfo(calendar.metadata.zone)
    body = calendar.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    for name in ("effective_from", "effective_until"):
        if (at := getattr(calendar.metadata, name)) is not None:
            body["metadata"][name] = at.astimezone(clock).isoformat()
    return yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=110)


class Question:
    """
    A calendar in a zone, and the times that people write and read in it.
    """

    def __init__(self, calendar: Calendar, zone: str | None) -> None:
        try:
            self.hours = compile_hours(calendar, None if zone is None else known_zone(zone))
        except ValueError as error:
            raise Misconfigured(f"--zone: {error}") from error
        self._meta = calendar.metadata
        self._clock = ZoneInfo(self.hours.zone)
        self.title = f"{self._meta.title} ({self._meta.id}@{self._meta.version})"

    def instant(self, option: str, text: str) -> int:
        """
        Read an instant with its offset, or a local time; the first one, where that comes twice or is skipped.
        """
        try:
            read = datetime.fromisoformat(text)
        except ValueError as error:
            problem = "write a time like 2026-06-22T16:00 (local) or 2026-06-22T13:00:00Z"
            raise Misconfigured(f"{option} {text[:40]}: {problem}") from error
        if not _YEARS[0] < read.year < _YEARS[1]:
            raise Misconfigured(f"{option} {text[:40]}: write a time between {_YEARS[0] + 1} and {_YEARS[1] - 1}")
        return to_millis(read) if read.tzinfo is not None else first_instant(read, self._clock)

    def duration(self, text: str) -> int:
        """
        Read a duration, also one that looks back.
        """
        millis = read_duration(text.removeprefix("-"), "--duration")
        return -millis if text.startswith("-") else millis

    def known(self, at: int) -> bool:
        return abs(at) != FAR

    def answer(self, times: dict[str, int], begin: int, end: int, *, as_json: bool, closed: bool = False) -> None:
        """
        Write times by name, the open time between two instants, and the stretches that it is made of.

        A table names what is closed without a reason only where `closed` asks for it; JSON always does.
        """
        told = self.hours.segments(begin, end)
        if as_json:
            self._write_json(times, begin, end, told)
        else:
            self._write_table(times, begin, end, [one for one in told if closed or one.open or one.name])

    def _write_json(self, times: dict[str, int], begin: int, end: int, told: Sequence[Stretch]) -> None:
        body: dict[str, Any] = {
            "calendar": f"{self._meta.id}@{self._meta.version}",
            "zone": self.hours.zone,
            **{name: self._both(at) for name, at in times.items()},
            "open_ms": self.hours.elapsed(begin, end),
            "segments": [
                {
                    "date": self._local(one.from_at).date().isoformat(),
                    "from": self._both(one.from_at),
                    "to": self._both(one.to_at),
                    "open": one.open,
                    "counted_ms": one.to_at - one.from_at if one.open else 0,
                    "name": one.name,
                }
                for one in told
            ],
        }
        sys.stdout.write(json.dumps(body, indent=2, ensure_ascii=False) + "\n")

    def _write_table(self, times: dict[str, int], begin: int, end: int, told: Sequence[Stretch]) -> None:
        out = console()
        out.print(f"{self.title}, {self.hours.zone}")
        for name, at in times.items():
            local = self._local(at)
            out.print(f"{name:<7} {local:%a %Y-%m-%d %H:%M:%S} {_offset(local)}   {format_instant(at)}")
        counted = self.hours.elapsed(begin, end)
        out.print(f"{'open':<7} {_hours(counted)} ({_minutes(counted)} min) between them")
        at = times["from"]
        if not self._in_force(at):
            out.print(f"note: {self._meta.id}@{self._meta.version} is not in force at {format_instant(at)}")
        if not told:
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for title in ("date", "from", "until"):
            table.add_column(title)
        table.add_column("counted", justify="right")
        table.add_column("why")
        for one in told:
            start = self._local(one.from_at)
            minutes = f"{_minutes(one.to_at - one.from_at)} min" if one.open else "closed"
            table.add_row(f"{start:%a %Y-%m-%d}", _clock(start), self._until(start, one.to_at), minutes, one.name or "")
        out.print()
        out.print(table)

    def _in_force(self, at: int) -> bool:
        until = self._meta.effective_until
        return to_millis(self._meta.effective_from) <= at and (until is None or at < to_millis(until))

    def _until(self, start: datetime, to_at: int) -> str:
        """
        Say an end as people do: the end of a day is 24:00, and another day is named.
        """
        end = self._local(to_at)
        if end.date() == start.date():
            return _clock(end)
        if end.date() - start.date() == timedelta(days=1) and _clock(end) == "00:00":
            return "24:00"
        return f"{_clock(end)} on {end:%a %Y-%m-%d}"

    def _local(self, at: int) -> datetime:
        return from_millis(at).astimezone(self._clock)

    def _both(self, at: int) -> dict[str, Any]:
        return {"at": format_instant(at), "local": self._local(at).isoformat(timespec="seconds")}


def _clock(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _offset(local: datetime) -> str:
    return local.isoformat(timespec="seconds")[19:]


def _hours(millis: int) -> str:
    """
    Say open time without days, since a day of it is no day on the wall.
    """
    hours, minutes = divmod(millis // MINUTE_MS, 60)
    return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"


def _minutes(millis: int) -> str:
    whole, rest = divmod(millis, MINUTE_MS)
    return f"{whole:,}" if not rest else f"{whole:,}.{rest * 100 // MINUTE_MS:02d}"
