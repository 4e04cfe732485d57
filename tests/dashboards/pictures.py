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
from tests.fakes.databases import FOR_EVER, opened
from tests.fakes.grafana import Grafana
from tests.fakes.metrics_past import measured
from tests.fakes.prometheus_past import remembering
from tests.fakes.shown_dashboards import BOARDS, END, Seen, filled, look, seen_truth
from tests.project import PROJECT

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_FOLDER = PROJECT / "docs" / "dashboards"


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


def _marks(seen: Seen) -> list[dict[str, Any]]:
    return [
        {**row, "name": mark["name"], "colour": COLOURS[mark["iconColor"]]}
        for mark in seen.dashboard["annotations"].get("list", ())
        for row in _local(seen.grafana, seen.grafana.rows(mark["target"]["rawSql"]))
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
    with tempfile.TemporaryDirectory() as folder, remembering(Path(folder), measured(END // 1_000)) as past:
        for database in opened(
            ClickHouseSettings(folder=Path(folder) / "history", database="pictures"), keep_days=FOR_EVER
        ):
            truth = seen_truth()
            filled(database, truth)
            for name in names or BOARDS:
                seen = look(name, database, past, truth)
                answers = {one["id"]: _local(seen.grafana, seen.grafana.panel(one)) for one in seen.panels}
                picture = _smaller(drawn(seen.dashboard, answers, _marks(seen)))
                (_FOLDER / f"{name}.png").write_bytes(picture)
                sys.stdout.write(f"docs/dashboards/{name}.png: {len(picture) // 1024} KiB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
