"""
The report of attainment: of each standard its figure, through time, by what it is split by, by weekday and hour, and by
every metric of the same journeys.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from domain.catalogue import CATALOGUE, counted_of
from schemas.base import to_millis
from schemas.exclusions import Exclusion
from schemas.objectives import PERCENTILES
from services.cli.report.asking import Asking, Held, Wish
from services.cli.report.columns import COLUMNS, by_columns, by_values, rows_of
from services.cli.report.grids import TREND_TONES, figure_cells, figure_titles, group_cells, heat_grid, limited
from services.cli.report.judging import (
    Judged,
    State,
    Trend,
    aim_of,
    judged,
    least_of,
    of_figure,
    wished,
    worst_first,
)
from services.cli.report.naming import PEOPLE, without_names
from services.cli.report.paper import Cell, Chart, Grid, Section, Table, Tile
from services.cli.report.pictures import group_chart, heat_chart, level_chart, trend_chart
from services.cli.report.splits import has_split, require_splits
from services.cli.report.times import step_for
from services.cli.report.wording import DASH, Words
from services.history.engine import By, Figure, of_single_journeys

__all__ = ["attainment"]


class _Found(NamedTuple):
    """
    What was found of one version of a standard.
    """

    held: Held
    aim: str
    least: int
    whole: list[Figure]
    aimed: Judged
    groups: list[Judged]
    exclusions: tuple[Exclusion, ...]


def attainment(asking: Asking, words: Words, wish: Wish) -> tuple[list[Section], dict[str, Table]]:
    """
    Ask for it, and put it on paper. Raises Rejected where a standard is not split that way.
    """
    held = asking.held(wish.standards)
    require_splits(held, wish)
    sections: list[Section] = []
    rows: list[list[object]] = []
    for one in held:
        found = _found(asking, one, wish)
        if found is not None:
            sections.append(_section(asking, words, wish, found))
            rows += _rows(found, wish)
    columns = (("standard", "String"), ("version", "Int64"), *by_columns(wish), *COLUMNS)
    return sections, {"attainment": Table(columns, rows)}  # type: ignore[arg-type]


def _found(asking: Asking, held: Held, wish: Wish) -> _Found | None:
    if not has_split(held, wish):
        return None
    whole, exclusions = asking.figures(held, wish.period)
    aim = aim_of(held, whole)
    if not whole or aim is None:
        return None
    least = least_of(held, (), wish.minimum_n)
    aimed = wished(asking, held, wish, (), aim)[0]
    groups = wished(asking, held, wish, wish.by, aim) if wish.by else []
    return _Found(held, aim, least, whole, aimed, groups, exclusions)


def _section(asking: Asking, words: Words, wish: Wish, found: _Found) -> Section:
    held, standard, aimed = found.held, found.held.standard, found.aimed
    step = step_for(wish.period.length_ms or asking.span_of(held, wish.period))
    target = None if standard is None else standard.objective.target_value
    through = judged(asking, held, wish.period, (step,), wish.minimum_n, found.aim)
    hours = judged(asking, held, wish.period, (By.WEEKDAY, By.CLOCK_HOUR), wish.minimum_n, found.aim)
    least = least_of(held, wish.by, wish.minimum_n)
    groups, dropped = without_names(worst_first(found.groups), wish.by, least)
    charts: list[Chart | None] = [trend_chart(words, through, step, standard, target)]
    grids: list[Grid | None] = []
    if wish.by:
        charts.append(group_chart(words, groups, wish.by, standard, target))
        grids.append(_groups(words, wish, groups, dropped))
    charts.append(heat_chart(words, hours, standard, target))
    charts.append(level_chart(words, found.whole, found.aim, standard))
    grids.append(_metrics(words, found))
    grids.append(heat_grid(words, hours))
    return Section(
        heading=held.title,
        says=words.demands(standard),
        tiles=tuple(_tiles(words, wish, found, groups, aimed)),
        charts=tuple(one for one in charts if one is not None),
        grids=tuple(one for one in grids if one is not None),
        notes=tuple(_notes(words, wish, found, least)),
    )


def _tiles(words: Words, wish: Wish, found: _Found, groups: Sequence[Judged], aimed: Judged) -> Iterator[Tile]:
    standard = found.held.standard
    target = "" if standard is None else words("tile-target", target=words.target(standard))
    yield Tile(words.metric(found.aim), words.figure(found.aim, aimed.good, aimed.total), target, aimed.state)
    yield Tile(
        words("state-title"), words("state", state=aimed.state), words("state-says", state=aimed.state), aimed.state
    )
    if wish.against is not None:
        before = aimed.before
        told = DASH if before is None or not before.total else words.figure(found.aim, before.good, before.total)
        about = words("trend-from", trend=aimed.trend if before is not None else Trend.NONE, before=told)
        yield Tile(words("column-trend"), words("trend", trend=aimed.trend), about, TREND_TONES[aimed.trend])
    likely = "" if aimed.interval is None else words("tile-likely", likely=words.likely(found.aim, aimed.interval))
    yield Tile(words("n-title"), words.count(aimed.n), likely)
    named = {one.metric: one for one in found.whole}
    for metric in ("asa", "abandonment"):
        one = named.get(metric)
        if one is not None and one.good and metric != found.aim:
            yield Tile(words.metric(metric), words.figure(metric, one.good, one.total), "")
    if groups and len(groups) > 1 and groups[0].plotted:
        worst = groups[0]
        figure = words.figure(worst.metric, worst.good, worst.total)
        yield Tile(words("worst-group"), figure, words.group_name(dict(worst.by)), worst.state)


def _groups(words: Words, wish: Wish, groups: Sequence[Judged], dropped: Sequence[Judged]) -> Grid:
    names = [words.title(by) for by in wish.by]
    excluded = any(one.figure is not None and one.figure.left_out_by for one in groups)
    titles = (*names, *figure_titles(words, against=wish.against is not None, excluded=excluded))
    shown, notes = limited(groups, words)
    rows = [
        [*group_cells(words, one), *figure_cells(words, one, against=wish.against is not None, excluded=excluded)]
        for one in shown
    ]
    if dropped:
        blank = [Cell(DASH, "quiet")] * (len(titles) - len(names) - 2)
        others = [Cell(words("others", n=len(dropped)), "few"), *[Cell("")] * (len(names) - 1)]
        rows.append([*others, Cell(DASH, "few"), Cell(words.count(sum(one.n for one in dropped))), *blank])
    caption = words("groups-title", metric=words.metric(groups[0].metric) if groups else "", by=words.titles(wish.by))
    return Grid(titles, rows, caption, names=len(names), notes=notes)


def _metrics(words: Words, found: _Found) -> Grid:
    excluded = any(one.left_out_by for one in found.whole)
    titles = (
        words("column-metric"), words("column-figure"), words("column-n"), words("column-likely"),
        *([words("column-with-excluded")] if excluded else []), words("column-formula"),
    )  # fmt: skip
    rows = []
    for one in found.whole:
        tone = found.aimed.state if one.metric == found.aim else ""
        beside_it = [Cell(words.figure(one.metric, one.all_good, one.all_total), "quiet")] if excluded else []
        rows.append([
            Cell(words.metric(one.metric)), Cell(words.figure(one.metric, one.good, one.total), tone),
            Cell(words.count(one.n)), Cell(words.likely(one.metric, one.interval), "quiet"), *beside_it,
            Cell(CATALOGUE[one.metric].formula, "quiet"),
        ])  # fmt: skip
    if found.aim in PERCENTILES:
        aimed, none = found.aimed, Cell(DASH, "quiet")
        figure = Cell(words.figure(found.aim, aimed.good, aimed.total), aimed.state)
        formula = Cell(CATALOGUE[found.aim].formula, "quiet")
        beside_it = [none] if excluded else []
        rows.insert(0, [Cell(words.metric(found.aim)), figure, Cell(words.count(aimed.n)), none, *beside_it, formula])
    return Grid(titles, rows, words("metrics-title"), left=frozenset({len(titles) - 1}))


def _notes(words: Words, wish: Wish, found: _Found, least: int) -> Iterator[str]:
    metric = CATALOGUE[found.aim]
    counted = counted_of(found.aim)
    kind = counted if counted in {"journeys", "answers", "contacts", "checklists"} else "events"
    yield words(
        "how-attainment", metric=words.metric(found.aim), formula=metric.formula, counted=words("counted", kind=kind),
        attribution=words("attribution", kind="journeys" if kind == "journeys" else "other"),
    )  # fmt: skip
    split = of_single_journeys(wish.by)
    yield words("how-measurements", by=words.titles(split)) if split else words("how-minutes")
    yield words("how-likely")
    if found.held.standard is not None:
        states = "; ".join(
            f"{words('state', state=state)}: {words('state-says', state=state)}"
            for state in (State.HOLDS, State.MISSES, State.SURELY, State.FEW, State.NONE)
        )
        yield words("how-state", states=states)
    if set(wish.by) & set(PEOPLE):
        yield words("how-names", n=least)
    if found.exclusions:
        yield words("excluded-beside")
    for one in found.exclusions:
        meta = one.metadata
        begin, end = (words.instant(to_millis(at)) for at in (one.begin, one.until))
        yield words("excluded", id=meta.id, begin=begin, end=end, reason=meta.reason, author=meta.author)


def _rows(found: _Found, wish: Wish) -> Iterator[list[object]]:
    """
    Rows for programs: every metric of the whole, then of each group the one that the standard is held to.
    """
    aimed = [found.aimed] if found.aim in PERCENTILES else []
    others = [of_figure(one, found.held.standard, found.least) for one in found.whole]
    for one in [*aimed, *others]:
        beside_it = found.aimed if one.metric == found.aim else one
        yield [found.held.id, found.held.version, *by_values(wish, one.by), *rows_of(beside_it, found.held)]
    least = least_of(found.held, wish.by, wish.minimum_n)
    for one in without_names(found.groups, wish.by, least)[0]:
        yield [found.held.id, found.held.version, *by_values(wish, one.by), *rows_of(one, found.held)]
