"""
A whole dashboard as one picture: every panel in its place on the grid, from the answers to its own questions.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Any

import vl_convert

from tests.dashboards.drawn_charts import bar_spec, colour_of_series, curve_spec, long_rows
from tests.dashboards.drawn_values import COLOURS, colour_of, field_config, shown

__all__ = ["drawn"]

Row = Mapping[str, Any]
Panel = Mapping[str, Any]
Answers = Mapping[int, Sequence[Row]]
"""Rows by the id of their panel."""

_COLUMN, _LINE, _GAP, _HEAD = 54, 34, 8, 30
_DENSE = 14
"""More columns than this are a map of fields, not a table."""
_FONT = "font-family='DejaVu Sans'"


def drawn(dashboard: Mapping[str, Any], answers: Answers, marks: Sequence[Row]) -> bytes:
    """
    The picture as PNG; `marks` have a time, a name and a colour.
    """
    width = 24 * _COLUMN + _GAP
    height = max(one["gridPos"]["y"] + one["gridPos"]["h"] for one in dashboard["panels"]) * _LINE + 54
    body = [
        f"<rect width='{width}' height='{height}' fill='#f4f5f5'/>",
        _text(_GAP + 4, 30, dashboard["title"], size=20, weight="bold"),
        _text(width - _GAP, 30, _legend(marks), size=12, colour="#6e6e78", anchor="end"),
    ]
    body += [_panel(panel, answers.get(panel["id"], ()), marks) for panel in dashboard["panels"]]
    page = f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'>{''.join(body)}</svg>"
    return vl_convert.svg_to_png(page, scale=1.0)


def _legend(marks: Sequence[Row]) -> str:
    names = list(dict.fromkeys(mark["name"] for mark in marks))
    return "Dotted marks: " + ", ".join(name.lower() for name in names) if names else ""


def _panel(panel: Panel, rows: Sequence[Row], marks: Sequence[Row]) -> str:
    place = panel["gridPos"]
    x, y = place["x"] * _COLUMN + _GAP, place["y"] * _LINE + 46
    width, height = place["w"] * _COLUMN - _GAP, place["h"] * _LINE - _GAP
    if panel["type"] == "row":
        return _text(x + 4, y + 20, panel["title"], size=14, weight="bold")
    if rows or panel["type"] == "text":
        inner = _DRAWN[panel["type"]](panel, rows, marks, width - 16, height - _HEAD - 8)
    else:
        inner = _nothing(panel, width)
    return (
        f"<g transform='translate({x},{y})'>"
        f"<rect width='{width}' height='{height}' rx='3' fill='white' stroke='#dcdce1'/>"
        f"{_text(10, 20, _cut(panel['title'], width - 20, 13), size=13, weight='bold')}"
        f"<svg x='8' y='{_HEAD}' width='{width - 16}' height='{height - _HEAD - 6}'>{inner}</svg></g>"
    )


def _nothing(panel: Panel, width: int) -> str:
    return _text(
        width // 2, 40, panel["fieldConfig"]["defaults"]["noValue"], size=13, colour="#6e6e78", anchor="middle"
    )


def _figures(panel: Panel, rows: Sequence[Row], _: Sequence[Row], width: int, height: int) -> str:
    tiles = (
        list(rows[0].items())
        if len(rows) == 1
        else [(str(next(iter(row.values()))), list(row.values())[-1]) for row in rows]
    )
    step, parts = width / len(tiles), []
    for number, (name, value) in enumerate(tiles):
        config = field_config(panel, name)
        told, middle = shown(value, config), step * (number + 0.5)
        size = min(30, int(step / max(len(told), 1) * 1.45))
        colour = colour_of(value, config) or COLOURS["text"]
        parts.append(_text(middle, height / 2 + 8, told, size=size, weight="bold", colour=colour, anchor="middle"))
        parts.append(_text(middle, height / 2 + 32, name, size=12, colour="#6e6e78", anchor="middle"))
    return "".join(parts)


def _scale(panel: Panel, rows: Sequence[Row], _: Sequence[Row], width: int, height: int) -> str:
    config = panel["fieldConfig"]["defaults"]
    most = config.get("max") or max((list(row.values())[-1] or 0 for row in rows), default=1) or 1
    step, parts = height / len(rows), []
    left = min(max(len(str(next(iter(row.values())))) for row in rows) * 7.4 + 10, width * 0.55)
    for number, row in enumerate(rows):
        name, value = str(next(iter(row.values()))), list(row.values())[-1]
        top, long = number * step, (width - left - 70) * (value or 0) / most
        parts.append(_text(0, top + step / 2 + 4, _cut(name, left - 5, 12), size=12))
        place = f"x='{left}' y='{top + step * 0.2}' height='{step * 0.6}'"
        parts.append(f"<rect {place} width='{width - left - 70}' fill='#f0f0f3'/>")
        colour = colour_of(value, config) or COLOURS["blue"]
        parts.append(f"<rect {place} width='{long}' fill='{colour}'/>")
        parts.append(_text(width, top + step / 2 + 4, shown(value, config), size=12, weight="bold", anchor="end"))
    return "".join(parts)


def _table(panel: Panel, rows: Sequence[Row], _: Sequence[Row], width: int, height: int) -> str:
    names = [name for name in rows[0] if not field_config(panel, name).get("custom.hidden")]
    widths, size = _widths(panel, rows, names, width)
    dense = len(names) > _DENSE
    line = 26 if not dense else max(24, min(34, (height - 26) / max(len(rows), 1)))
    parts, left = [f"<line x1='0' x2='{width}' y1='24' y2='24' stroke='#dcdce1'/>"], 0.0
    for name, wide in zip(names, widths, strict=True):
        config = field_config(panel, name)
        right = isinstance(next((row[name] for row in rows if row[name] is not None), ""), int | float)
        at, anchor = (left + wide - 8, "end") if right else (left + 4, "start")
        parts.append(
            _text(at, 16, _cut(name, wide - 6, size * 1.1), size=size, weight="bold", colour="#4b4b55", anchor=anchor)
        )
        for number, row in enumerate(rows):
            top, value = 26 + number * line, row[name]
            if top + line > height + 4:
                break
            colour, cell = colour_of(value, config), config.get("custom.cellOptions", {}).get("type")
            if cell == "color-background" and colour:
                parts.append(f"<rect x='{left}' y='{top}' width='{wide - 1}' height='{line - 1}' fill='{colour}'/>")
                colour = "white"
            written = _cut(shown(value, config), wide - (2 if dense else 8), size)
            ink = colour if cell and colour else (COLOURS["blue"] if config.get("links") else COLOURS["text"])
            parts.append(_text(at, top + line / 2 + 4, written, size=size, colour=ink, anchor=anchor))
        left += wide
    return "".join(parts)


def _widths(panel: Panel, rows: Sequence[Row], names: Sequence[str], width: int) -> tuple[list[float], float]:
    """
    As wide as the longest of what stands in a column, all of them together as wide as the panel, and the size of the
    letters: where there is too little room they are smaller, then the longest texts are cut; figures stay whole.
    """
    wanted = []
    for name in names:
        config = field_config(panel, name)
        longest = max(len(shown(row[name], config)) for row in rows[:40])
        needed = min(max(len(name) * 8.3, longest * 7.3) + 14, 330)
        wanted.append(min(float(config.get("custom.width") or needed), needed if len(names) < _DENSE else 330))
    if sum(wanted) <= width or len(names) > _DENSE:
        return [wide * width / sum(wanted) for wide in wanted], 12
    size = 10.5
    wanted = [wide * size / 12 for wide in wanted]
    texts = [wide for name, wide in zip(names, wanted, strict=True) if _is_text(rows, name)] or wanted
    room = width - sum(wanted) + sum(texts)
    for left, wide in zip(range(len(texts), 0, -1), sorted(texts), strict=True):
        if wide > room / left:
            most = max(room / left, 40.0)
            return [min(w, most) if _is_text(rows, name) else w for name, w in zip(names, wanted, strict=True)], size
        room -= wide
    return [wide * width / sum(wanted) for wide in wanted], size


def _is_text(rows: Sequence[Row], name: str) -> bool:
    first = next((row[name] for row in rows if row[name] is not None), 0)
    return isinstance(first, str) and not first[:4].isdigit()


def _curves(panel: Panel, rows: Sequence[Row], marks: Sequence[Row], width: int, height: int) -> str:
    names = list(dict.fromkeys(point["series"] for point in long_rows(rows)))
    return _chart(curve_spec(panel, rows, marks, (width, height - 20))) + _named(panel, names, width, height)


def _bars(panel: Panel, rows: Sequence[Row], _: Sequence[Row], width: int, height: int) -> str:
    names = [name for name in rows[0] if name != panel["options"]["xField"]]
    return _chart(bar_spec(panel, rows, (width, height - 20))) + _named(panel, names, width, height)


def _named(panel: Panel, names: Sequence[str], width: int, height: int) -> str:
    parts, left = [], 0.0
    for place, name in enumerate(names):
        rest = f"and {len(names) - place} more"
        after = left + 34 + len(name) * 6.6
        if after + (len(rest) * 6.6 if place < len(names) - 1 else 0) > width:
            parts.append(_text(left, height - 2, rest, size=11))
            break
        colour = colour_of_series(panel, name, place)
        parts.append(f"<rect x='{left}' y='{height - 9}' width='12' height='4' fill='{colour}'/>")
        parts.append(_text(left + 17, height - 2, name, size=11))
        left = after
    return "".join(parts)


def _chart(spec: dict[str, Any]) -> str:
    return vl_convert.vegalite_to_svg(spec)


def _map(panel: Panel, rows: Sequence[Row], _: Sequence[Row], width: int, height: int) -> str:
    """
    Dots where the sites are; the map beneath them is drawn by Grafana alone.
    """
    layer = panel["options"]["layers"][0]
    where, state = layer["location"], layer["config"]["style"]["color"]["field"]
    xs, ys = [row[where["longitude"]] for row in rows], [row[where["latitude"]] for row in rows]
    parts = [f"<rect width='{width}' height='{height}' fill='#e8eef4'/>"]
    for row in rows:
        x = 60 + (width - 260) * (row[where["longitude"]] - min(xs)) / (max(xs) - min(xs) or 1)
        y = height - 40 - (height - 80) * (row[where["latitude"]] - min(ys)) / (max(ys) - min(ys) or 1)
        colour = colour_of(row[state], field_config(panel, state)) or COLOURS["gray"]
        parts.append(f"<circle cx='{x:.0f}' cy='{y:.0f}' r='9' fill='{colour}' fill-opacity='0.9'/>")
        words = f"{next(iter(row.values()))}: {row[state]}"
        fits = x + 14 + len(words) * 7 < width
        parts.append(_text(x + (14 if fits else -14), y + 4, words, size=12, anchor="start" if fits else "end"))
    return "".join(parts)


def _words(panel: Panel, _rows: Sequence[Row], _: Sequence[Row], width: int, height: int) -> str:
    text = panel["options"]["content"].replace("`", "")
    lines = [part for line in text.splitlines() for part in wrap(line, int(width / 7.4)) or [""]]
    return "".join(_text(4, 16 + 20 * place, line, size=13) for place, line in enumerate(lines))


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: float,
    weight: str = "normal",
    colour: str = "#24292e",
    anchor: str = "start",
) -> str:
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' {_FONT} font-size='{size}' font-weight='{weight}' fill='{colour}' "
        f"text-anchor='{anchor}'>{escape(words)}</text>"
    )


def _cut(words: str, width: float, size: float) -> str:
    room = int(width / (size * 0.6))
    return words if len(words) <= room else words[: max(room - 1, 0)] + "…"


_DRAWN: Mapping[str, Callable[[Panel, Sequence[Row], Sequence[Row], int, int], str]] = {
    "stat": _figures,
    "bargauge": _scale,
    "table": _table,
    "timeseries": _curves,
    "barchart": _bars,
    "geomap": _map,
    "text": _words,
}
