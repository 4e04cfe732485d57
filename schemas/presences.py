"""
Presence: a source, a queue or an employee that should report, and does not.
"""

from typing import Literal

from pydantic import Field

from schemas.base import Contract, Duration, PositiveDuration, Slug
from schemas.conditions import Conditions


class Presence(Contract):
    """
    How often something must give a sign of itself; known from its first sign on.

    Silence for longer than ``every`` and ``grace`` together is a violation, which the next sign closes. It is a live
    verdict: it says what one could know then, and a late report retracts nothing.
    """

    of: Literal["source", "queue", "employee"] = "source"
    """Who should report."""
    signs: Conditions = Field(default=("source.heartbeat",), validate_default=True)
    """Events that are signs of it."""
    every: PositiveDuration
    """How often it must report."""
    grace: Duration = Field(default="0s", validate_default=True)
    """How much later is still in time."""
    calendar: Slug | None = None
    """Id of the calendar in whose open time it must report, or `site` for that of its site; absent: round the clock."""
    forgotten_after: PositiveDuration = Field(default="7d", validate_default=True)
    """What is silent for so long has been taken away: nobody waits for it any more."""


__all__ = ["Presence"]
