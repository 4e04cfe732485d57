"""
Figures out of history, for people and for programs: each without what agreed outages leave out, with it beside, and
with the reason and the author of every agreement that changed one.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TextIO

from rich.console import Console

from domain.catalogue import CATALOGUE
from schemas.base import format_instant
from schemas.exclusions import Exclusion
from services.cli.agreements import agreement_entry, told_agreement
from services.cli.figure_tables import Line, print_figures
from services.cli.figure_words import likely, shown
from services.cli.sheets import cell
from services.history.engine import Figure

__all__ = ["Report", "cells_of", "groups_of", "titles_of"]

_ERROR: Final = " standard error"
_LIKELY: Final = " likely"
_MINUTE: Final = 16
"""Characters of an instant up to its minute."""


class Report(NamedTuple):
    """
    Figures in the order of their groups, the agreements that were asked about, and what the figures are split by.
    """

    figures: Sequence[Figure]
    exclusions: Sequence[Exclusion]
    by: tuple[str, ...]
    wanted: Sequence[str]
    """The metrics that somebody named; none: those of the standard."""

    def as_json(self) -> str:
        """
        Write a list of figures.
        """
        return json.dumps([self._document(one) for one in self.figures], indent=2, ensure_ascii=False)

    def write_csv(self, stream: TextIO) -> None:
        """
        Write a line for each figure.
        """
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(
            ["standard", "version", *self.by, "metric", "good", "total", "value", "n", "low", "high", "standard_error",
             "good_with_excluded", "total_with_excluded", "excluded_by"]
        )  # fmt: skip
        for one in self.figures:
            groups = [cell(groups_of(one.by)[name] or "") for name in self.by]
            numbers = [_number(value) for value in (one.value, *(one.interval or (None, None)), one.standard_error)]
            writer.writerow(
                [one.standard, one.version, *groups, one.metric, one.good, one.total, numbers[0], one.n, *numbers[1:],
                 one.all_good, one.all_total, " ".join(one.left_out_by)]
            )  # fmt: skip

    def print_table(self, console: Console) -> None:
        """
        Print a line for each group; beneath them what was left out, and why.
        """
        if not self.figures:
            _say(console, "no outcomes of this standard in this span")
            return
        columns, lines = self._columns(), self._lines()
        whole = [one._replace(figures={name: one.figures.get(name, "–") for name in columns}) for one in lines]
        print_figures(console, ["standard", *titles_of(self.by)], columns, whole)
        told = {name for one in self.figures for name in one.left_out_by}
        if told:
            _say(console, "in brackets: with what is excluded")
        for one in self.exclusions:
            if one.metadata.id in told:
                _say(console, f"excluded: {told_agreement(one)}")

    def _columns(self) -> list[str]:
        columns: dict[str, None] = {}
        for one in self.figures:
            columns[one.metric] = None
            if one.standard_error is not None:
                columns[one.metric + _ERROR] = None
            # Of everything that can be shown, ranges of all would hide the figures.
            if one.interval is not None and (self.wanted or one.metric == one.aim):
                columns[one.metric + _LIKELY] = None
        return list(columns)

    def _lines(self) -> list[Line]:
        lines: dict[tuple[str, ...], Line] = {}
        for one in self.figures:
            key = (f"{one.standard}@{one.version}", *cells_of(one.by))
            n = f"{one.n:,} ({one.all_n:,})" if one.left_out_by else f"{one.n:,}"
            line = lines.setdefault(key, Line(key, n, {}))
            cells = {one.metric: _figure(one), one.metric + _LIKELY: likely(one.metric, one.interval)}
            if one.standard_error is not None:
                cells[one.metric + _ERROR] = f"{one.standard_error:.2f}"
            lines[key] = line._replace(figures={**line.figures, **cells})
        return list(lines.values())

    def _document(self, one: Figure) -> dict[str, Any]:
        return {
            "standard": one.standard,
            "version": one.version,
            "metric": one.metric,
            "unit": CATALOGUE[one.metric].unit,
            "by": groups_of(one.by),
            "good": one.good,
            "total": one.total,
            "value": one.value,
            "interval": one.interval,
            "standard_error": one.standard_error,
            "n": one.n,
            "with_excluded": {
                "good": one.all_good,
                "total": one.all_total,
                "value": one.all_good / one.all_total if one.all_total else None,
                "n": one.all_n,
            },
            "excluded_by": [agreement_entry(held) for held in self.exclusions if held.metadata.id in one.left_out_by],
        }


def groups_of(by: Mapping[str, str | int | None]) -> dict[str, str | None]:
    """
    Write what a figure is split by for programs: hours as instants.
    """
    return {
        name: None if value is None else format_instant(int(value)) if name == "hour" else str(value)
        for name, value in by.items()
    }


def cells_of(by: Mapping[str, str | int | None]) -> tuple[str, ...]:
    """
    Write it for people, as cells beneath `titles_of`; a dash where there is none.
    """
    said = groups_of(by)
    return tuple(
        "–" if value is None else value[:_MINUTE].replace("T", " ") if name == "hour" else value
        for name, value in said.items()
    )


def titles_of(by: Iterable[str]) -> list[str]:
    """
    Name the columns of what figures are split by.
    """
    return ["hour (UTC)" if name == "hour" else name for name in by]


def _figure(one: Figure) -> str:
    figure = shown(one.metric, one.good, one.total)
    return f"{figure} ({shown(one.metric, one.all_good, one.all_total)})" if one.left_out_by else figure


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)
