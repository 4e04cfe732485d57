"""
How alerts were dealt with, for people and for programs: a line for each group, and the counts behind each figure.
"""

import csv
import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TextIO

from rich.console import Console

from domain.moments import spoken_duration
from services.cli.figure_tables import Line, print_figures
from services.cli.sheets import cell
from services.history.engine import AlertMeasures

__all__ = ["AlertReport"]

_NONE: Final = "–"
_COLUMNS: Final = (
    "mtta", "mttr", "in_time", "useful", "per_shift", "most_in_a_shift", "delivered_in_p50", "p99", "given_up",
)  # fmt: skip


class AlertReport(NamedTuple):
    """
    Measures in the order of their groups, and what they are split by; None: nothing.
    """

    measures: Sequence[AlertMeasures]
    by: str | None

    def as_json(self) -> str:
        """
        Write a list of measures.
        """
        return json.dumps([self._document(one) for one in self.measures], indent=2, ensure_ascii=False)

    def write_csv(self, stream: TextIO) -> None:
        """
        Write a line for each group.
        """
        counts = AlertMeasures._fields[1:]
        figures = list(AlertMeasures(None).figures)
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*([self.by] if self.by else []), *counts, *figures])
        for one in self.measures:
            shown = ["" if value is None else f"{value:.6f}" for value in one.figures.values()]
            writer.writerow([*([cell(one.group)] if self.by else []), *(getattr(one, name) for name in counts), *shown])

    def print_table(self, console: Console) -> None:
        """
        Print a line for each group.
        """
        if not self.measures:
            console.print("no alert was raised in this span")
            return
        lines = [
            Line(
                (one.group or _NONE,) if self.by else (),
                f"{one.alerts:,}",
                dict(zip(_COLUMNS, _cells(one), strict=True)),
            )
            for one in self.measures
        ]
        print_figures(console, [self.by] if self.by else [], _COLUMNS, lines)

    def _document(self, one: AlertMeasures) -> dict[str, Any]:
        counts = {name: value for name, value in one._asdict().items() if name != "group"}
        return {"by": {self.by: one.group} if self.by else {}, **one.figures, **counts}


def _cells(one: AlertMeasures) -> list[str]:
    figures = one.figures
    per_shift = figures["alerts_per_shift"]
    arrived = [_NONE, _NONE]
    if one.delivered:
        arrived = [spoken_duration(one.delivery_p50_ms), spoken_duration(one.delivery_p99_ms)]
    return [
        _time(figures["mtta_ms"]),
        _time(figures["mttr_ms"]),
        _share(figures["share_in_time"]),
        _share(figures["share_useful"]),
        _NONE if per_shift is None else f"{per_shift:.1f}",
        str(one.most_in_a_shift) if one.shifts else _NONE,
        *arrived,
        f"{one.given_up:,} of {one.messages:,}",
    ]


def _time(millis: float | None) -> str:
    return _NONE if millis is None else spoken_duration(round(millis))


def _share(value: float | None) -> str:
    return _NONE if value is None else f"{value:.1%}"
