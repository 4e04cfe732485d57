"""
What is counted of everything that is no clock: rates, scores and the present; every field is an integer.

Like ``Counts`` they add up over minutes, queues, sites and chunks, and what was counted can be taken out again.
Scores are hundredths: 4.5 on a scale of five is 450.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from schemas.base import BASIS_POINTS

_STEP: Final = 100
"""One step of a scale, in hundredths."""
_LIKELY: Final = 1_000
"""The top of the scale from 0 to 10 on which recommendation is asked."""
_PROMOTER: Final = 900
_DETRACTOR: Final = 600


class RateCounts(NamedTuple):
    """
    How many of how many; for a count per n of another event, ``good`` is the count and ``total`` the other events.
    """

    good: int = 0
    total: int = 0


class ScoreCounts(NamedTuple):
    """
    What is counted of answers and of checklists, each into sums of its own.
    """

    n: int = 0
    """Answers with a score, or checklists of which at least one item applied."""
    earned: int = 0
    """Weight of the items that were passed; of a checklist with a failed critical item nothing."""
    possible: int = 0
    """Weight of the items that applied."""
    sum: int = 0
    """Sum of the scores in hundredths; of checklists their own scores in hundredths of a percent."""
    sum_squares: int = 0
    promoters: int = 0
    """Answers of 9 or 10 on a scale to 10."""
    detractors: int = 0
    """Answers of 6 or less on a scale to 10."""
    top2: int = 0
    """Answers in the two highest boxes of their scale."""
    failed_critical: int = 0
    """Checklists with a critical item that was failed."""


class LiveCounts(NamedTuple):
    """
    A queue as it is now, with what its window has counted; valid only with the instant at which one looked.
    """

    answered: int = 0
    answered_within: int = 0
    abandoned: int = 0
    waiting: int = 0
    """Who waits now."""
    waiting_beyond: int = 0
    """W_T: of these, who has waited longer than the limit."""
    oldest_waiting_ms: int = 0
    """How long the one has waited who has waited longest; 0 where nobody waits."""


class Item(NamedTuple):
    """
    One item of a checklist: ``passed`` is None where it did not apply.
    """

    weight: int
    passed: bool | None
    critical: bool


def tally_answer(counts: list[int], sign: int, score: int, highest: int) -> None:
    """
    Count one answer into running sums, in place; with ``sign`` -1 take it out again.

    ``counts`` has the fields of ``ScoreCounts`` in their order; the score and the highest possible are hundredths.
    """
    counts[_N] += sign
    counts[_SUM] += sign * score
    counts[_SUM_SQUARES] += sign * score * score
    if score >= highest - _STEP:
        counts[_TOP2] += sign
    if highest == _LIKELY:
        if score >= _PROMOTER:
            counts[_PROMOTERS] += sign
        elif score <= _DETRACTOR:
            counts[_DETRACTORS] += sign


class Marks(NamedTuple):
    """
    What one checklist came to.
    """

    earned: int
    """Weight of the items that were passed; nothing where a critical one was failed."""
    possible: int
    """Weight of the items that applied."""
    score: int
    """Basis points of what was possible."""
    failed_critical: bool


def marks_of(items: Iterable[Item]) -> Marks | None:
    """
    Mark one checklist; None where nothing of it applied, so that it says nothing.

    Items that did not apply are in neither sum. A failed critical item fails the checklist: it has earned nothing.
    """
    applied = [item for item in items if item.passed is not None]
    possible = sum(item.weight for item in applied)
    failed = any(item.critical and not item.passed for item in applied)
    if not possible and not failed:
        return None
    earned = 0 if failed else sum(item.weight for item in applied if item.passed)
    return Marks(earned, possible, earned * BASIS_POINTS // possible if possible else 0, failed)


def tally_checklist(counts: list[int], sign: int, items: Iterable[Item]) -> None:
    """
    Count one checklist into running sums, in place; with ``sign`` -1 take it out again.

    A checklist of which nothing applied says nothing and is not counted.
    """
    marks = marks_of(items)
    if marks is None:
        return
    counts[_N] += sign
    counts[_EARNED] += sign * marks.earned
    counts[_POSSIBLE] += sign * marks.possible
    counts[_SUM] += sign * marks.score
    counts[_SUM_SQUARES] += sign * marks.score * marks.score
    counts[_FAILED_CRITICAL] += sign * marks.failed_critical


_N, _EARNED, _POSSIBLE, _SUM, _SUM_SQUARES, _PROMOTERS, _DETRACTORS, _TOP2, _FAILED_CRITICAL = range(
    len(ScoreCounts._fields)
)

__all__ = ["Item", "LiveCounts", "Marks", "RateCounts", "ScoreCounts", "marks_of", "tally_answer", "tally_checklist"]
