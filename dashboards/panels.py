"""
Panels, each with a title, a description of how its number is made, a unit, and words for when there is nothing to show.
"""

from collections.abc import Mapping, Sequence

from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import barchart as bars
from grafana_foundation_sdk.models import bargauge, common, geomap, prometheus, stat, timeseries
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import table as tables

from dashboards.fields import (
    BAD,
    EMPTY,
    GOOD,
    QUIET,
    Column,
    Frame,
    Line,
    cells,
    columns_of,
    defaults_of,
    fixed,
    lines_of,
    override,
)
from dashboards.queries import SqlQuery, shown_columns

__all__ = ["bar_chart", "curves", "figures", "grid", "joined", "scale", "site_map"]


def figures(
    frame: Frame,
    queries: Sequence[Dataquery],
    unit: str,
    columns: Mapping[str, Column] | None = None,
    decimals: int | None = None,
) -> model.Panel:
    """
    One or a few large figures, a tile for each column of the first row, words included. Where there is no row, the
    first tile says so; where one value is missing, its own does.
    """
    columns_told = [shown_columns(query.sql) for query in queries if isinstance(query, SqlQuery)]
    options = stat.Options(
        reduce_options=common.ReduceDataOptions(
            # Of metrics numbers alone: all fields of an answer about them are its instant, too.
            values=False,
            calcs=["lastNotNull"],
            fields="/.*/" if columns_told else "",
        ),
        graph_mode=common.BigValueGraphMode.NONE,
        color_mode=common.BigValueColorMode.VALUE,
        text_mode=common.BigValueTextMode.VALUE_AND_NAME,
        justify_mode=common.BigValueJustifyMode.CENTER,
        orientation=common.VizOrientation.VERTICAL,
    )
    defaults = defaults_of(frame, unit, decimals=decimals, steps=((None, QUIET),))
    missing = [override(name, {"noValue": EMPTY}) for told in columns_told for name in told[1:]]
    return _panel("stat", frame, queries, options, defaults, [*missing, *columns_of(columns, of_table=False)])


def grid(
    frame: Frame,
    queries: Sequence[Dataquery],
    columns: Mapping[str, Column],
    unit: str = "short",
    empty: str = EMPTY,
) -> model.Panel:
    """
    A table; `empty` is what an empty cell says.
    """
    options = tables.Options(show_header=True, cell_height=common.TableCellHeight.SM)
    defaults = defaults_of(frame, unit, custom=common.TableFieldOptions(filterable=False), steps=((None, QUIET),))
    return _panel("table", frame, queries, options, defaults, [*cells(empty), *columns_of(columns, of_table=True)])


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
    defaults = defaults_of(frame, unit, custom=custom, low=low, high=high, steps=steps)
    return _panel("timeseries", frame, queries, options, defaults, lines_of(lines), least_step)


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
    overrides = [override(name, {"color": fixed(colour)}) for name, colour in colours.items()]
    defaults = defaults_of(frame, unit, custom=bars.FieldConfig(), steps=((None, QUIET),))
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
    defaults = defaults_of(frame, unit, low=0, high=high, steps=((None, "blue"),))
    return _panel("bargauge", frame, queries, options, defaults, cells())


def joined(
    frame: Frame,
    questions: Mapping[str, prometheus.Dataquery],
    columns: Mapping[str, Column],
    *,
    labels: Sequence[str],
    most_first: str,
) -> model.Panel:
    """
    A table with a row for each set of `labels` and a column for each question about metrics, by what it is called.
    """
    names = {label: label.capitalize() for label in labels}
    # Grafana numbers the values of several questions only.
    several = len(questions) > 1
    names |= {f"Value #{query.ref_id}" if several else "Value": name for name, query in questions.items()}
    places = {name: place for place, name in enumerate(names)}
    panel = grid(frame, list(questions.values()), columns)
    panel.transformations = [
        model.DataTransformerConfig(id_val="merge", options={}),
        model.DataTransformerConfig(
            id_val="organize", options={"excludeByName": {"Time": True}, "renameByName": names, "indexByName": places}
        ),
        model.DataTransformerConfig(id_val="sortBy", options={"sort": [{"field": most_first, "desc": True}]}),
    ]
    return panel


def site_map(
    frame: Frame,
    queries: Sequence[Dataquery],
    *,
    latitude: str,
    longitude: str,
    state: str,
    link: tuple[str, tuple[str, str]],
) -> model.Panel:
    """
    A map with a dot for each row, coloured by the word in its column `state`; another column leads on by a link.
    """
    named, leads = link
    columns = {state: Column(coloured=True), named: Column(link=leads)}
    dots = common.MapLayerOptions(
        type_val="markers",
        name="Sites",
        tooltip=True,
        location=common.FrameGeometrySource(
            mode=common.FrameGeometrySourceMode.COORDS, latitude=latitude, longitude=longitude
        ),
        config={
            "showLegend": True,
            "style": {"color": {"field": state, "fixed": "gray"}, "size": {"fixed": 9}, "opacity": 0.9},
        },
    )
    options = geomap.Options(
        view=geomap.MapViewConfig(id_val="fit", all_layers=True, padding=10),
        basemap=common.MapLayerOptions(type_val="default", name="Map"),
        layers=[dots],
        controls=geomap.ControlsOptions(show_zoom=True, show_attribution=True),
        tooltip=geomap.TooltipOptions(mode=geomap.TooltipMode.DETAILS),
    )
    defaults = defaults_of(frame, "none", steps=((None, QUIET),))
    return _panel("geomap", frame, queries, options, defaults, columns_of(columns, of_table=False))


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


def _legend() -> common.VizLegendOptions:
    return common.VizLegendOptions(
        show_legend=True, display_mode=common.LegendDisplayMode.LIST, placement=common.LegendPlacement.BOTTOM
    )
