"""
The circuit breaker of one receiver: after some failures in a row nothing is sent to it for a while, then one message
tries whether it is back.

    flows ──── so many failures in a row ────► holds ──── its time is over ────► probes
      ▲                                          ▲                                 │
      └──────────── the probe arrived ───────────┴──────── the probe failed ───────┘

Instants are milliseconds of a clock that never runs backwards.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from schemas.base import Millis

__all__ = ["Admission", "Breaker", "BreakerRule", "admitted", "after_failure", "at_rest"]


@dataclass(frozen=True, slots=True)
class BreakerRule:
    """
    After how many failures in a row it holds, and for how long.
    """

    failures: int = 5
    hold_ms: Millis = 30_000


@dataclass(frozen=True, slots=True)
class Breaker:
    """
    What is remembered of one receiver. Once it has answered, be it with a refusal of one message, that is a new one.
    """

    failures: int = 0
    """In a row, up to now."""
    held_until: Millis | None = None
    """Until when it holds; from then on one message may try. None: it flows."""
    probing: bool = False
    """Whether that one is under way."""


class Admission(StrEnum):
    """
    Whether a message may be sent now.
    """

    FLOWS = "flows"
    PROBES = "probes"
    HELD = "held"


def admitted(breaker: Breaker, now: Millis) -> tuple[Breaker, Admission]:
    """
    Ask whether a message may be sent now; what comes back is remembered, since there is only one probe.
    """
    if breaker.held_until is None:
        return breaker, Admission.FLOWS
    if breaker.probing or now < breaker.held_until:
        return breaker, Admission.HELD
    return replace(breaker, probing=True), Admission.PROBES


def after_failure(breaker: Breaker, now: Millis, rule: BreakerRule) -> Breaker:
    """
    The receiver did not answer, or not as it should.
    """
    failures = breaker.failures + 1
    if failures < rule.failures and breaker.held_until is None:
        return Breaker(failures=failures)
    return Breaker(failures=failures, held_until=now + rule.hold_ms)


def at_rest(breaker: Breaker, until: Millis) -> Breaker:
    """
    The receiver asked to be left alone until then.
    """
    return Breaker(failures=breaker.failures, held_until=max(until, breaker.held_until or until))
