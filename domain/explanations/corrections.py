"""
What an outcome said before it was corrected, and what a reader should know besides.
"""

from collections.abc import Sequence

from domain.explanations.statements import At, Count, Statement, say
from schemas.outcomes import Verdict


def corrections(earlier: Sequence[tuple[int, Statement]]) -> tuple[Statement, ...]:
    """
    Say how often an outcome was corrected, and what each earlier revision said.

    Each is the time that produced it (milliseconds since the epoch) and its headline, the earliest first.
    """
    if not earlier:
        return ()
    said = (say("correction", as_of=At(as_of), said=headline) for as_of, headline in earlier)
    return (say("corrected", times=Count(len(earlier))), *said)


def remarks(verdict: Verdict) -> tuple[Statement, ...]:
    """
    Say what else a reader should know.
    """
    return (say("remark-late"),) if verdict.late else ()


__all__ = ["corrections", "remarks"]
