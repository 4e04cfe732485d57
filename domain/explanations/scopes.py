"""
Explains verdicts on many journeys together: an objective missed over a window, an error budget spent too fast.

The figure, the counts that it is of and what it is held to stand side by side, so that nobody has to trust a
percentage alone.
"""

from collections.abc import Iterator
from typing import Final

from domain.aims import Aim, missed
from domain.catalogue import CATALOGUE
from domain.explanations.explanation import Explanation
from domain.explanations.figures import formula_of
from domain.explanations.promises import FOR_EVERY, objectives, why_of
from domain.explanations.statements import (
    Argument,
    At,
    Choice,
    Count,
    Length,
    Points,
    Share,
    Statement,
    Verbatim,
    key_of,
    say,
)
from schemas.base import BASIS_POINTS, parse_duration
from schemas.outcomes import Violation
from schemas.standards import Standard

_EACH: Final = {"per_100": 100, "per_1000": 1_000}
"""For how many others a unit counts events."""


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
        why=why_of(standard),
        steps=(),
        stretches=(),
        judgement=(
            _judged(violation),
            formula_of(CATALOGUE[violation.metric or ""]),
            say("judged-reason", reason=_reason(violation)),
            _lasted(violation),
            *([pace_of(violation)] if violation.kind == "burn" else []),
        ),
        remedies=tuple(_remedies(violation)),
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
    return say(key_of("window", rest.partition("@")[0].partition(":")[0]))


def figure_of(violation: Violation) -> Statement:
    """
    Say the figure that a verdict rests on, with its counts. It is rounded to the worse, so that no figure that misses
    its target reads like one that keeps it.
    """
    aim, good, total = _aim(violation), violation.good or 0, violation.total or 0
    if not total:
        return say("figure-none")
    counts = {"metric": Verbatim(aim.metric), "total": Verbatim(str(total))}
    if aim.within:
        share = Share(good * BASIS_POINTS // total)
        value, target = Length(violation.value_ms), Length(aim.target)
        return say("figure-percentile", value=value, target=target, share=share, good=Verbatim(str(good)), **counts)
    steps = good * aim.steps // total if aim.higher else -(-good * aim.steps // total)
    if aim.has_budget:
        return say("figure-share", share=Share(steps), good=Verbatim(str(good)), **counts)
    return say("figure-mean", value=_value(CATALOGUE[aim.metric].unit, steps), **counts)


def _judged(violation: Violation) -> Statement:
    """The figure; that of a burn is of its long window, and not of the one whose budget it is."""
    figure = figure_of(violation)
    if violation.burn_tier is None:
        return say("judged-figure", figure=figure)
    return say(
        "judged-figure-over", window=window_of(f"rolling:{violation.burn_tier.partition('/')[0]}"), figure=figure
    )


def _value(unit: str, steps: int) -> Argument:
    if unit in FOR_EVERY:
        number = f"{steps // 100}.{steps % 100:02}".rstrip("0").rstrip(".")
        return say("target-for-every", number=Verbatim(number), n=Choice(FOR_EVERY[unit]))
    return Length(steps) if unit == "milliseconds" else Points(steps)


def _lasted(violation: Violation) -> Statement:
    since = At(violation.opened_at)
    return (
        say("held-since", since=since)
        if violation.closed_at is None
        else say("held-between", since=since, until=At(violation.closed_at))
    )


def _remedies(violation: Violation) -> Iterator[Statement]:
    """How many fewer would have kept the target; a burn has none, and of a mean no number of journeys says it."""
    aim, good, total = _aim(violation), violation.good or 0, violation.total or 0
    if violation.kind == "burn" or not missed(aim, good, total):
        return
    each = _EACH.get(CATALOGUE[aim.metric].unit)
    if aim.has_budget:
        allowed = (BASIS_POINTS - aim.good_target) * total // BASIS_POINTS
        counts: dict[str, Argument] = {"fewer": Count(aim.bad(good, total) - allowed), "total": Verbatim(str(total))}
        yield (
            say("keep-fewer-longer", target=Length(aim.target), **counts)
            if aim.within
            else say("keep-fewer-wrong", **counts)
        )
    elif each:
        allowed = aim.target * total // (aim.steps * each)
        yield say("keep-fewer", fewer=Count(good // each - allowed), total=Verbatim(str(total)))


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
    return say(key_of("reason", violation.reason))


def _aim(violation: Violation) -> Aim:
    return Aim.of(violation.metric or "", violation.target or 0)


__all__ = ["explain_scope", "figure_of", "pace_of", "scope_of", "window_of"]
