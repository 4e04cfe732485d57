"""
What was reported, and what each event did to what is measured.
"""

from typing import Final

from domain.explanations.explanation import Step
from domain.explanations.journeys import happened
from domain.explanations.rates import is_of_customers
from domain.explanations.statements import Statement, say
from schemas.outcomes import Measurement, TrailEntry, Violation
from schemas.standards import Standard

_OF_STEPS: Final = frozenset({"start", "stop", "abandon", "cancel", "other"})
"""Roles that steps have other words for than a clock."""


def steps(verdict: Measurement | Violation, kind: str, standard: Standard | None) -> tuple[Step, ...]:
    """
    Say of each event of a trail what it meant, and what it did.
    """
    return tuple(
        Step(entry.at, happened(entry.type), _effect(verdict, entry, kind, standard), entry.source, entry.id)
        for entry in verdict.trail
    )


def _effect(verdict: Measurement | Violation, entry: TrailEntry, kind: str, standard: Standard | None) -> Statement:
    if kind == "presence":
        return say("role-sign")
    if kind == "score" and entry.role == "count":
        return say("role-score")
    if kind == "sequence" and entry.role in _OF_STEPS:
        return say(f"role-{entry.role}-steps")
    if kind == "rate" and isinstance(verdict, Measurement) and is_of_customers(verdict, standard):
        # The event that makes a contact may be one of those that show that another one did not settle it.
        return say("role-contact" if entry.at == verdict.started_at else "role-return")
    return say(f"role-{entry.role}")


__all__ = ["steps"]
