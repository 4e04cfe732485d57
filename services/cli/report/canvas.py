"""
What all pictures stand on: colours by the names that the page knows them by, widths, axes, legends, lines across.

Colours are replaced on the page by its own for light and dark.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from services.cli.report.axes import named, spread

__all__ = [
    "ACCENT",
    "BAD",
    "FEW",
    "INK",
    "LABEL",
    "LINE",
    "MISS",
    "PALETTE",
    "PAPER",
    "RAMP",
    "ROW",
    "SECOND",
    "TICKS",
    "TONES",
    "WIDTHS",
    "Spec",
    "across",
    "both_widths",
    "coloured",
    "rows_axis",
    "times_axis",
    "words_axis",
]

WIDTHS: Final = {"wide": 600, "narrow": 340}
"""In pixels, with axes. Each chart is drawn twice, for a desk and for a phone: one made smaller could not be read."""

INK, QUIET, LINE, GOOD, MISS, BAD, FEW, ACCENT, SECOND, PAPER = (f"#0000{n:02x}" for n in range(10))
RAMP: Final = tuple(f"#0000{n:02x}" for n in range(16, 21))
PALETTE: Final = {
    INK: "ink", QUIET: "quiet", LINE: "line", GOOD: "good", MISS: "miss", BAD: "bad", FEW: "few", ACCENT: "accent",
    SECOND: "second", PAPER: "paper", **{colour: f"ramp-{n}" for n, colour in enumerate(RAMP)},
}  # fmt: skip
"""Colours as they stand in a specification, and what each is called on the page."""
TONES: Final = {
    "holds": GOOD, "misses": MISS, "surely": BAD, "few": FEW, "unknown": ACCENT, "none": FEW,
}  # fmt: skip

Spec = dict[str, Any]
TICKS: Final = {"wide": 9, "narrow": 4}
LABEL: Final = {"wide": 195, "narrow": 125}
_LETTERS: Final = {"wide": 30, "narrow": 20}
ROW: Final = 24


def both_widths(made: Callable[[str], Spec], values: Sequence[Mapping[str, Any]], times: float = 1) -> dict[str, Spec]:
    """
    A specification for each width, from what stands in it and the values that it shows.
    """
    return {
        name: {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "width": width * times if name == "wide" else width,
            "autosize": {"type": "fit-x", "contains": "padding"},
            "padding": {"left": 16, "top": 5, "right": 5, "bottom": 5},
            "data": {"values": list(values)},
            "config": _CONFIG,
            **made(name),
        }
        for name, width in WIDTHS.items()
    }


def across(mark: tuple[float, str] | None, channel: str, *, text: bool = True) -> list[Spec]:
    """
    A line across at a value of a channel, with a text; none where there is no value.
    """
    if mark is None:
        return []
    at, name = mark
    rule = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": INK, "strokeDash": [5, 4], "strokeWidth": 1.5},
        "encoding": {channel: {"datum": at}},
    }
    place = {"align": "right", "x": "width", "dx": -4} if channel == "y" else {"align": "left", "y": 10, "dx": 5}
    shape = {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": 12, **place}
    encoding = {channel: {"datum": at}, "text": {"field": "name"}}
    words = [
        {"data": {"values": [{"name": name}]}, "mark": {**shape, **ink}, "encoding": encoding}
        for ink in ({"color": PAPER, "stroke": PAPER, "strokeWidth": 4, "strokeOpacity": 0.8}, {"color": INK})
    ]
    return [rule, *words] if text else [rule]


def rows_axis(names: Sequence[str], width: str) -> Spec:
    """
    Rows by their names, the first at the top.
    """
    labels = {float(place): _within(name, _LETTERS[width]) for place, name in enumerate(names)}
    return {
        "field": "place", "type": "ordinal",
        "axis": {"labelExpr": named(labels), "title": None, "labelLimit": LABEL[width], "domain": False,
                 "ticks": False, "labelPadding": 8},
    }  # fmt: skip


def _within(name: str, most: int) -> str:
    """
    Cut the first of several names, since what tells rows apart stands in the last.
    """
    first, between, rest = name.partition(" · ")
    if not between or len(name) <= most:
        return name
    room = max(most - len(between) - len(rest) - 1, 3)
    return f"{first[:room].rstrip(' …(')}…{between}{rest}"


def times_axis(named_places: Mapping[float, str], most: int) -> Spec:
    """
    An axis through time, whose places are told with their names.
    """
    places = sorted(named_places)
    labels = spread(places, [named_places[at] for at in places], most)
    return {
        "values": list(labels),
        "labelExpr": named(labels),
        "title": None,
        "grid": False,
        "labelAngle": 0,
        "labelOverlap": True,
    }


def coloured(field: str, colours: Mapping[str, str]) -> Spec:
    """
    A series by its colour.
    """
    legend = {"orient": "top", "direction": "horizontal"} if len(colours) > 1 else None
    return {
        "field": field, "type": "nominal", "legend": legend,
        "scale": {"domain": list(colours), "range": list(colours.values())},
    }  # fmt: skip


def words_axis(names: Mapping[str, str]) -> str:
    """
    An expression that finds the name of a key.
    """
    return f"{json.dumps(dict(names))}[datum.value]"


_CONFIG: Final = {
    "background": None,
    "font": "sans-serif",
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET, "titleColor": QUIET, "gridColor": LINE, "domainColor": LINE, "tickColor": LINE,
        "labelFontSize": 12, "labelPadding": 6,
    },
    "legend": {"labelColor": INK, "title": None, "labelFontSize": 12, "symbolType": "square", "labelLimit": 260,
               "columnPadding": 28, "symbolOpacity": 1, "rowPadding": 4},
}  # fmt: skip
