"""
Explains verdicts on many journeys together: an objective missed over a window, an error budget spent too fast.

The figure, the counts that it is of and what it is held to stand side by side, so that nobody has to trust a
percentage alone.
"""

from domain.aims import Aim
from domain.explanations.explanation import Explanation
from domain.explanations.promises import objectives
from domain.explanations.statements import Argument, At, Length, Share, Statement, Verbatim, say
from schemas.base import BASIS_POINTS, parse_duration
from schemas.outcomes import Violation
from schemas.standards import Standard


def explain_scope(violation: Violation, standard: Standard | None) -> Explanation:
    """
    Explain a violation of an objective or a burn. The standard, if it is at hand, adds its title, reason and objective.
    """
    scope, window = scope_of(violation.scope or ""), window_of(violation.window or "")
    names: dict[str, Argument] = {"id": Verbatim(violation.standard), "version": Verbatim(str(violation.version))}
    if standard is None:
        of: tuple[Statement, ...] = (say("standard-of-many-untitled", **names),)
    else:
        of = (say("standard-of-many", title=Verbatim(standard.metadata.title), **names), *objectives(standard))
    return Explanation(
        id=violation.id,
        headline=_headline(violation, scope, window),
        about=(scope,),
        standard=of,
        why=None if standard is None else " ".join(standard.metadata.why.split()),
        steps=(),
        stretches=(),
        judgement=(
            say("judged-figure", figure=figure_of(violation)),
            say("judged-reason", reason=_reason(violation)),
            *([pace_of(violation)] if violation.kind == "burn" else []),
        ),
        remedies=(),
        corrections=(),
        remarks=(say("remark-live"),),
    )


def scope_of(name: str) -> Statement:
    """
    Say what a figure is about, from its name: `queue:harbour/counter`, `site:harbour`, `organisation`.
    """
    kind, _, rest = name.partition(":")
    if kind == "queue":
        site, _, queue = rest.partition("/")
        return say("scope-queue", queue=Verbatim(queue), site=Verbatim(site))
    return say(f"scope-{kind}", **{kind: Verbatim(rest)}) if rest else say(f"scope-{kind}")


def window_of(label: str) -> Statement:
    """
    Say over which window, from its label: `rolling:1h`, `calendar:month@Europe/Riga`, `calendar:day_part:lunch`.
    """
    kind, _, rest = label.partition(":")
    if kind == "rolling":
        return say("window-rolling", length=Length(parse_duration(rest)))
    return say(f"window-{rest.partition('@')[0].partition(':')[0].replace('_', '-')}")


def figure_of(violation: Violation) -> Statement:
    """
    Say the figure that a verdict rests on, with its counts.
    """
    aim, good, total = _aim(violation), violation.good or 0, violation.total or 0
    if not total:
        return say("figure-none")
    counts = {"metric": Verbatim(aim.metric), "total": Verbatim(str(total))}
    share = Share(good * BASIS_POINTS // total)
    if aim.within:
        value, target = Length(violation.value_ms), Length(aim.target)
        return say("figure-percentile", value=value, target=target, share=share, good=Verbatim(str(good)), **counts)
    if aim.has_budget:
        return say("figure-share", share=share, good=Verbatim(str(good)), **counts)
    return say("figure-mean", value=Length(good // total), **counts)


def pace_of(violation: Violation) -> Statement:
    """
    Say in plain words until when an error budget lasts at the pace of a burn: how much of it burns is for those who
    know the word, when the month's allowance is gone is for everybody.
    """
    window, allowed = window_of(violation.window or ""), Share(BASIS_POINTS - _aim(violation).good_target)
    if violation.exhaustion_ms is None:
        return say("pace-lasts", window=window, allowed=allowed)
    if violation.exhaustion_ms == 0:
        return say("pace-gone", window=window, allowed=allowed)
    by = At(violation.as_of + violation.exhaustion_ms)
    return say("pace-gone-by", window=window, allowed=allowed, by=by)


def _headline(violation: Violation, scope: Statement, window: Statement) -> Statement:
    running = violation.closed_at is None
    if violation.kind == "burn":
        if running:
            return say("burn-running", scope=scope, window=window, tier=Verbatim(violation.burn_tier or ""))
        return say("burn-ended", scope=scope, window=window, reason=_reason(violation))
    if running or violation.reason == "window_over":
        key = "objective-missed" if running else "objective-failed"
        return say(key, scope=scope, window=window, figure=figure_of(violation))
    return say("objective-over", scope=scope, window=window, reason=_reason(violation))


def _reason(violation: Violation) -> Statement:
    return say(f"reason-{violation.reason.replace('_', '-')}")


def _aim(violation: Violation) -> Aim:
    return Aim.of(violation.metric or "", violation.target or 0)


__all__ = ["explain_scope", "figure_of", "pace_of", "scope_of", "window_of"]
