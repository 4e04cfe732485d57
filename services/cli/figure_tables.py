"""
Tables of attainment by named metrics: side by side as far as the terminal is wide, the rest in a table beneath, so
that no figure is ever cut.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

__all__ = ["Line", "print_figures"]

_GAP: Final = 2
_MEANS: Final = {"asa": "mean (asa)"}


class Line(NamedTuple):
    """
    One group of journeys: the values that they share, how many they are, and a figure by name of metric, as text.
    """

    group: tuple[str, ...]
    n: str
    figures: Mapping[str, str]


def print_figures(
    console: Console, group: Sequence[str], metrics: Sequence[str], lines: Sequence[Line], aim: str | None = None
) -> None:
    """
    Print a line for each group and a column for each metric; the metric `aim` stands out.

    The words of a title are those of the metric's name, without the `sl_` of the six service levels.
    """
    columns = [_Column(name, [line.group[place] for line in lines], "left") for place, name in enumerate(group)]
    columns.append(_Column("n", [line.n for line in lines], "right"))
    fixed = len(columns)
    columns += [_Column(_title(name), [line.figures[name] for line in lines], "right") for name in metrics]
    if sum(column.width + _GAP for column in columns) - _GAP > console.width:
        columns = [column.stacked() for column in columns]
    room = console.width - sum(column.width + _GAP for column in columns[:fixed])
    aimed = fixed + metrics.index(aim) if aim in metrics else None
    for part in _parts([column.width + _GAP for column in columns[fixed:]], room):
        if part.start:
            console.print()
        table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), collapse_padding=True, header_style="dim")
        shown = [*range(fixed), *(fixed + place for place in part)]
        for place in shown:
            style = "bold" if place == aimed else ""
            table.add_column(
                columns[place].title, justify=columns[place].justify, no_wrap=True, vertical="bottom", style=style
            )
        for cells in zip(*(columns[place].cells for place in shown), strict=True):
            table.add_row(*cells)
        console.print(table)


class _Column(NamedTuple):
    """
    A title, and the cells beneath it.
    """

    title: str
    cells: Sequence[str]
    justify: Literal["left", "right"]

    @property
    def width(self) -> int:
        return max(cell_len(text) for text in [*self.title.split("\n"), *self.cells])

    def stacked(self) -> "_Column":
        """
        The same with one word of the title a line.
        """
        return self._replace(title=self.title.replace(" ", "\n"))


def _parts(widths: Sequence[int], room: int) -> Iterator[range]:
    """
    Divide columns, in their order, into runs that fit the room; a run has one column at least.
    """
    start, used = 0, 0
    for place, width in enumerate(widths):
        # Nothing need stand behind the last column.
        if place > start and used + width - _GAP > room:
            yield range(start, place)
            start, used = place, 0
        used += width
    yield range(start, len(widths))


def _title(metric: str) -> str:
    return _MEANS.get(metric, metric.removeprefix("sl_").replace("_", " "))
