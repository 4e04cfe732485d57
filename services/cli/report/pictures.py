"""
Pictures of figures: through time, by group, by weekday and hour, by every service level; each also in words.
"""

from collections.abc import Sequence
from typing import Final

from domain.catalogue import CATALOGUE
from domain.metrics import UNITS
from schemas.objectives import SERVICE_LEVELS
from schemas.standards import Standard
from services.cli.report import canvas, charts
from services.cli.report.axes import Axis, axis_of, drawn
from services.cli.report.heat import HEAT, heat, hour_of
from services.cli.report.judging import Judged, State, of_figure, worst_first
from services.cli.report.paper import Chart
from services.cli.report.times import place_of, step_name
from services.cli.report.wording import Words
from services.history.engine import By, Figure

__all__ = [
    "MOST_DRAWN",
    "brief",
    "count_axis",
    "figure_axis",
    "group_chart",
    "heat_chart",
    "level_chart",
    "said",
    "short_duration",
    "trend_chart",
]

MOST_DRAWN: Final = 30
"""Rows of a picture; the table beside it has more."""
_POINTS: Final = 100


def said(words: Words, one: Judged) -> str:
    """
    A figure as everywhere.
    """
    return words.figure(one.metric, one.good, one.total)


def figure_axis(words: Words, metric: str, values: Sequence[float]) -> Axis:
    """
    An axis of a metric's figures, as they are drawn.
    """
    unit = CATALOGUE[metric].unit

    def label(value: float) -> str:
        if unit == "share":
            return words.local(f"{value:g}%")
        return words.duration(round(value)) if unit == "milliseconds" else words.local(f"{value:g}")

    return axis_of(unit, values, label)


def count_axis(words: Words, most: int) -> Axis:
    """
    An axis of how many there are.
    """
    return axis_of("count", [0, most], lambda at: words.count(round(at)))


def trend_chart(
    words: Words, found: Sequence[Judged], step: By, standard: Standard | None, target: int | None
) -> Chart | None:
    """
    A figure through time; nothing where there are not two points.
    """
    held = [(one, next(iter(dict(one.by).values()))) for one in found if one.total]
    if len(held) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    metric = held[0][0].metric
    unit = CATALOGUE[metric].unit
    points = [
        charts.Point(
            place_of(step, value or 0), step_name(step, value or 0, words), metric, drawn(unit, one.value or 0.0),
            *_range(unit, one), few=one.state is State.FEW,
        )
        for one, value in held
    ]  # fmt: skip
    mark = _mark(words, metric, standard, target)
    sure = [one for one in points if not one.few] or points
    values = [value for one in sure for value in (one.value, one.low, one.high) if value is not None]
    axis = figure_axis(words, metric, [*values, *([mark[0]] if mark else [])])
    lowest, highest = (pick(held, key=lambda pair: pair[0].value or 0.0) for pick in (min, max))
    title = words("trend-title", metric=words.metric(metric))
    text = words(
        "trend-chart", unit=words("unit", unit=str(step)), target="" if standard is None else words.target(standard),
        first=step_name(step, held[0][1] or 0, words), first_figure=said(words, held[0][0]),
        last=step_name(step, held[-1][1] or 0, words), last_figure=said(words, held[-1][0]),
        lowest=said(words, lowest[0]), lowest_at=step_name(step, lowest[1] or 0, words),
        highest=said(words, highest[0]), highest_at=step_name(step, highest[1] or 0, words),
    )  # fmt: skip
    return Chart(title, text, charts.lines(points, axis, {metric: canvas.ACCENT}, mark))


def group_chart(
    words: Words, found: Sequence[Judged], by: Sequence[By], standard: Standard | None, target: int | None
) -> Chart | None:
    """
    A point for each group, the farthest from the target first; nothing where there are not two.
    """
    held = [one for one in found if one.total]
    if len(held) < 2:  # noqa: PLR2004 - one alone is nothing to compare
        return None
    metric = held[0].metric
    unit = CATALOGUE[metric].unit
    drawn_ones = held[:MOST_DRAWN]
    rows = [
        charts.Dot(words.group_name(dict(one.by)), drawn(unit, one.value or 0.0), *_range(unit, one), one.state)
        for one in drawn_ones
    ]
    mark = _mark(words, metric, standard, target)
    sure = [row for row, one in zip(rows, drawn_ones, strict=True) if one.plotted] or rows
    values = [value for one in sure for value in (one.value, one.low, one.high) if value is not None]
    axis = figure_axis(words, metric, [*values, *(one.value for one in rows), *([mark[0]] if mark else [])])
    best = next((one for one in reversed(held) if one.plotted), held[-1])
    text = words(
        "groups-chart", target="" if standard is None else words.target(standard),
        worst=words.group_name(dict(held[0].by)), worst_figure=said(words, held[0]),
        best=words.group_name(dict(best.by)), best_figure=said(words, best),
    )  # fmt: skip
    if len(held) > MOST_DRAWN:
        text += " " + words("groups-cut", n=MOST_DRAWN)
    title = words("groups-title", metric=words.metric(metric), by=words.titles(by))
    return Chart(title, text, charts.dots(rows, axis, mark))


def heat_chart(words: Words, found: Sequence[Judged], standard: Standard | None, target: int | None) -> Chart | None:
    """
    A field for each hour of a weekday, coloured by how far it lies from the target; nothing where no target is known.
    """
    held = [one for one in found if one.total]
    if len(held) < 2 or standard is None or target is None:  # noqa: PLR2004 - one field is no map
        return None
    metric = held[0].metric
    share = CATALOGUE[metric].unit == "share"
    names = [words("from-target" if share else "times-target", **{"class": name}) for name in HEAT]
    picture = heat(words, held, names, lambda one: _class(one, target, share=share), lambda one: brief(words, one))
    worst = worst_first(held)[0]
    return Chart(
        words("heat-title", metric=words.metric(metric)),
        words("heat-chart", worst=hour_of(words, worst), worst_figure=said(words, worst), n=words.count(worst.n)),
        picture,
    )


def level_chart(words: Words, whole: Sequence[Figure], aim: str, standard: Standard | None) -> Chart | None:
    """
    The six service levels of the same journeys side by side; nothing where nobody left, and all six are one.
    """
    named = {one.metric: one for one in whole}
    left = named.get("abandonment")
    if left is None or not left.good:
        return None
    levels = [of_figure(named[name], standard, 1) for name in SERVICE_LEVELS]
    rows = [
        charts.Dot(words("level", name=one.metric), drawn("share", one.value or 0.0), *_range("share", one), one.state)
        for one in levels
    ]
    mark = None
    if standard is not None and aim in SERVICE_LEVELS:
        mark = _mark(words, aim, standard, standard.objective.target_value)
    values = [value for one in rows for value in (one.low, one.high) if value is not None]
    axis = figure_axis(
        words, aim if aim in SERVICE_LEVELS else SERVICE_LEVELS[0], [*values, *([mark[0]] if mark else [])]
    )
    return Chart(words("levels-title"), words("levels-chart", aim=words.metric(aim)), charts.dots(rows, axis, mark))


def _range(unit: str, one: Judged) -> tuple[float | None, float | None]:
    if one.interval is None:
        return None, None
    return drawn(unit, one.interval.low), drawn(unit, one.interval.high)


def _mark(words: Words, metric: str, standard: Standard | None, target: int | None) -> tuple[float, str] | None:
    if standard is None or target is None or standard.objective.metric != metric:
        return None
    unit = CATALOGUE[metric].unit
    at = (
        float(target)
        if unit == "milliseconds"
        else 100 * target / UNITS["share"][1]
        if unit == "share"
        else target / _POINTS
    )
    return at, words("target-mark", target=words.target(standard))


def _class(one: Judged, target: int, *, share: bool) -> str:
    """
    How far a figure lies from its target, in five classes: by points of a share, else by how many times the target.
    """
    metric = CATALOGUE[one.metric]
    value = one.value or 0.0
    if share:
        short = (target / UNITS["share"][1] - value) * (1 if metric.better == "higher" else -1)
        bounds: Sequence[float] = (-0.05, 0.0, 0.1, 0.25)
    else:
        unit = UNITS[metric.unit][1]
        aim = target / unit if metric.unit != "hundredths" else float(target)
        short = value / aim if metric.better == "lower" and aim else (aim / value if value > 0 else float("inf"))
        bounds = (0.5, 1.0, 2.0, 4.0)
    return HEAT[sum(short > bound for bound in bounds)]


def brief(words: Words, one: Judged) -> str:
    """
    A figure as a field of a map has room for it, without its unit.
    """
    value = one.value or 0.0
    match CATALOGUE[one.metric].unit:
        case "share":
            return f"{value:.0%}".rstrip("%")
        case "milliseconds":
            return short_duration(round(value))
        case unit:
            return words.local(f"{drawn(unit, value):.1f}")


def short_duration(millis: int) -> str:
    """
    A duration as a field has room for it: seconds, else minutes and seconds, else hours and minutes.
    """
    seconds = millis // 1_000
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds}"
    minutes, rest = divmod(seconds, 60)
    if minutes < 10:  # noqa: PLR2004 - as long as there is room for the seconds
        return f"{minutes}:{rest:02}"
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} m"
    hours = minutes // 60
    return f"{hours} h"
