"""
`make pictures`: draws every dashboard into docs/dashboards, from the answers to the questions of its own panels.
"""

import re
import struct
import sys
import tempfile
import zlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.cli.season import Season
from tests.dashboards.drawn_pages import drawn
from tests.dashboards.drawn_values import COLOURS
from tests.fakes.databases import FOR_EVER, opened, settings_for
from tests.fakes.grafana import Grafana
from tests.fakes.metrics_past import measured
from tests.fakes.prometheus_past import remembering
from tests.fakes.shown_dashboards import BOARDS, END, OF_WEEKS, filled, look, seen_truth, silenced
from tests.fakes.simulated_history import HOUR
from tests.project import PROJECT
from tests.season import seeded

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_FOLDER = PROJECT / "docs" / "dashboards"
_DAYS = 28
_SEASON = Season(seed=3, until=date(2026, 11, 24), days=_DAYS)
_CHOSEN = {"team": {"standard": "advice-wait", "least": "100", "grain": "week"}}
"""So that some are shown together, for there is little of them."""
_OF_WEEKS = {"standard", "violation", *OF_WEEKS}


def _local(grafana: Grafana, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    zone = ZoneInfo(grafana.chosen.get("zone", ["Europe/Berlin"])[0])
    return [{name: _told(value, zone) for name, value in row.items()} for row in rows]


def _told(value: object, zone: ZoneInfo) -> object:
    """
    An instant on the clocks of the zone that was chosen, as a browser there shows it; all else as it is.
    """
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return datetime.fromisoformat(value).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return value


def _marks(dashboard: Mapping[str, Any], grafana: Grafana) -> list[dict[str, Any]]:
    return [
        {**row, "name": mark["name"], "colour": COLOURS[mark["iconColor"]]}
        for mark in dashboard["annotations"].get("list", ())
        for row in _local(grafana, grafana.rows(mark["target"]["rawSql"]))
    ]


def _smaller(png: bytes) -> bytes:
    """
    The same picture, its pixels packed as tightly as can be; the library packs them for speed.
    """
    chunks, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        chunks.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    pixels = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    kept = [chunks[0], (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b"")]
    return png[:8] + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in kept
    )


def _with_words(dashboard: Mapping[str, Any], grafana: Grafana) -> dict[str, Any]:
    """
    The dashboard with the values of variables in its panels of text.
    """
    panels = [
        one | {"options": {"content": _VARIABLE.sub(lambda found: grafana.chosen[found[1]][0], text)}}
        if (text := one.get("options", {}).get("content"))
        else one
        for one in dashboard["panels"]
    ]
    return {**dashboard, "panels": panels}


def _draw(name: str, grafana: Grafana) -> None:
    dashboard = _with_words(BOARDS[name], grafana)
    panels = [one for one in dashboard["panels"] if one["type"] != "row"]
    answers = {one["id"]: _local(grafana, grafana.panel(one)) for one in panels}
    picture = _smaller(drawn(dashboard, answers, _marks(dashboard, grafana)))
    (_FOLDER / f"{name}.png").write_bytes(picture)
    sys.stdout.write(f"docs/dashboards/{name}.png: {len(picture) // 1024} KiB\n")


def main(names: list[str]) -> None:
    """
    Draw the dashboards of these names, or all: what is about weeks from a season, what is about the present from some
    hours in which somebody still waits at the end.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "now").mkdir()
        (folder / "then").mkdir()
        wanted = names or list(BOARDS)
        with remembering(folder / "now", measured(END // 1_000)) as past:
            for database in opened(settings_for("folder", folder), keep_days=FOR_EVER):
                filled(database, seen_truth())
                for name in (name for name in wanted if name not in _OF_WEEKS):
                    _draw(name, look(name, database, past))
        if not _OF_WEEKS & set(wanted):
            return
        end = _SEASON.ends_at
        with remembering(folder / "then", measured(end // 1_000)) as past:
            for one in seeded(folder, folder, _SEASON):
                silenced(one.database, "shop-5", end - 20 * HOUR)
                for name in (name for name in wanted if name in _OF_WEEKS):
                    shown = look(name, one.database, past, end - _DAYS * 24 * HOUR, end)
                    _draw(name, shown.choosing(**_CHOSEN.get(name, {})))


if __name__ == "__main__":
    main(sys.argv[1:])
