"""
Figures and their intervals in a few characters, the same in every report.
"""

from typing import Final

from domain.catalogue import CATALOGUE, figure_of
from domain.moments import spoken_duration
from domain.statistics import Interval

__all__ = ["in_shown_unit", "likely", "mean_time", "shown"]

_HOUR_S: Final = 3_600


def shown(metric: str, good: int, total: int) -> str:
    """
    Write a figure of a named metric: a share in percent, a mean time with its unit, anything else with two decimals.
    """
    if not total:
        return "–"
    match CATALOGUE[metric].unit:
        case "share":
            return f"{good / total:.2%}"
        case "milliseconds":
            return mean_time(good / total / 1_000)
        case _:
            return figure_of(CATALOGUE[metric], good, total) or "–"


def mean_time(seconds: float) -> str:
    """
    Write a mean time: in seconds up to an hour, beyond it in the two largest units, rounded down.
    """
    return f"{seconds:.1f} s" if seconds < _HOUR_S else spoken_duration(int(seconds * 1_000))


def likely(metric: str, interval: Interval | None) -> str:
    """
    Write where a figure is likely to lie; a dash where its sums do not say.
    """
    if interval is None:
        return "–"
    low, high = in_shown_unit(metric, interval)
    return f"{low:.2%} to {high:.2%}" if CATALOGUE[metric].unit == "share" else f"{low:.2f} to {high:.2f}"


def in_shown_unit(metric: str, interval: Interval) -> Interval:
    """
    Return an interval as its figure is shown: of hundredths of a step of the scale, in steps.
    """
    if CATALOGUE[metric].unit != "hundredths":
        return interval
    return Interval(interval.low / 100, interval.high / 100)
