"""
Explains a violation or a risk of one. A running clock is told as it stood when the verdict was made.
"""

from collections.abc import Sequence

from domain.explanations.corrections import corrections, remarks
from domain.explanations.explanation import Explanation
from domain.explanations.journeys import about, margin, measure, steps, whose
from domain.explanations.promises import demanded_of
from domain.explanations.remedies import still
from domain.explanations.statements import Length, Statement, say
from schemas.outcomes import Violation
from schemas.standards import Standard


def explain_violation(
    violation: Violation, standard: Standard | None, earlier: Sequence[Violation] = ()
) -> Explanation:
    """
    Explain a violation; the standard and the earlier revisions are as for a measurement.
    """
    return Explanation(
        id=violation.id,
        headline=headline(violation, standard),
        about=about(violation),
        standard=demanded_of(violation, violation.limit_ms, standard),
        why=None if standard is None else " ".join(standard.metadata.why.split()),
        steps=steps(violation.trail),
        stretches=(),
        judgement=_judgement(violation),
        remedies=still(violation),
        corrections=corrections([(one.rev_watermark, headline(one, standard)) for one in earlier]),
        remarks=remarks(violation),
    )


def headline(violation: Violation, standard: Standard | None) -> Statement:
    """
    Say in one sentence where the life of a violation stands.
    """
    whom, reason = whose(violation), _reason(violation)
    if violation.state == "retracted":
        return say("violation-retracted", **whom, reason=reason)
    running = violation.closed_at is None
    if violation.kind == "at_risk":
        over = "risk-broken" if violation.reason == "violated" else "risk-over"
        return say("risk-running" if running else over, **whom, reason=reason)
    limit = Length(violation.limit_ms)
    if running:
        return say("violation-running", **whom, limit=limit)
    return say(
        "violation-closed",
        **whom,
        value=Length(violation.value_ms),
        limit=limit,
        margin=margin(violation.value_ms, violation.limit_ms),
        measure=measure(standard),
    )


def _reason(violation: Violation) -> Statement:
    return say(f"reason-{violation.reason.replace('_', '-')}")


def _judgement(violation: Violation) -> tuple[Statement, ...]:
    reason = say("judged-reason", reason=_reason(violation))
    shows = say("shows", value=Length(violation.value_ms), limit=Length(violation.limit_ms))
    if violation.kind == "at_risk":
        return (reason, shows)
    late_by = max(violation.detected_at - violation.opened_at, 0)
    return (reason, shows, say("noticed", after=Length(late_by)))


__all__ = ["explain_violation", "headline"]
