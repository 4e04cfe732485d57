"""
How fields of an answer are shown: units, colours by what they mean, links, and words for when there is nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

__all__ = [
    "BAD",
    "BAND",
    "EMPTY",
    "GOOD",
    "INSTANT",
    "QUIET",
    "UNSURE",
    "Column",
    "Frame",
    "Line",
    "cells",
    "columns_of",
    "defaults_of",
    "fixed",
    "lines_of",
    "override",
]

GOOD: Final = "green"
BAD: Final = "red"
UNSURE: Final = "orange"
QUIET: Final = "text"
"""Colours by what they mean, the same on every dashboard."""

EMPTY: Final = "–"
"""What stands where one value of several is missing."""

_STATES: Final = {
    "kept": GOOD,
    "perhaps kept": "light-green",
    "perhaps missed": UNSURE,
    "missed": BAD,
    "too few": "gray",
    "no data": "gray",
    "firing": BAD,
    "acknowledged": UNSURE,
    "resolved": GOOD,
    "ahead": BAD,
    "silent": BAD,
    "late": UNSURE,
    "heard": GOOD,
    "below": UNSURE,
    "above": GOOD,
    "in force": UNSURE,
}
"""Words that queries answer with, each with its colour."""


class Frame(NamedTuple):
    """
    What every panel has: what it is called, how its number is made, how large it is, and what it says of nothing.
    """

    title: str
    says: str
    width: int
    height: int
    nothing: str = "Nobody came in this time."


class Column(NamedTuple):
    """
    How one field is shown, by its name in the answer.
    """

    unit: str | None = None
    decimals: int | None = None
    width: int | None = None
    link: tuple[str, str] | None = None
    """What the link says, and where it goes."""
    hidden: bool = False
    """Whether it is there for links alone."""
    coloured: bool = False
    """Whether its words (kept, missed, firing …) are coloured by what they mean."""
    steps: Sequence[tuple[float | None, str]] = ()
    """From which value on which colour; the first step has no value."""


INSTANT: Final = Column(units.DatetimeLocal, width=170)
"""A column of days with their times."""


class Line(NamedTuple):
    """
    How one curve is drawn, by its name.
    """

    colour: str | None = None
    width: float = 2
    dashed: bool = False
    stepped: bool = False
    fill: float = 0
    down_to: str | None = None
    """The curve down to which the space is filled."""
    bars: bool = False


BAND: Final = {
    "Likely from": Line("light-blue", 0),
    "Likely to": Line("light-blue", 0, fill=20, down_to="Likely from"),
}
"""Where a figure is likely to lie, as a band about its curve."""


def defaults_of(
    frame: Frame,
    unit: str,
    *,
    custom: object | None = None,
    decimals: int | None = None,
    low: float | None = None,
    high: float | None = None,
    steps: Sequence[tuple[float | None, str]] = (),
) -> model.FieldConfig:
    """
    What holds of every field of a panel.
    """
    return model.FieldConfig(
        unit=unit,
        decimals=decimals,
        min_val=low,
        max_val=high,
        no_value=frame.nothing,
        custom=custom,
        thresholds=_thresholds(steps),
    )


def cells(empty: str = EMPTY) -> list[model.DashboardFieldConfigSourceOverrides]:
    """
    What holds of every value of a table. One that is missing would say that the whole panel has nothing to show, and
    words that look like a number, such as the journey 0042, would be told as one.
    """
    return [
        override("/.*/", {"noValue": empty}, by="byRegexp"),
        override("string", {"unit": units.String}, by="byType"),
    ]


def columns_of(
    columns: Mapping[str, Column] | None, *, of_table: bool
) -> list[model.DashboardFieldConfigSourceOverrides]:
    """
    How single columns are shown, of a table or of tiles.
    """
    return [override(name, _shown(column, of_table=of_table)) for name, column in (columns or {}).items()]


def _shown(column: Column, *, of_table: bool) -> dict[str, object]:
    shown: dict[str, object] = {}
    if column.unit is not None:
        shown["unit"] = column.unit
    if column.decimals is not None:
        shown["decimals"] = column.decimals
    if column.width is not None:
        shown["custom.width"] = column.width
    if column.hidden:
        shown["custom.hidden"] = True
    if column.link is not None:
        says, url = column.link
        shown["links"] = [{"title": says, "url": url}]
    if column.coloured:
        results = {word: model.ValueMappingResult(text=word, color=colour) for word, colour in _STATES.items()}
        shown["mappings"] = [model.ValueMap(options=results)]
    if column.steps:
        shown["thresholds"] = _thresholds(column.steps)
        shown["color"] = {"mode": "thresholds"}
    if of_table and (column.coloured or column.steps):
        shown["custom.cellOptions"] = {"type": "color-background" if column.steps else "color-text"}
    return shown


def lines_of(lines: Mapping[str, Line] | None) -> list[model.DashboardFieldConfigSourceOverrides]:
    """
    How single curves are drawn.
    """
    found = []
    for name, line in (lines or {}).items():
        shown: dict[str, object] = {"custom.lineWidth": line.width}
        if line.colour is not None:
            shown["color"] = fixed(line.colour)
        if line.dashed:
            shown["custom.lineStyle"] = {"fill": "dash", "dash": [10, 10]}
        if line.stepped:
            shown["custom.lineInterpolation"] = "stepAfter"
        if line.fill:
            shown["custom.fillOpacity"] = line.fill
        if line.down_to is not None:
            shown["custom.fillBelowTo"] = line.down_to
        if line.bars:
            shown |= {"custom.drawStyle": "bars", "custom.fillOpacity": 80}
        found.append(override(name, shown))
    return found


def override(
    name: str, properties: Mapping[str, object], by: str = "byName"
) -> model.DashboardFieldConfigSourceOverrides:
    """
    What holds of one field, by its name, or of those that Grafana finds in another way.
    """
    return model.DashboardFieldConfigSourceOverrides(
        matcher=model.MatcherConfig(id_val=by, options=name),
        properties=[model.DynamicConfigValue(id_val=key, value=value) for key, value in properties.items()],
    )


def fixed(colour: str) -> dict[str, str]:
    """
    One colour, whatever the value.
    """
    return {"mode": "fixed", "fixedColor": colour}


def _thresholds(steps: Sequence[tuple[float | None, str]]) -> model.ThresholdsConfig:
    return model.ThresholdsConfig(
        mode=model.ThresholdsMode.ABSOLUTE, steps=[model.Threshold(value, colour) for value, colour in steps]
    )
