"""
Writes a report for programs and for terminals: CSV, JSON, Parquet, tables of texts.
"""

import csv
import json
from typing import Any, Final, TextIO

from rich.console import Console
from rich.table import Table as Paper

from services.cli.report.paper import Grid, Report, Table
from services.cli.sheets import cell

__all__ = ["as_json", "main_table", "print_report", "write_csv"]

_STYLES: Final = {
    "holds": "green", "good": "green", "misses": "yellow", "surely": "red", "bad": "red", "few": "dim", "none": "dim",
    "quiet": "dim", "unknown": "",
}  # fmt: skip


def main_table(report: Report) -> Table:
    """
    The table that CSV and Parquet hold.
    """
    return next(iter(report.tables.values()))


def as_json(report: Report) -> str:
    """
    Write all tables by their names, rows as objects, and the facts about the report.
    """
    return json.dumps(
        {"report": report.title, "facts": dict(report.facts)}
        | {name: _objects(table) for name, table in report.tables.items()},
        ensure_ascii=False,
        indent=1,
    )


def write_csv(report: Report, stream: TextIO) -> None:
    """
    Write the main table; what is not known is empty.
    """
    table = main_table(report)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([name for name, _ in table.columns])
    for row in table.rows:
        writer.writerow(
            ["" if value is None else f"{value:.6f}" if isinstance(value, float) else cell(value) for value in row]
        )


def print_report(report: Report, console: Console) -> None:
    """
    Print what people are told, without pictures and what is shown on demand.
    """
    _say(console, report.title, "bold")
    for name, fact in report.facts:
        _say(console, f"{name}: {fact}", "dim")
    for section in report.sections:
        _say(console, f"\n{section.heading}", "bold")
        for text in section.says:
            _say(console, text)
        for tile in section.tiles:
            about = f" ({tile.about})" if tile.about else ""
            _say(console, f"  {tile.title}: {tile.figure}{about}")
        for grid in section.grids:
            _print(grid, console, section.heading)
        for note in section.notes:
            _say(console, note, "dim")


def _print(grid: Grid, console: Console, heading: str) -> None:
    _say(console, "" if grid.caption == heading else f"\n{grid.caption}", "italic")
    paper = Paper(box=None, pad_edge=False, padding=(0, 2, 0, 0), collapse_padding=True, header_style="dim")
    for place, title in enumerate(grid.titles):
        left = place < grid.names or place in grid.left
        paper.add_column(title, justify="left" if left else "right", overflow="fold")
    for row in grid.rows:
        paper.add_row(*(_styled(cell.text, cell.tone) for cell in row))
    console.print(paper)
    for note in grid.notes:
        _say(console, note, "dim")


def _styled(text: str, tone: str) -> Any:  # noqa: ANN401 - rich's Text
    from rich.text import Text  # noqa: PLC0415  (rich is loaded by then)

    return Text(text, style=_STYLES.get(tone, ""))


def _objects(table: Table) -> list[dict[str, Any]]:
    names = [name for name, _ in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(text, style=style, highlight=False, markup=False, soft_wrap=True)
