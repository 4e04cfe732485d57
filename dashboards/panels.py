"""
Panels, each with a title, a description of how its number is made, a unit, and words for when there is nothing to show.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import barchart as bars
from grafana_foundation_sdk.models import bargauge, common, stat, timeseries
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import table as tables

__all__ = [
    "BAD",
    "GOOD",
    "QUIET",
    "UNSURE",
    "Column",
    "Frame",
    "Line",
    "bar_chart",
    "curves",
    "figures",
    "grid",
    "scale",
]

GOOD: Final = "green"
BAD: Final = "red"
UNSURE: Final = "orange"
QUIET: Final = "text"
"""Colours by what they mean, the same on every dashboard."""

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
    "silent": BAD,
    "late": UNSURE,
    "heard": GOOD,
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


def figures(
    frame: Frame,
    queries: Sequence[Dataquery],
    unit: str,
    columns: Mapping[str, Column] | None = None,
    decimals: int | None = None,
) -> model.Panel:
    """
    One or a few large figures, a tile for each column of the first row, words included.
    """
    options = stat.Options(
        reduce_options=common.ReduceDataOptions(values=False, calcs=["lastNotNull"], fields="/.*/"),
        graph_mode=common.BigValueGraphMode.NONE,
        color_mode=common.BigValueColorMode.VALUE,
        text_mode=common.BigValueTextMode.VALUE_AND_NAME,
        justify_mode=common.BigValueJustifyMode.CENTER,
        orientation=common.VizOrientation.VERTICAL,
    )
    defaults = _defaults(frame, unit, decimals=decimals, steps=((None, QUIET),))
    return _panel("stat", frame, queries, options, defaults, _columns(columns, of_table=False))


def grid(frame: Frame, queries: Sequence[Dataquery], columns: Mapping[str, Column], unit: str = "short") -> model.Panel:
    """
    A table.
    """
    options = tables.Options(show_header=True, cell_height=common.TableCellHeight.SM)
    defaults = _defaults(frame, unit, custom=common.TableFieldOptions(filterable=False), steps=((None, QUIET),))
    return _panel("table", frame, queries, options, defaults, _columns(columns, of_table=True))


def curves(
    frame: Frame,
    queries: Sequence[Dataquery],
    unit: str,
    lines: Mapping[str, Line] | None = None,
    *,
    low: float | None = 0,
    high: float | None = None,
    limit: float | None = None,
    least_step: str | None = None,
) -> model.Panel:
    """
    Figures through time; `limit` draws a line, above which it is bad.
    """
    custom = common.GraphFieldConfig(
        draw_style=common.GraphDrawStyle.LINE,
        line_width=2,
        fill_opacity=0,
        show_points=common.VisibilityMode.AUTO,
        thresholds_style=common.GraphThresholdsStyleConfig(
            mode=common.GraphThresholdsStyleMode.OFF if limit is None else common.GraphThresholdsStyleMode.DASHED
        ),
    )
    options = timeseries.Options(
        legend=_legend(),
        tooltip=common.VizTooltipOptions(mode=common.TooltipDisplayMode.MULTI),
    )
    steps: list[tuple[float | None, str]] = [(None, GOOD)]
    if limit is not None:
        steps.append((limit, BAD))
    defaults = _defaults(frame, unit, custom=custom, low=low, high=high, steps=steps)
    return _panel("timeseries", frame, queries, options, defaults, _lines(lines), least_step)


def bar_chart(
    frame: Frame, queries: Sequence[Dataquery], unit: str, x: str, colours: Mapping[str, str], *, stacked: bool = True
) -> model.Panel:
    """
    Bars over the words of the column `x`, one colour for each other column.
    """
    options = bars.Options(
        x_field=x,
        stacking=common.StackingMode.NORMAL if stacked else common.StackingMode.NONE,
        show_value=common.VisibilityMode.NEVER,
        x_tick_label_spacing=100,
        legend=_legend(),
        tooltip=common.VizTooltipOptions(mode=common.TooltipDisplayMode.MULTI),
    )
    overrides = [_override(name, {"color": _fixed(colour)}) for name, colour in colours.items()]
    defaults = _defaults(frame, unit, custom=bars.FieldConfig(), steps=((None, QUIET),))
    return _panel("barchart", frame, queries, options, defaults, overrides)


def scale(frame: Frame, queries: Sequence[Dataquery], unit: str, *, high: float | None = None) -> model.Panel:
    """
    Figures side by side as bars, one for each row: a word and its number.
    """
    options = bargauge.Options(
        display_mode=common.BarGaugeDisplayMode.BASIC,
        orientation=common.VizOrientation.HORIZONTAL,
        reduce_options=common.ReduceDataOptions(values=True, calcs=["lastNotNull"], fields=""),
        show_unfilled=True,
    )
    defaults = _defaults(frame, unit, low=0, high=high, steps=((None, "blue"),))
    return _panel("bargauge", frame, queries, options, defaults, [])


def _panel(  # one argument for each part of a panel
    kind: str,
    frame: Frame,
    queries: Sequence[Dataquery],
    options: object,
    defaults: model.FieldConfig,
    overrides: list[model.DashboardFieldConfigSourceOverrides],
    least_step: str | None = None,
) -> model.Panel:
    return model.Panel(
        type_val=kind,
        title=frame.title,
        description=frame.says,
        datasource=getattr(queries[0], "datasource"),  # noqa: B009  (queries of the SDK share no type that has it)
        grid_pos=model.GridPos(w=frame.width, h=frame.height),
        targets=list(queries),
        options=options,
        interval=least_step,
        field_config=model.FieldConfigSource(defaults=defaults, overrides=overrides),
    )


def _defaults(
    frame: Frame,
    unit: str,
    *,
    custom: object | None = None,
    decimals: int | None = None,
    low: float | None = None,
    high: float | None = None,
    steps: Sequence[tuple[float | None, str]] = (),
) -> model.FieldConfig:
    return model.FieldConfig(
        unit=unit,
        decimals=decimals,
        min_val=low,
        max_val=high,
        no_value=frame.nothing,
        custom=custom,
        thresholds=_thresholds(steps),
    )


def _columns(
    columns: Mapping[str, Column] | None, *, of_table: bool
) -> list[model.DashboardFieldConfigSourceOverrides]:
    return [_override(name, _shown(column, of_table=of_table)) for name, column in (columns or {}).items()]


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


def _lines(lines: Mapping[str, Line] | None) -> list[model.DashboardFieldConfigSourceOverrides]:
    found = []
    for name, line in (lines or {}).items():
        shown: dict[str, object] = {"custom.lineWidth": line.width}
        if line.colour is not None:
            shown["color"] = _fixed(line.colour)
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
        found.append(_override(name, shown))
    return found


def _override(name: str, properties: Mapping[str, object]) -> model.DashboardFieldConfigSourceOverrides:
    return model.DashboardFieldConfigSourceOverrides(
        matcher=model.MatcherConfig(id_val="byName", options=name),
        properties=[model.DynamicConfigValue(id_val=key, value=value) for key, value in properties.items()],
    )


def _fixed(colour: str) -> dict[str, str]:
    return {"mode": "fixed", "fixedColor": colour}


def _thresholds(steps: Sequence[tuple[float | None, str]]) -> model.ThresholdsConfig:
    return model.ThresholdsConfig(
        mode=model.ThresholdsMode.ABSOLUTE, steps=[model.Threshold(value, colour) for value, colour in steps]
    )


def _legend() -> common.VizLegendOptions:
    return common.VizLegendOptions(
        show_legend=True, display_mode=common.LegendDisplayMode.LIST, placement=common.LegendPlacement.BOTTOM
    )
