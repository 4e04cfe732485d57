"""
What is counted of everything that is no clock: rates, scores and sequences, as sums of their attainment.
"""

from typing import Any, NamedTuple

from domain.catalogue import CATALOGUE, figure_of, keeps
from domain.certainty import interval_of, standard_error_of
from domain.recorded import RECORDED, how_many, sums_of
from domain.statistics import Interval
from schemas.standards import Standard
from services.cli.figure_words import in_shown_unit
from services.sla.engine import Attainment

__all__ = ["Counted", "CountedFigure"]


class CountedFigure(NamedTuple):
    """
    A standard's objective in figures: the pair, how it is shown, whether it keeps its target, and where it likely lies.
    """

    standard: Standard
    good: int
    total: int
    n: int
    shown: str | None
    kept: bool | None
    interval: Interval | None
    """In the metric's unit; None where too little was counted, all answered alike, or its sums do not say."""
    standard_error: float | None
    """Of a net promoter score, in points."""

    def as_json(self) -> dict[str, Any]:
        meta, aim = self.standard.metadata, self.standard.objective
        return {
            "standard": meta.id, "version": meta.version, "metric": aim.metric, "target": aim.target,
            "good": self.good, "total": self.total, "n": self.n, "figure": self.shown, "kept": self.kept,
            "interval": None if self.interval is None else in_shown_unit(aim.metric, self.interval),
            "standard_error": self.standard_error,
        }  # fmt: skip


class Counted:
    """
    Sums of attainment by standard; the last revision of each row is added once.
    """

    def __init__(self, standards: list[Standard]) -> None:
        self._standards = {(one.metadata.id, one.metadata.version): one for one in standards if one.clock is None}
        self._sums: dict[tuple[str, int], dict[str, int]] = {}

    def add(self, row: Attainment) -> None:
        """
        Add one row that stands; those of clocks are told by their measurements.
        """
        key = (row.standard, row.version)
        if key in self._standards:
            sums = self._sums.setdefault(key, dict.fromkeys(RECORDED, 0))
            for name in RECORDED:
                sums[name] += getattr(row, name)

    def figures(self) -> list[CountedFigure]:
        """
        One for each standard that counts something, in the order of their documents.
        """
        return [
            _figure(standard, self._sums.get(key, dict.fromkeys(RECORDED, 0)))
            for key, standard in self._standards.items()
            if standard.presence is None
        ]


def _figure(standard: Standard, recorded: dict[str, int]) -> CountedFigure:
    aim = standard.objective
    metric = CATALOGUE[aim.metric]
    sums = sums_of(aim.metric, recorded)
    good, total = metric.pair(sums)
    kept = keeps(metric, good, total, aim.target_value)
    shown, interval = figure_of(metric, good, total), interval_of(metric, sums)
    error = standard_error_of(metric, sums)
    return CountedFigure(standard, good, total, how_many(sums), shown, kept, interval, error)
