"""
What is counted of everything that is no clock: rates, scores and sequences, as sums of their attainment.
"""

from typing import Any, Final, NamedTuple

from domain.catalogue import CATALOGUE, figure_of, keeps
from domain.statistics import Interval, mean_of, net_promoter_score, share_interval
from schemas.objectives import ANSWER_METRICS, SHARE_METRICS
from schemas.standards import Standard
from services.sla.engine import Attainment

__all__ = ["Counted", "CountedFigure"]

_SUMS: Final = ("good", "total", "n", "score_sum", "score_sum_squares", "promoters", "detractors")


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
    """In the figure's own unit: a share of 1, or points; None where too little was counted."""

    def as_json(self) -> dict[str, Any]:
        meta, aim = self.standard.metadata, self.standard.objective
        return {
            "standard": meta.id, "version": meta.version, "metric": aim.metric, "target": aim.target,
            "good": self.good, "total": self.total, "n": self.n, "figure": self.shown, "kept": self.kept,
            "interval": None if self.interval is None else list(self.interval),
        }  # fmt: skip


class Counted:
    """
    Sums of attainment by standard; the last revision of each row is added once.
    """

    def __init__(self, standards: list[Standard]) -> None:
        self._standards = {(one.metadata.id, one.metadata.version): one for one in standards if one.clock is None}
        self._sums: dict[tuple[str, int], list[int]] = {}

    def add(self, row: Attainment) -> None:
        """
        Add one row that stands; those of clocks are told by their measurements.
        """
        key = (row.standard, row.version)
        if key in self._standards:
            sums = self._sums.setdefault(key, [0] * len(_SUMS))
            for place, name in enumerate(_SUMS):
                sums[place] += getattr(row, name)

    def figures(self) -> list[CountedFigure]:
        """
        One for each standard that counts something, in the order of their documents.
        """
        return [
            _figure(standard, self._sums.get(key, [0] * len(_SUMS)))
            for key, standard in self._standards.items()
            if standard.presence is None
        ]


def _figure(standard: Standard, sums: list[int]) -> CountedFigure:
    aim = standard.objective
    metric = CATALOGUE[aim.metric]
    good, total, n, score_sum, squares, promoters, detractors = sums
    kept = keeps(metric, good, total, aim.target_value)
    interval = _interval(aim.metric, good, total, n, score_sum, squares, promoters, detractors)
    shown = figure_of(metric, good, total)
    return CountedFigure(standard, good, total, n or total, shown, kept, interval)


def _interval(
    metric: str, good: int, total: int, n: int, score_sum: int, squares: int, promoters: int, detractors: int
) -> Interval | None:
    if metric == "nps":
        score = net_promoter_score(n, promoters, detractors)
        return None if score is None else score.interval
    if metric in ANSWER_METRICS and metric not in SHARE_METRICS:
        mean = mean_of(n, score_sum, squares)
        return None if mean is None or mean.interval is None else Interval(*(end / 100 for end in mean.interval))
    # A checklist's score is a share of weights, of which the items of one checklist are no independent draws.
    return share_interval(good, total) if metric in SHARE_METRICS and metric != "checklist_score" else None
