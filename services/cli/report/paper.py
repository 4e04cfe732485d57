"""
What a report consists of, before it is written: tables of values for programs; tiles, charts and tables of texts for
people. Every way of writing takes the same report, so all of them say the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Cell", "Chart", "Detail", "Grid", "Report", "Section", "Table", "Tile"]

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Table:
    """
    Values for programs: columns by name and ClickHouse type, and rows in their order.
    """

    columns: tuple[tuple[str, str], ...]
    rows: Sequence[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Cell:
    """
    A text, and how it is meant: `good`, `bad`, `surely` (bad beyond chance), `few`, `none`, `quiet` or as any other.
    """

    text: str
    tone: str = ""
    link: str = ""
    """Id of a part of the page."""


@dataclass(frozen=True, slots=True)
class Grid:
    """
    A table of texts; the first columns name the row, the others are numbers unless `left` has their place.
    """

    titles: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    caption: str
    names: int = 1
    left: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    folded: bool = False
    """Shown when somebody asks for it, where pages can do that: a picture beside it says the same."""


@dataclass(frozen=True, slots=True)
class Tile:
    """
    One figure that stands out: what it is, the figure, and a line about it.
    """

    title: str
    figure: str
    about: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """
    A picture: its title, what it shows in words, and its Vega-Lite specifications by width.
    """

    title: str
    says: str
    specs: Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Detail:
    """
    A text that is shown when somebody asks for it, under an id that cells link to.
    """

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """
    A part of a report: a heading, sentences, and what is shown beneath.
    """

    heading: str
    says: tuple[str, ...] = ()
    tiles: tuple[Tile, ...] = ()
    charts: tuple[Chart, ...] = ()
    grids: tuple[Grid, ...] = ()
    details: tuple[Detail, ...] = ()
    notes: tuple[str, ...] = ()
    """How the figures were made."""


@dataclass(frozen=True, slots=True)
class Report:
    """
    A report: its title, facts about it by their names, its parts, and the same as tables, the main one first.
    """

    title: str
    language: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    tables: Mapping[str, Table]
