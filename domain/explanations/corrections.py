"""
What an outcome said before it was corrected, and what a reader should know besides.
"""

from collections.abc import Sequence

from domain.explanations.statements import At, Count, Statement, say
from schemas.base import DAY_MS
from schemas.outcomes import Measurement, Violation
from schemas.standards import Standard


def corrections(earlier: Sequence[tuple[int, Statement]]) -> tuple[Statement, ...]:
    """
    Say how often an outcome was corrected, and what each earlier revision said.

    Each is the time that produced it (milliseconds since the epoch) and its headline, the earliest first.
    """
    if not earlier:
        return ()
    said = (say("correction", as_of=At(as_of), said=headline) for as_of, headline in earlier)
    return (say("corrected", times=Count(len(earlier))), *said)


def remarks(verdict: Measurement | Violation, standard: Standard | None) -> tuple[Statement, ...]:
    """
    Say what else a reader should know.
    """
    late = (say("remark-late"),) if verdict.late else ()
    told_in_days = max(verdict.value_ms, verdict.limit_ms) >= DAY_MS
    return (*late, say("remark-open-days")) if told_in_days and _of_open_time(verdict, standard) else late


def _of_open_time(verdict: Measurement | Violation, standard: Standard | None) -> bool:
    """Whether its clock ran by a calendar; of a violation its standard knows."""
    if isinstance(verdict, Measurement):
        return verdict.calendar is not None
    return standard is not None and standard.clock is not None and standard.clock.calendar is not None


__all__ = ["corrections", "remarks"]
