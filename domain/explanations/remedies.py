"""
Remedies: what would have kept the standard, worked out from the outcome alone.
"""

from typing import Final

from domain.explanations.statements import At, Length, Statement, say
from schemas.outcomes import Measurement, Violation
from schemas.standards import Standard

_CALENDAR: Final = frozenset({"closed", "holiday"})


def due_at(measured: Measurement) -> int | None:
    """
    Return the last instant (milliseconds since the epoch) at which ending would have kept the limit.

    It is found by counting along the stretches of the clock. None where it lies after the last of them and a calendar
    decides which time counts there, which the outcome does not say.
    """
    left = measured.limit_ms
    for piece in measured.segments:
        length = piece.to_at - piece.from_at
        if piece.counts and length > left:
            return piece.from_at + left
        left -= length if piece.counts else 0
    return None if _by_calendar(measured) and left else measured.ended_at + left


def _by_calendar(measured: Measurement) -> bool:
    return measured.calendar is not None or any(piece.why in _CALENDAR for piece in measured.segments)


def remedies(measured: Measurement, standard: Standard | None) -> tuple[Statement, ...]:
    """
    Say what would have kept the standard, or, where it was kept, how long it had.
    """
    if measured.state == "withdrawn":
        return ()
    due, spare = due_at(measured), measured.limit_ms - measured.value_ms
    if measured.ended_by == "expired":
        return (
            say("keep-unended", limit=Length(measured.limit_ms)) if due is None else say("keep-expired", due=At(due)),
        )
    if measured.ended_by == "abandoned":
        return (_abandoned(measured, due, spare),)
    if measured.ended_by != "stopped":
        return ()
    if measured.validity != "plausible":
        return _plausible(standard)
    if not measured.met:
        return _late(measured, due, -spare)
    return (
        say("kept-with", spare=Length(spare))
        if due is None
        else say("kept-had-until", due=At(due), spare=Length(spare)),
    )


def _late(measured: Measurement, due: int | None, over: int) -> tuple[Statement, ...]:
    shorter = say("keep-shorter", by=Length(over, "up"))
    if due is None:
        return (shorter,)
    earlier = measured.ended_at - due
    by = say("keep-by", due=At(due), earlier=Length(earlier, "up"))
    # Where some of the time did not count, what was too much of the clock is not what was too late by the watch.
    return (by,) if earlier == over else (by, shorter)


def _abandoned(measured: Measurement, due: int | None, spare: int) -> Statement:
    if spare >= 0:
        return say("keep-abandoned-spare", spare=Length(spare))
    if due is None:
        return say("keep-shorter", by=Length(-spare, "up"))
    return say("keep-abandoned-before", due=At(due), left=Length(measured.ended_at - due, "up"))


def _plausible(standard: Standard | None) -> tuple[Statement, ...]:
    if standard is None or standard.clock is None:
        return ()
    shortest, longest = Length(standard.clock.validity.shortest), standard.clock.validity.longest
    if longest is None:
        return (say("keep-implausible", shortest=shortest),)
    return (say("keep-implausible-between", shortest=shortest, longest=Length(longest)),)


def still(violation: Violation) -> tuple[Statement, ...]:
    """
    Say until when a violation could have been avoided, or can still be.
    """
    if violation.state == "retracted":
        return ()
    if violation.kind == "at_risk":
        running = violation.closed_at is None
        return (say("keep-at-risk", left=Length(violation.limit_ms - violation.value_ms)),) if running else ()
    if violation.closed_at is None:
        return (say("keep-running", due=At(violation.opened_at)),)
    earlier = violation.closed_at - violation.opened_at
    return (say("keep-by", due=At(violation.opened_at), earlier=Length(max(earlier, 0), "up")),)


__all__ = ["due_at", "remedies", "still"]
