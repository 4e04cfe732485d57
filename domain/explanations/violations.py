"""
Explains a violation or a risk of one. A running clock is told as it stood when the verdict was made.
"""

from collections.abc import Sequence

from domain.explanations import presences, scores, sequences
from domain.explanations.corrections import corrections, remarks
from domain.explanations.explanation import Explanation
from domain.explanations.journeys import about, margin, measure, whose
from domain.explanations.kinds import kind_of
from domain.explanations.promises import demanded_of, why_of
from domain.explanations.remedies import still
from domain.explanations.statements import Length, Statement, key_of, say
from domain.explanations.trails import steps
from schemas.outcomes import Violation
from schemas.standards import Standard


def explain_violation(
    violation: Violation, standard: Standard | None, earlier: Sequence[Violation] = ()
) -> Explanation:
    """
    Explain a violation; the standard and the earlier revisions are as for a measurement.
    """
    kind = kind_of(violation, standard)
    return Explanation(
        id=violation.id,
        headline=headline(violation, standard),
        about=about(violation, kind),
        standard=demanded_of(violation, kind, standard),
        why=why_of(standard),
        steps=steps(violation, kind, standard),
        stretches=(),
        judgement=_judgement(violation, kind, standard),
        remedies=_remedies(violation, kind, standard),
        corrections=corrections([(one.rev_watermark, headline(one, standard)) for one in earlier]),
        remarks=remarks(violation, standard),
    )


def headline(violation: Violation, standard: Standard | None) -> Statement:
    """
    Say in one sentence where the life of a violation stands.
    """
    kind, whom = kind_of(violation, standard), whose(violation)
    if violation.state == "retracted":
        return say("violation-retracted", **whom, reason=_reason(violation, kind))
    match kind:
        case "clock":
            return _of_clock(violation, standard)
        case "presence":
            return presences.headline(violation)
        case "score":
            return scores.headline(violation, standard)
    return sequences.headline_of_violation(violation)


def _of_clock(violation: Violation, standard: Standard | None) -> Statement:
    whom, reason = whose(violation), _reason(violation, "clock")
    running = violation.closed_at is None
    if violation.kind == "at_risk":
        over = {"violated": "risk-broken", "no_such_clock": "risk-never-was"}.get(violation.reason, "risk-over")
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


def _reason(violation: Violation, kind: str) -> Statement:
    if violation.state == "retracted" and kind != "clock":
        return say("reason-nothing-to-judge" if violation.reason == "no_such_clock" else "reason-not-broken")
    return say(key_of("reason", violation.reason))


def _judgement(violation: Violation, kind: str, standard: Standard | None) -> tuple[Statement, ...]:
    noticed = say("noticed", after=Length(max(violation.detected_at - violation.opened_at, 0)))
    reason = say("judged-reason", reason=_reason(violation, kind))
    if kind == "clock":
        # A risk keeps the time at which it was told, which a clock that is known to have ended earlier never showed.
        over = violation.kind == "at_risk" and violation.closed_at is not None
        shows = say("warned" if over else "shows", value=Length(violation.value_ms), limit=Length(violation.limit_ms))
        return (reason, shows) if violation.kind == "at_risk" else (reason, shows, noticed)
    if violation.state == "retracted":
        return (reason,)
    if kind == "presence":
        said = tuple(presences.judgement(violation))
        return said if violation.closed_at is not None else (*said, noticed)
    if kind == "score":
        return (reason, *scores.against(violation, standard))
    return tuple(sequences.judgement_of_violation(violation))


def _remedies(violation: Violation, kind: str, standard: Standard | None) -> tuple[Statement, ...]:
    if kind == "clock":
        return still(violation)
    if violation.state == "retracted":
        return ()
    match kind:
        case "presence":
            return presences.remedies(violation)
        case "score":
            return scores.remedies(violation, standard)
    return sequences.remedies(violation, standard)


__all__ = ["explain_violation", "headline"]
