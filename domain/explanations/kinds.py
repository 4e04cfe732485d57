"""
Which kind of standard a violation is about, also where its text is not at hand.
"""

from schemas.outcomes import Violation
from schemas.standards import Standard


def kind_of(violation: Violation, standard: Standard | None) -> str:
    """
    Name the kind: a word of ``schemas.standards.KINDS``. A violation does not say it by itself.

    Where nothing but a limit of 0 ms is left of one that was retracted, it is told as steps are, whose words hold of a
    clock as well.
    """
    if violation.kind == "presence":
        return "presence"
    if violation.kind == "at_risk":
        return "clock"
    return _by_what_it_says(violation) if standard is None else standard.kind_of


def _by_what_it_says(violation: Violation) -> str:
    if violation.score is not None or violation.reason == "below_minimum":
        return "score"
    bare = violation.state == "retracted" and not violation.limit_ms
    stepped = violation.faults or violation.course is not None or violation.reason.startswith("step_")
    return "sequence" if stepped or bare else "clock"


__all__ = ["kind_of"]
