"""
What a standard measures, whatever kind it is: the events that it asks for, and what makes two standards measure the
same.
"""

from collections.abc import Hashable, Iterator
from typing import NamedTuple

from domain.linting.findings import Path
from domain.linting.rules import Rule
from schemas.conditions import Condition
from schemas.sequences import Sequence
from schemas.standards import Standard


class Role(NamedTuple):
    """
    Conditions under one field of a standard, and the rule that is broken where no event ever meets any of them.
    """

    path: Path
    conditions: tuple[Condition, ...]
    never: Rule | None = None
    """None: it is only worth a word that one of them is not met."""


def roles_of(standard: Standard) -> Iterator[Role]:
    """
    Give all conditions that somebody wrote; what a kind has unless it is said otherwise is left out.
    """
    kind = standard.kind_of
    measure = getattr(standard, kind)
    for name in ("start", "of", "signs"):
        if hasattr(measure, name) and not isinstance(getattr(measure, name), str):
            yield Role((kind, name), getattr(measure, name), Rule.NEVER_BEGINS)
    for name in ("stop", "end"):
        if hasattr(measure, name):
            yield Role((kind, name), getattr(measure, name), Rule.NEVER_ENDS)
    for name in ("abandon", "cancel", "pause", "resume", "count", "unless"):
        if name in measure.model_fields_set:
            yield Role((kind, name), getattr(measure, name))
    if standard.sequence is not None:
        yield from _steps(standard.sequence)


def _steps(sequence: Sequence) -> Iterator[Role]:
    for place, step in enumerate(sequence.steps):
        yield Role(("sequence", "steps", place, "shown_by"), step.shown_by)
    for number, course in enumerate(sequence.courses):
        for place, step in enumerate(course.steps):
            yield Role(("sequence", "courses", number, "steps", place, "shown_by"), step.shown_by)


def measured(standard: Standard) -> Hashable:
    """
    Return what two standards have in common that measure the same; of one score several figures may be asked.
    """
    if standard.clock is not None:
        return frozenset(standard.clock.start), frozenset(standard.clock.stop)
    measure: Hashable = getattr(standard, standard.kind_of)
    return measure, standard.objective.metric if standard.score is not None else ""


__all__ = ["Role", "measured", "roles_of"]
