"""
Explanations: why one verdict is what it is, as a value without a language.

An outcome carries its own trail, so nothing is looked up or judged anew here; ``domain.wording`` says the value in the
reader's language.
"""

from domain.explanations.explanation import Explanation, Step, Stretch
from domain.explanations.measurements import explain_measurement
from domain.explanations.promises import demanded_by
from domain.explanations.scopes import explain_scope, pace_of, scope_of
from domain.explanations.statements import (
    STATEMENTS,
    Argument,
    At,
    Choice,
    Count,
    Length,
    Points,
    Share,
    Statement,
    Verbatim,
    say,
)
from domain.explanations.violations import explain_violation

__all__ = [
    "STATEMENTS",
    "Argument",
    "At",
    "Choice",
    "Count",
    "Explanation",
    "Length",
    "Points",
    "Share",
    "Statement",
    "Step",
    "Stretch",
    "Verbatim",
    "demanded_by",
    "explain_measurement",
    "explain_scope",
    "explain_violation",
    "pace_of",
    "say",
    "scope_of",
]
