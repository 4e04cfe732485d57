"""
How sure a metric's figure is: its interval in the unit of the metric, from the same sums as the figure.

Only where the sums say how far single journeys, answers or checklists lie apart: a mean wait without squares
and gauges have no interval here, and a figure without one is no surer for that.
"""

from collections.abc import Callable
from typing import Any, Final

from domain.metrics import Metric
from domain.statistics import Interval, mean_of, net_promoter_score, share_interval
from domain.sums import ScoreCounts
from schemas.base import BASIS_POINTS


def _mean(counts: ScoreCounts) -> Interval | None:
    found = mean_of(counts.n, counts.sum, counts.sum_squares)
    return found.interval if found else None


def _net(counts: ScoreCounts) -> Interval | None:
    found = net_promoter_score(counts.n, counts.promoters, counts.detractors)
    return found.interval if found else None


def _checklists(counts: ScoreCounts) -> Interval | None:
    # The items of one checklist hang together, so it is checklists that are counted, each with its own score.
    found = _mean(counts)
    return found and Interval(max(found.low / BASIS_POINTS, 0.0), min(found.high / BASIS_POINTS, 1.0))


_OF_SCORES: Final[dict[str, Callable[[ScoreCounts], Interval | None]]] = {
    "csat_mean": _mean,
    "ces": _mean,
    "nps": _net,
    "checklist_score": _checklists,
}
_NOT_COUNTED: Final = frozenset({"sl_live"})
"""A share of a present that is not over."""


def standard_error_of(metric: Metric[Any], sums: Any) -> float | None:  # noqa: ANN401 - as below
    """
    The standard error of a net promoter score, in its points; None of other metrics, whose interval says it.
    """
    if metric.name != "nps":
        return None
    found = net_promoter_score(sums.n, sums.promoters, sums.detractors)
    return found.standard_error if found else None


def interval_of(metric: Metric[Any], sums: Any) -> Interval | None:  # noqa: ANN401 - whatever the metric is made from
    """
    The interval (95 %) that the figure is likely to lie in, in the metric's unit; None where none can be said.
    """
    if metric.name in _OF_SCORES:
        return _OF_SCORES[metric.name](sums)
    if metric.unit == "share" and metric.name not in _NOT_COUNTED:
        return share_interval(*metric.pair(sums))
    return None


__all__ = ["interval_of", "standard_error_of"]
