"""
What a row of attainment adds up to: its fields, by their names, become the sums that a metric takes.

A row holds the fields of every kind of standard and fills those of its own. Reports that add rows up (history, replay,
backtest) take the sums from here, so that a figure and its interval are made in one place.
"""

from collections.abc import Mapping
from typing import Final

from domain.catalogue import CATALOGUE, CLOCKS, PERCENTILES, SCORES
from domain.metrics import Counts
from domain.sums import RateCounts, ScoreCounts

Summed = Counts | RateCounts | ScoreCounts
"""What the metrics that stand in a row are made from."""

_OF_SCORES: Final = {"sum": "score_sum", "sum_squares": "score_sum_squares"}
"""Fields of scores that a row calls otherwise."""
_SCORE_FIELDS: Final = tuple(_OF_SCORES.get(name, name) for name in ScoreCounts._fields)
RECORDED: Final = ("good", "total", *Counts._fields, *_SCORE_FIELDS)
"""The fields of a row that are sums."""


def sums_of(metric: str, recorded: Mapping[str, int]) -> Summed:
    """
    Make the sums that a metric takes, by its name, from the summed fields of the rows of standards that are held to it.

    A count per n of another event is written multiplied by n; here it is the bare count again. Of a percentile they are
    those of its clocks, from which every other metric of clocks follows, but not the percentile itself.
    """
    if metric in CLOCKS or metric in PERCENTILES:
        return Counts(*(recorded[name] for name in Counts._fields))
    if metric in SCORES:
        return ScoreCounts(*(recorded[name] for name in _SCORE_FIELDS))
    per, _ = CATALOGUE[metric].pair(RateCounts(1, 1))
    return RateCounts(recorded["good"] // per, recorded["total"])


def how_many(sums: Summed) -> int:
    """
    The n of a figure: journeys that came, answers or checklists, or what is counted of.
    """
    match sums:
        case Counts():
            return sums.answered + sums.abandoned
        case ScoreCounts():
            return sums.n
        case _:
            return sums.total


__all__ = ["RECORDED", "Summed", "how_many", "sums_of"]
