"""
`make pictures`: draws every dashboard into docs/dashboards, from the answers to the questions of its own panels.
"""

import re
import struct
import sys
import tempfile
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.runtime.clickhouse import ClickHouseSettings
from tests.dashboards.drawn_pages import drawn
from tests.dashboards.drawn_values import COLOURS
from tests.fakes.databases import opened
from tests.fakes.grafana import Grafana
from tests.fakes.shown_dashboards import BOARDS, CHOSEN, SPAN, filled, seen_truth
from tests.project import PROJECT

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_FOLDER = PROJECT / "docs" / "dashboards"


def _rows(grafana: Grafana, sql: str) -> list[dict[str, Any]]:
    zone = ZoneInfo(grafana.chosen.get("zone", ["UTC"])[0])
    return [{name: _told(value, zone) for name, value in row.items()} for row in grafana.rows(sql)]


def _told(value: object, zone: ZoneInfo) -> object:
    """
    An instant on the clocks of the zone that was chosen, as a browser there shows it; all else as it is.
    """
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return datetime.fromisoformat(value).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return value


def _answers(dashboard: dict[str, Any], grafana: Grafana) -> dict[int, list[dict[str, Any]]]:
    return {
        panel["id"]: [row for target in panel.get("targets", ()) for row in _rows(grafana, target["rawSql"])]
        for panel in dashboard["panels"]
    }


def _marks(dashboard: dict[str, Any], grafana: Grafana) -> list[dict[str, Any]]:
    return [
        {**row, "name": mark["name"], "colour": COLOURS[mark["iconColor"]]}
        for mark in dashboard["annotations"].get("list", ())
        for row in _rows(grafana, mark["target"]["rawSql"])
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


def main(names: list[str]) -> None:
    """
    Draw the dashboards of these names, or all.
    """
    with tempfile.TemporaryDirectory() as folder:
        for database in opened(ClickHouseSettings(folder=Path(folder), database="pictures")):
            filled(database, seen_truth())
            for name, dashboard in BOARDS.items():
                if names and name not in names:
                    continue
                grafana = Grafana(dashboard, database, SPAN)
                grafana.choose(**CHOSEN.get(name, {}))
                picture = _smaller(drawn(dashboard, _answers(dashboard, grafana), _marks(dashboard, grafana)))
                (_FOLDER / f"{name}.png").write_bytes(picture)
                sys.stdout.write(f"docs/dashboards/{name}.png: {len(picture) // 1024} KiB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
