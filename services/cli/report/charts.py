"""
Pictures as Vega-Lite specifications: a line through time, points with their ranges, a heat map, bars, a distribution.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from services.cli.report.axes import Axis
from services.cli.report.canvas import (
    ACCENT,
    INK,
    LABEL,
    PAPER,
    ROW,
    TICKS,
    TONES,
    WIDTHS,
    Spec,
    across,
    both_widths,
    coloured,
    rows_axis,
    times_axis,
    words_axis,
)

__all__ = [
    "Bar",
    "Bin",
    "Dot",
    "Field",
    "Point",
    "bars",
    "distribution",
    "dots",
    "heat",
    "lengths",
    "lines",
    "spans",
]

_HEIGHT: Final = 220


class Point(NamedTuple):
    """
    A place in time with one value a series, and where each likely lies.
    """

    at: float
    name: str
    series: str
    value: float
    low: float | None = None
    high: float | None = None
    few: bool = False


class Dot(NamedTuple):
    """
    A row with its value, where it likely lies, and its state.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    tone: str


class Field(NamedTuple):
    """
    A field of a heat map: its column and row, the class it is of, and what stands in it.
    """

    column: str
    row: str
    kind: str
    text: str


class Bar(NamedTuple):
    """
    A bar, or the part of one that a series has.
    """

    at: float
    name: str
    series: str
    n: int


class Bin(NamedTuple):
    """
    A stretch of values and how many of a series lie in it.
    """

    low: float
    high: float
    series: str
    n: int


def lines(
    points: Sequence[Point], axis: Axis, colours: Mapping[str, str], mark: tuple[float, str] | None
) -> dict[str, Spec]:
    """
    Values through time by series, with their ranges and a line for a target or limit.
    """
    rows = [one._asdict() for one in points]
    y = {"field": "value", "type": "quantitative", "axis": axis.spec(), "scale": axis.scale}
    colour = coloured("series", colours)
    fill = {key: value for key, value in colour.items() if key != "legend"}

    def made(width: str) -> list[Spec]:
        ticks = times_axis({one.at: one.name for one in points}, TICKS[width])
        x = {
            "field": "at",
            "type": "quantitative",
            "axis": ticks,
            "scale": {"zero": False, "nice": False, "padding": 8},
        }
        band = {
            "transform": [{"filter": "datum.low !== null"}],
            "mark": {"type": "area", "opacity": 0.18, "clip": True},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour},
        }
        line = {"mark": {"type": "line", "strokeWidth": 2, "clip": True}, "encoding": {"x": x, "y": y, "color": colour}}
        dots = {
            "mark": {"type": "point", "size": 36, "strokeWidth": 2, "opacity": 1, "clip": True},
            "encoding": {
                "x": x, "y": y, "stroke": colour,
                "fill": {"condition": {"test": "datum.few", "value": PAPER}, **fill},
            },
        }  # fmt: skip
        return [band, line, dots, *across(mark, "y")]

    return both_widths(lambda width: {"height": _HEIGHT, "layer": made(width)}, rows)


def dots(rows: Sequence[Dot], axis: Axis, mark: tuple[float, str] | None) -> dict[str, Spec]:
    """
    A point for each row with the range in which it likely lies, the first at the top, and a line for the target.
    """
    values = [{**one._asdict(), "colour": TONES[one.tone], "place": n} for n, one in enumerate(rows)]
    x = {"field": "value", "type": "quantitative", "axis": {**axis.spec(), "orient": "top"}, "scale": axis.scale}
    tone = {"field": "colour", "type": "nominal", "scale": None}

    def made(width: str) -> Spec:
        y = rows_axis([one.name for one in rows], width)
        ranges = {
            "transform": [{"filter": "datum.low !== null"}],
            "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45, "clip": True},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "color": tone},
        }
        points = {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": tone},
        }
        return {"height": {"step": ROW}, "layer": [*across(mark, "x", text=False), ranges, points]}

    return both_widths(made, values)


def spans(rows: Sequence[tuple[str, Sequence[float]]], axis: Axis, mark: tuple[float, str] | None) -> dict[str, Spec]:
    """
    Three points for each row, joined: percentiles from the left to the right.
    """
    values = [
        {"place": place, "low": found[0], "value": found[1], "high": found[2]} for place, (_, found) in enumerate(rows)
    ]
    x = {"type": "quantitative", "axis": {**axis.spec(), "orient": "top"}, "scale": axis.scale}

    def made(width: str) -> Spec:
        y = rows_axis([name for name, _ in rows], width)
        joined = {
            "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45, "color": ACCENT},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y},
        }
        points = [
            {
                "mark": {
                    "type": "point",
                    "filled": field == "value",
                    "size": 70,
                    "opacity": 1,
                    "color": ACCENT,
                    "strokeWidth": 2,
                },
                "encoding": {"x": {**x, "field": field}, "y": y},
            }
            for field in ("low", "value", "high")
        ]
        return {"height": {"step": ROW}, "layer": [*across(mark, "x", text=False), joined, *points]}

    return both_widths(made, values)


def heat(
    fields: Sequence[Field],
    columns: Mapping[str, str],
    rows: Mapping[str, str],
    kinds: Mapping[str, tuple[str, str]],
    *,
    slanted: bool = False,
) -> dict[str, Spec]:
    """
    A field for each column and row, coloured by its class; `kinds` names each class and its colour, in their order.

    Columns and rows are told by key and name, in their order.
    """
    present = {one.kind for one in fields}
    shown = {key: said for key, said in kinds.items() if key in present}
    values = [{**one._asdict(), "kind": shown[one.kind][0]} for one in fields]
    colour: Spec = {
        "field": "kind", "type": "nominal", "legend": {"orient": "bottom", "direction": "horizontal", "columns": 3},
        "scale": {"domain": [name for name, _ in shown.values()], "range": [colour for _, colour in shown.values()]},
    }  # fmt: skip

    def made(width: str) -> Spec:
        narrow = width == "narrow"
        every = 4 if narrow and len(columns) > 8 and not slanted else 1  # noqa: PLR2004 - as many names as a phone has room for
        names = {key: name if place % every == 0 else "" for place, (key, name) in enumerate(columns.items())}
        x = {
            "field": "column", "type": "ordinal", "sort": list(columns), "scale": {"domain": list(columns)},
            "axis": {"orient": "top", "labelExpr": words_axis(names), "title": None, "domain": False, "ticks": False,
                     "labelAngle": -40 if slanted else 0, "labelAlign": "left" if slanted else "center",
                     "labelLimit": 230},
        }  # fmt: skip
        y = {
            "field": "row", "type": "ordinal", "sort": list(rows), "scale": {"domain": list(rows)},
            "axis": {"labelExpr": words_axis(rows), "title": None, "domain": False, "ticks": False,
                     "labelLimit": LABEL[width] * (1 if narrow or not slanted else 1.5)},
        }  # fmt: skip
        legend = {**colour, "legend": {**colour["legend"], "columns": 1 if narrow else 3}}
        rect = {
            "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 2, "cornerRadius": 3},
            "encoding": {"x": x, "y": y, "color": legend},
        }
        layers = [rect]
        if not narrow or len(columns) <= 4:  # noqa: PLR2004 - as above
            text = {
                "mark": {"type": "text", "fontSize": 11 if slanted else 9, "color": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "text"}},
            }
            layers.append(text)
        return {"height": {"step": ROW + 2}, "layer": layers}

    return both_widths(made, values, 1.75 if slanted else 1)


def bars(found: Sequence[Bar], axis: Axis, colours: Mapping[str, str]) -> dict[str, Spec]:
    """
    How many through time, the series upon one another.
    """
    order = {name: place for place, name in enumerate(colours)}
    names = {one.at: one.name for one in found}
    values = [{**one._asdict(), "order": order[one.series]} for one in found]

    def made(width: str) -> Spec:
        places = sorted({one.at for one in found})
        gap = min((b - a for a, b in pairwise(places)), default=1)
        room = (WIDTHS[width] - 50) / ((places[-1] - places[0]) / gap + 2)
        x = {
            "field": "at", "type": "quantitative", "axis": times_axis(names, TICKS[width]),
            "scale": {"zero": False, "nice": False, "domain": [places[0] - gap, places[-1] + gap]},
        }  # fmt: skip
        y = {"field": "n", "type": "quantitative", "stack": "zero", "axis": axis.spec(), "scale": axis.scale}
        return {
            "height": _HEIGHT - 40,
            "mark": {"type": "bar", "width": max(1, 0.75 * room)},
            "encoding": {"x": x, "y": y, "color": coloured("series", colours), "order": {"field": "order"}},
        }

    return both_widths(made, values)


def lengths(rows: Sequence[tuple[str, int]], axis: Axis) -> dict[str, Spec]:
    """
    How many of each, the first at the top.
    """
    values = [{"place": place, "n": n} for place, (_, n) in enumerate(rows)]

    def made(width: str) -> Spec:
        x = {"field": "n", "type": "quantitative", "axis": {**axis.spec(), "orient": "top"}, "scale": axis.scale}
        return {
            "height": {"step": ROW},
            "mark": {"type": "bar", "color": ACCENT, "height": 14, "cornerRadiusEnd": 3},
            "encoding": {"x": x, "y": rows_axis([name for name, _ in rows], width)},
        }

    return both_widths(made, values)


def distribution(
    bins: Sequence[Bin], along: Axis, up: Axis, colours: Mapping[str, str], mark: tuple[float, str] | None
) -> dict[str, Spec]:
    """
    How many lie in each stretch, the series upon one another, and a line for the limit.
    """
    order = {name: place for place, name in enumerate(colours)}
    totals: dict[float, int] = {}
    values = []
    for one in sorted(bins, key=lambda one: (one.low, order[one.series])):
        below = totals.get(one.low, 0)
        totals[one.low] = below + one.n
        values.append({**one._asdict(), "below": below, "upto": below + one.n})

    def made(_: str) -> Spec:
        x = {"field": "low", "type": "quantitative", "axis": along.spec(grid=False), "scale": along.scale}
        y = {"field": "below", "type": "quantitative", "axis": up.spec(), "scale": up.scale}
        rect = {
            "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 1},
            "encoding": {
                "x": x,
                "x2": {"field": "high"},
                "y": y,
                "y2": {"field": "upto"},
                "color": coloured("series", colours),
            },
        }
        return {"height": _HEIGHT, "layer": [rect, *across(mark, "x")]}

    return both_widths(made, values)
