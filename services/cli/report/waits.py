"""
The report of waits: of each clock its percentiles, how many took how long, through time, by what it is split by, and by
weekday and hour.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from schemas.objectives import PERCENTILES
from schemas.standards import Standard
from services.cli.report import canvas, charts
from services.cli.report.asking import Asking, Held, Wish
from services.cli.report.columns import by_columns, by_values
from services.cli.report.grids import heat_grid, limited
from services.cli.report.heat import HEAT, heat, hour_of
from services.cli.report.judging import Judged, judged, least_of, of_wait
from services.cli.report.naming import without_names
from services.cli.report.paper import Cell, Chart, Grid, Section, Table, Tile
from services.cli.report.pictures import MOST_DRAWN, count_axis, figure_axis, short_duration
from services.cli.report.splits import require_splits
from services.cli.report.times import place_of, step_for, step_name
from services.cli.report.wording import DASH, Words
from services.history.engine import Bucket, By, Wait

__all__ = ["waits"]

_SHOWN: Final = ("p50", "p75", "p90", "p95", "p99")
_MARKED: Final = "p90"
_BARS: Final = 28
_STEPS_MS: Final = (
    500, 1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
    3_600_000, 7_200_000, 14_400_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000, 2_419_200_000,
)  # fmt: skip
_TIMES: Final = (0.5, 1.0, 2.0, 4.0)


def waits(asking: Asking, words: Words, wish: Wish) -> tuple[list[Section], dict[str, Table]]:
    """
    Ask for it, and put it on paper. Raises Rejected where a standard is not split that way.
    """
    held = asking.held(wish.standards)
    require_splits(held, wish)
    sections: list[Section] = []
    rows: list[list[object]] = []
    bars: list[list[object]] = []
    for one in held:
        if one.standard is not None and one.standard.clock is None:
            continue
        whole = asking.waits(one, wish.period)
        if not whole or not (whole[0].n or whole[0].left):
            continue
        groups = asking.waits(one, wish.period, wish.by) if wish.by else []
        least = least_of(one, wish.by, wish.minimum_n)
        named, dropped = without_names(groups, wish.by, least)
        found = asking.buckets(one, wish.period, _bounds(whole[0], one.standard))
        sections.append(_section(asking, words, wish, (one, whole[0], named, found), len(dropped)))
        rows += [_row(one, group, wish) for group in (whole[0], *named)]
        bars += [[one.id, one.version, *bucket] for bucket in found]
    columns = (
        ("standard", "String"), ("version", "Int64"), *by_columns(wish), ("n", "Int64"), ("within", "Int64"),
        ("left", "Int64"), ("mean_ms", "Nullable(Int64)"), *((f"{name}_ms", "Nullable(Int64)") for name in PERCENTILES),
        ("longest_ms", "Nullable(Int64)"),
    )  # fmt: skip
    spread = (
        ("standard", "String"), ("version", "Int64"), ("above_ms", "Int64"), ("up_to_ms", "Nullable(Int64)"),
        ("served", "Int64"), ("left", "Int64"),
    )  # fmt: skip
    return sections, {"waits": Table(columns, rows), "distribution": Table(spread, bars)}  # type: ignore[arg-type]


_Found = tuple[Held, Wait, list[Wait], list[Bucket]]


def _section(asking: Asking, words: Words, wish: Wish, found: _Found, dropped: int) -> Section:
    held, whole, groups, spread = found
    limit = _limit_of(held.standard)
    step = step_for(wish.period.length_ms or asking.span_of(held, wish.period))
    through = asking.waits(held, wish.period, (step,))
    hours = judged(asking, held, wish.period, (By.WEEKDAY, By.CLOCK_HOUR), wish.minimum_n, _MARKED)
    ordered = sorted(groups, key=lambda one: -(one.percentiles[_MARKED] or 0))
    pictures: list[Chart | None] = [
        _distribution(words, whole, spread, limit),
        _trend(words, through, step, limit),
        _percentiles(words, ordered, wish, limit),
        _heat(words, hours, limit),
    ]
    grids: list[Grid | None] = [_groups(words, wish, [whole, *ordered], dropped)]
    grids.append(heat_grid(words, hours, words("waits-heat-title")))
    notes = [words("how-waits")]
    if dropped:
        notes.append(words("how-names", n=least_of(held, wish.by, wish.minimum_n)))
    return Section(
        held.title, words.demands(held.standard), tuple(_tiles(words, held, whole)),
        tuple(one for one in pictures if one is not None), tuple(one for one in grids if one is not None),
        notes=tuple(notes),
    )  # fmt: skip


def _limit_of(standard: Standard | None) -> int | None:
    """
    The limit of a clock in milliseconds, where all journeys have the same.
    """
    clock = None if standard is None else standard.clock
    return clock.limit if clock is not None and isinstance(clock.limit, int) else None


def _tiles(words: Words, held: Held, whole: Wait) -> Iterator[Tile]:
    aim = None if held.standard is None else held.standard.objective
    for name in ("p50", "p90", "p95"):
        state, about = "", ""
        if aim is not None and aim.metric == name:
            state = of_wait(whole, held.standard, name, aim.minimum_n).state
            about = words("tile-target", target=words.target(held.standard)) if held.standard else ""
        yield Tile(words.metric(name), words.duration(whole.percentiles[name]), about, state)
    if whole.n:
        yield Tile(
            words("column-within"), words.share(whole.within / whole.n),
            words("tile-of", good=words.count(whole.within), total=words.count(whole.n)),
        )  # fmt: skip
    yield Tile(words("column-mean"), words.duration(whole.mean), "")
    yield Tile(words("column-longest"), words.duration(whole.longest), "")
    if whole.left:
        yield Tile(words("column-left"), words.count(whole.left), words("tile-left"))


def _bounds(whole: Wait, standard: Standard | None) -> list[int]:
    """
    Where bars end: at steps so wide that most values fit, and such that the limit is the end of one where it can be.
    """
    limit = _limit_of(standard)
    top = max(whole.percentiles["p99"] or 0, 2 * (limit or 0), 1_000)
    steps = [one for one in _STEPS_MS if not limit or limit % one == 0] or list(_STEPS_MS)
    width = next((one for one in steps if top / one <= _BARS), None)
    if width is None:
        width = next((one for one in _STEPS_MS if top / one <= _BARS), _STEPS_MS[-1])
    return [width * n for n in range(1, max(2, min(_BARS, -(-top // width))) + 1)]


def _distribution(words: Words, whole: Wait, found: Sequence[Bucket], limit: int | None) -> Chart:
    width = found[1].above
    bins: list[charts.Bin] = []
    for place, bucket in enumerate(found):
        low, high = place * width, (place + 1) * width
        for name, n in (("served", bucket.stopped), ("left", bucket.left)):
            if n:
                bins.append(charts.Bin(low, high, words(name), n))
    highest = max((bucket.stopped + bucket.left for bucket in found), default=1)
    across = figure_axis(words, _MARKED, [0, len(found) * width])
    up = count_axis(words, highest)
    colours = {words("served"): canvas.ACCENT} | ({words("left"): canvas.SECOND} if whole.left else {})
    given = {"width": words.duration(width), "within": words.count(whole.within), "n": words.count(whole.n)}
    if limit is None:
        says = words("distribution-many", **given)
    else:
        says = words("distribution-chart", limit=words.duration(limit), **given)
    mark = None if limit is None else (float(limit), words("limit", limit=words.duration(limit)))
    return Chart(words("distribution-title"), says, charts.distribution(bins, across, up, colours, mark))


def _trend(words: Words, through: Sequence[Wait], step: By, limit: int | None) -> Chart | None:
    held = [(one, next(iter(one.by.values()))) for one in through if one.n]
    if len(held) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    series = {words.metric("p50"): ("p50", canvas.SECOND), words.metric(_MARKED): (_MARKED, canvas.ACCENT)}
    points = [
        charts.Point(place_of(step, at or 0), step_name(step, at or 0, words), name, one.percentiles[which] or 0)
        for one, at in held
        for name, (which, _) in series.items()
    ]
    mark = None if limit is None else (float(limit), words("limit", limit=words.duration(limit)))
    values = [one.value for one in points] + ([mark[0]] if mark else [])
    axis = figure_axis(words, _MARKED, values)
    worst, at = max(held, key=lambda pair: pair[0].percentiles[_MARKED] or 0)
    says = words(
        "waits-trend-chart", unit=words("unit", unit=str(step)), worst=step_name(step, at or 0, words),
        worst_figure=words.duration(worst.percentiles[_MARKED]),
    )  # fmt: skip
    colours = {name: colour for name, (_, colour) in series.items()}
    return Chart(words("waits-trend-title"), says, charts.lines(points, axis, colours, mark))


def _percentiles(words: Words, groups: Sequence[Wait], wish: Wish, limit: int | None) -> Chart | None:
    held = [one for one in groups if one.n][:MOST_DRAWN]
    if len(held) < 2:  # noqa: PLR2004 - one alone is nothing to compare
        return None
    rows = [
        (words.group_name(one.by), [float(one.percentiles[name] or 0) for name in ("p50", "p90", "p95")])
        for one in held
    ]
    values = [value for _, found in rows for value in found] + ([float(limit)] if limit else [])
    axis = figure_axis(words, _MARKED, values)
    mark = None if limit is None else (float(limit), "")
    by = words.titles(wish.by)
    says = words("percentiles-chart", worst=rows[0][0], worst_figure=words.duration(held[0].percentiles[_MARKED]))
    return Chart(words("percentiles-title", by=by), says, charts.spans(rows, axis, mark))


def _heat(words: Words, found: Sequence[Judged], limit: int | None) -> Chart | None:
    held = [one for one in found if one.total]
    if len(held) < 2 or not limit:  # noqa: PLR2004 - one field is no map
        return None
    names = [words("times-limit", **{"class": name}) for name in HEAT]
    picture = heat(
        words,
        held,
        names,
        lambda one: HEAT[sum(one.good > limit * times for times in _TIMES)],
        lambda one: short_duration(one.good),
    )
    worst = max(held, key=lambda one: (one.plotted, one.good))
    says = words(
        "waits-heat-chart", worst=hour_of(words, worst), worst_figure=words.duration(worst.good), n=words.count(worst.n)
    )
    return Chart(words("waits-heat-title"), says, picture)


def _groups(words: Words, wish: Wish, found: Sequence[Wait], dropped: int) -> Grid:
    names = [words.title(by) for by in wish.by] or [""]
    titles = (
        *names, words("column-n"), words("column-within"), words("column-mean"),
        *(words("percentile", name=name) for name in _SHOWN), words("column-longest"), words("column-left"),
    )  # fmt: skip
    shown, notes = limited(found, words)
    rows = []
    for one in shown:
        group = list(words.group(one.by)) or [words("whole"), *[""] * (len(names) - 1)]
        within = words.share(one.within / one.n) if one.n else DASH
        rows.append([
            *(Cell(text) for text in group), Cell(words.count(one.n)), Cell(within), Cell(words.duration(one.mean)),
            *(Cell(words.duration(one.percentiles[name])) for name in _SHOWN), Cell(words.duration(one.longest)),
            Cell(words.count(one.left)),
        ])  # fmt: skip
    if dropped:
        rows.append([Cell(words("others", n=dropped), "few"), *[Cell("")] * (len(titles) - 1)])
    caption = words("percentiles-title", by=words.titles(wish.by)) if wish.by else words("distribution-title")
    return Grid(titles, rows, caption, names=len(names), notes=notes)


def _row(held: Held, one: Wait, wish: Wish) -> list[object]:
    reached = [one.percentiles[name] for name in PERCENTILES]
    return [
        held.id,
        held.version,
        *by_values(wish, one.by),
        one.n,
        one.within,
        one.left,
        one.mean,
        *reached,
        one.longest,
    ]
