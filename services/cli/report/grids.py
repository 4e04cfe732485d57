"""
Tables of texts that several reports share: figures with what is to be thought of them, heat maps in numbers.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

from services.cli.report.heat import field_of
from services.cli.report.judging import Judged, State, Trend
from services.cli.report.paper import Cell, Grid
from services.cli.report.wording import DASH, Words
from services.history.engine import By

__all__ = ["TREND_TONES", "figure_cells", "figure_titles", "group_cells", "heat_grid", "limited"]

_MOST_ROWS: Final = 200
"""Of a table of texts; more would make a page that nobody reads, and that no phone can show."""
TREND_TONES: Final = {Trend.BETTER: "good", Trend.WORSE: "bad", Trend.SAME: "quiet", Trend.NONE: "quiet"}
_Row = TypeVar("_Row")


def limited(rows: Sequence[_Row], words: Words) -> tuple[Sequence[_Row], tuple[str, ...]]:
    """
    Return the first rows, and a sentence about those that are left out.
    """
    left_out = len(rows) - _MOST_ROWS
    return rows[:_MOST_ROWS], (words("more-rows", n=left_out),) if left_out > 0 else ()


def group_cells(words: Words, one: Judged) -> list[Cell]:
    """
    The values that a group shares.
    """
    return [Cell(text) for text in words.group(dict(one.by))]


def figure_titles(words: Words, *, against: bool, excluded: bool = False) -> list[str]:
    """
    Titles above `figure_cells`.
    """
    return [
        words("column-figure"), words("column-n"), words("column-likely"),
        *([words("column-with-excluded")] if excluded else []),
        *([words("column-before"), words("column-trend")] if against else []),
        words("column-state"),
    ]  # fmt: skip


def figure_cells(words: Words, one: Judged, *, against: bool, excluded: bool = False) -> list[Cell]:
    """
    A figure, of how many, where it likely lies, what it was before, and its state.
    """
    told = [
        Cell(words.figure(one.metric, one.good, one.total), one.state), Cell(words.count(one.n)),
        Cell(words.likely(one.metric, one.interval), "quiet"),
    ]  # fmt: skip
    if excluded:
        figure = one.figure
        beside = DASH if figure is None else words.figure(one.metric, figure.all_good, figure.all_total)
        told.append(Cell(beside, "quiet"))
    if against:
        before = one.before
        was = DASH if before is None else words.figure(one.metric, before.good, before.total)
        told += [Cell(was, "quiet"), Cell(words("trend", trend=one.trend), TREND_TONES[one.trend])]
    return [*told, Cell(words("state", state=one.state), one.state)]


def heat_grid(words: Words, found: Sequence[Judged], caption: str = "") -> Grid | None:
    """
    A heat map in numbers: an hour of the day in each row, a weekday in each column.
    """
    if not found:
        return None
    metric = found[0].metric
    held = {field_of(one): one for one in found}

    def cell(day: int, hour: int) -> Cell:
        one = held.get((day, hour))
        if one is None or one.state is State.NONE:
            return Cell(DASH, "none")
        figure = words.figure(metric, one.good, one.total)
        return Cell(f"{figure} ({words.count(one.n)})", one.state)

    days = sorted({day for day, _ in held})
    hours = sorted({hour for _, hour in held})
    titles = (words.title(By.CLOCK_HOUR), *(words("weekday-short", day=day) for day in days))
    rows = [[Cell(f"{hour:02}:00"), *(cell(day, hour) for day in days)] for hour in hours]
    return Grid(titles, rows, caption or words("heat-grid", metric=words.metric(metric)), folded=True)
