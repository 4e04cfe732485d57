"""
What is said of silence: since when, how often a sign was due, and whether one came again.
"""

from collections.abc import Iterator

from domain.explanations.journeys import whose
from domain.explanations.statements import At, Length, Statement, key_of, say
from schemas.base import SECOND_MS
from schemas.outcomes import Violation


def headline(violation: Violation) -> Statement:
    """
    Say in one sentence who is silent and since when, or until when it was.
    """
    whom, since = whose(violation), At(_since(violation))
    if violation.closed_at is None:
        return say("silence-running", **whom, since=since)
    if violation.reason == "forgotten":
        return say("silence-forgotten", **whom, since=since)
    if violation.reason == "standard_retired":
        return say("silence-retired", **whom, since=since)
    return say("silence-over", **whom, since=since, until=At(violation.closed_at))


def judgement(violation: Violation) -> Iterator[Statement]:
    """
    Say when the last sign came, by when the next one was due, and why it is over where it is.
    """
    yield say("silence-last", since=At(_since(violation)))
    yield say("silence-due", limit=Length(violation.limit_ms), due=At(violation.opened_at))
    yield say("judged-reason", reason=say(key_of("reason", violation.reason)))


def remedies(violation: Violation) -> tuple[Statement, ...]:
    """
    Say by when a sign would have kept the standard.
    """
    return (say("keep-sign", due=At(violation.opened_at)),)


def _since(violation: Violation) -> int:
    """
    Return when the last sign came. Once another one came, only the second is known, by the turn.
    """
    second = violation.turn * SECOND_MS
    return second if second + SECOND_MS <= violation.arrived_at else violation.arrived_at


__all__ = ["headline", "judgement", "remedies"]
