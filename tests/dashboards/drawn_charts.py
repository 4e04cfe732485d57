"""
Charts of panels as Vega-Lite: curves and bars, with the marks of what happened.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import Any

from tests.dashboards.drawn_values import COLOURS, field_config

__all__ = ["bar_spec", "colour_of_series", "curve_spec", "long_rows"]

Row = Mapping[str, Any]
Spec = dict[str, Any]

_PALETTE = [
    "#2f6fde",
    "#e08a1e",
    "#3f9142",
    "#8f3bb8",
    "#d13b4c",
    "#0f9aa8",
    "#8e8e96",
    "#b0803a",
    "#5b5bd6",
    "#c2448f",
]


_SECONDS = {"s": 1.0, "ms": 0.001}
_MINUTES = [minutes * 60 for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 360, 1_440, 10_080, 525_600)]
"""Steps of an axis that is told in minutes."""

_TIMES = {
    "labelFontSize": 11,
    "tickCount": 8,
    "gridColor": "#ececf0",
    "labelOverlap": "parity",
    "labelSeparation": 8,
    "labelExpr": "timeFormat(datum.value, hours(datum.value) + minutes(datum.value) ? '%H:%M' : '%-d %b')",
}


def curve_spec(panel: Mapping[str, Any], rows: Sequence[Row], marks: Sequence[Row], size: tuple[int, int]) -> Spec:
    """
    Figures through time; the rows have a column `time`, and numbers in the others or a column of words beside one.
    """
    points = long_rows(rows)
    names = list(dict.fromkeys(point["series"] for point in points))
    values = [point["value"] for point in points if point["value"] is not None]
    y = {"field": "value", "type": "quantitative", "title": None, "scale": _y_scale(panel, values),
         "axis": _axis(panel, values)}  # fmt: skip
    x = {"field": "time", "type": "temporal", "title": None, "axis": _TIMES}
    layers = [_layer(panel, name, place, rows, x, y) for place, name in enumerate(names)]
    layers += [_band(panel, rows, name) for name in names if field_config(panel, name).get("custom.fillBelowTo")]
    if marks:
        layers.append(_marks(marks))
    layers += _limit(panel)
    return _spec(size, {"values": points}, {"layer": layers, "resolve": {"legend": {"color": "shared"}}})


def long_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """
    Each number by itself, with the name of its curve: the words of its row, or its column.
    """
    found = []
    for row in rows:
        words = [str(value) for key, value in row.items() if key != "time" and isinstance(value, str)]
        for key, value in row.items():
            if key != "time" and not isinstance(value, str):
                found.append({"time": row["time"], "series": " ".join(words) or key, "value": value})
    return found


def colour_of_series(panel: Mapping[str, Any], name: str, place: int) -> str:
    """
    The colour of a curve or bar by its name and its place among the others.
    """
    fixed = field_config(panel, name).get("color", {}).get("fixedColor", "")
    return COLOURS.get(fixed, _PALETTE[place % len(_PALETTE)])


def _layer(panel: Mapping[str, Any], name: str, place: int, rows: Sequence[Row], x: Spec, y: Spec) -> Spec:
    config = field_config(panel, name)
    colour = colour_of_series(panel, name, place)
    mark: Spec = {"type": "line", "strokeWidth": config.get("custom.lineWidth", 2), "clip": True, "color": colour}
    if config.get("custom.drawStyle") == "bars":
        mark = {"type": "bar", "width": max(2, min(26, 500 // max(len(rows), 1))), "color": colour, "opacity": 0.85}
    elif len(rows) < 40:
        mark["point"] = {"size": 24, "color": colour, "filled": True} if mark["strokeWidth"] else False
    if config.get("custom.lineStyle"):
        mark |= {"strokeDash": [6, 4], "point": False}
    if config.get("custom.lineInterpolation") == "stepAfter":
        mark["interpolate"] = "step-after"
    return {
        "mark": mark,
        "transform": [{"filter": {"field": "series", "equal": name}}],
        "encoding": {"x": x, "y": y},
    }


def _band(panel: Mapping[str, Any], rows: Sequence[Row], upper: str) -> Spec:
    lower = field_config(panel, upper)["custom.fillBelowTo"]
    values = [
        {"time": row["time"], "low": row[lower], "high": row[upper]} for row in rows if row.get(upper) is not None
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "area", "opacity": 0.3, "color": COLOURS["light-blue"], "clip": True},
        "encoding": {
            "x": {"field": "time", "type": "temporal"},
            "y": {"field": "low", "type": "quantitative"},
            "y2": {"field": "high"},
        },
    }


def _marks(marks: Sequence[Row]) -> Spec:
    values = [{"time": mark["time"], "colour": mark["colour"]} for mark in marks]
    return {
        "data": {"values": values},
        "mark": {"type": "rule", "strokeDash": [2, 3], "strokeWidth": 1.5},
        "encoding": {
            "x": {"field": "time", "type": "temporal"},
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }


def _limits(panel: Mapping[str, Any]) -> list[float]:
    defaults = panel["fieldConfig"]["defaults"]
    if defaults.get("custom", {}).get("thresholdsStyle", {}).get("mode") != "dashed":
        return []
    return [step["value"] for step in defaults["thresholds"]["steps"] if step.get("value") is not None]


def _limit(panel: Mapping[str, Any]) -> list[Spec]:
    limits = _limits(panel)
    return (
        []
        if not limits
        else [
            {
                "data": {"values": [{"limit": one} for one in limits]},
                "mark": {"type": "rule", "strokeDash": [6, 4], "color": COLOURS["red"]},
                "encoding": {"y": {"field": "limit", "type": "quantitative"}},
            }
        ]
    )


def bar_spec(panel: Mapping[str, Any], rows: Sequence[Row], size: tuple[int, int]) -> Spec:
    """
    Bars over the words of one column, stacked where the panel says so.
    """
    x, options = panel["options"]["xField"], panel["options"]
    names = [name for name in rows[0] if name != x]
    colours = [colour_of_series(panel, name, place) for place, name in enumerate(names)]
    values = [
        {"x": str(row[x]), "series": name, "value": row[name], "place": place}
        for row in rows
        for place, name in enumerate(names)
    ]
    encoding: Spec = {
        "x": {"field": "x", "type": "nominal", "sort": None, "title": x,
              "axis": {"labelAngle": 0 if len(rows) < 9 else -40, "labelFontSize": 11, "labelOverlap": True}},
        "y": {"field": "value", "type": "quantitative", "title": None, "axis": _axis(panel, [])},
        "color": {"field": "series", "type": "nominal", "scale": {"domain": names, "range": colours}, "legend": None},
        "order": {"field": "place"},
    }  # fmt: skip
    if options.get("stacking") != "normal":
        encoding["xOffset"] = {"field": "series", "sort": None}
    return _spec(size, {"values": values}, {"mark": {"type": "bar"}, "encoding": encoding})


def _y_scale(panel: Mapping[str, Any], values: Sequence[float]) -> Spec:
    defaults = panel["fieldConfig"]["defaults"]
    scale: Spec = {"zero": defaults.get("min") == 0}
    most = max([*values, *_limits(panel)], default=0)
    if "max" in defaults:
        scale |= {"domainMax": defaults["max"]}
    elif most > 0 and defaults.get("min") == 0:
        # A curve on the very edge is taken for the edge.
        scale |= {"domainMax": most * 1.08}
    return scale


def _axis(panel: Mapping[str, Any], values: Sequence[float]) -> Spec:
    unit = panel["fieldConfig"]["defaults"].get("unit")
    axis: Spec = {"labelFontSize": 11, "tickCount": 5, "gridColor": "#ececf0"}
    if unit == "percentunit":
        axis["format"] = ".0%"
    elif unit in _SECONDS:
        seconds = f"datum.value * {_SECONDS[unit]}"
        axis["labelExpr"] = (
            f"abs({seconds}) < 120 ? format({seconds}, '.3~g') + ' s' : format({seconds} / 60, '.3~g') + ' min'"
        )
        reach = [0.0, *(value * _SECONDS[unit] for value in values)]
        if max(reach) - min(reach) > 2 * 60:
            step = next(step for step in _MINUTES if (max(reach) - min(reach)) / step <= 6)
            first, last = floor(min(reach) / step), ceil(max(reach) / step)
            axis["values"] = [at * step / _SECONDS[unit] for at in range(first, last + 1)]
    elif unit == "bytes":
        axis["format"] = ".2s"
    return axis


def _spec(size: tuple[int, int], data: Spec, body: Spec) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": size[0],
        "height": size[1],
        "autosize": {"type": "fit", "contains": "padding"},
        "background": "white",
        "padding": 4,
        "data": data,
        **body,
        "config": {"view": {"stroke": None}, "font": "DejaVu Sans"},
    }
