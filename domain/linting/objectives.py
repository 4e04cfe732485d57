"""
Objectives that nothing can miss or nothing can reach, and windows that reach further back than anything is kept.
"""

from collections.abc import Iterator
from typing import Final

from domain.burning import Ratio, Tier, condition_of
from domain.linting.clocked import Clocked, clocked
from domain.linting.findings import Finding, Papers, Path
from domain.linting.rules import Rule
from domain.moments import written_duration
from schemas.base import BASIS_POINTS, DAY_MS
from schemas.burn_alerts import BurnAlert
from schemas.objectives import DURATION_METRICS, NUMBER_METRICS, PERCENTILES, SHARE_METRICS, Objective
from schemas.scores import HUNDREDTHS, Score
from schemas.standards import Standard
from schemas.tables import ATTAINMENT_TABLE
from schemas.topics import ATTAINMENT
from schemas.windows import Window

_TARGET: Final = ("objective", "target")
HISTORY_MS: Final = ATTAINMENT_TABLE.keep_days * DAY_MS
TOPIC_MS: Final = ATTAINMENT.retention_ms


def lint_objectives(papers: Papers) -> Iterator[Finding]:
    """
    Look at every objective by itself.
    """
    for written, standard in papers.written(Standard):
        if standard.presence is not None:
            continue  # it has no objective: whoever is silent is a violation
        yield from (written.finding(*said) for said in _target(standard))
        for path, window in windows_of(standard.objective):
            rule = kept_for(window.nominal_ms)
            if window.nominal_ms <= decided_after(standard):
                told = written_duration(decided_after(standard))
                problem = f"{written_duration(window.nominal_ms)} have passed before anything that breaks {told} has"
                yield written.finding(Rule.WINDOW_TOO_SHORT, path, problem)
            if rule is not None:
                kept = written_duration(HISTORY_MS if rule is Rule.WINDOW_OUTLIVES_HISTORY else TOPIC_MS)
                problem = f"reaches {written_duration(window.nominal_ms)} back; sums are kept for {kept}"
                yield written.finding(rule, (*path, "rolling"), problem, f"write at most {kept}")
        yield from (written.finding(*said) for said in _burns(standard.objective))
    for one in clocked(papers):
        yield from _plausible(one)


def decided_after(standard: Standard) -> int:
    """
    Say how long after its arrival the soonest miss is known, in milliseconds; 0 where it is known at once, or depends.
    """
    if standard.objective.metric in PERCENTILES:
        return standard.objective.target_value
    if standard.clock is not None:
        return min(standard.clock.all_limits(), default=0)
    return (standard.rate and standard.rate.within) or 0


def windows_of(aim: Objective) -> list[tuple[Path, Window]]:
    """
    Return the windows of an objective, each with its field.
    """
    if aim.windows:
        return [(("objective", "windows", place), window) for place, window in enumerate(aim.windows)]
    return [(("objective", "window"), aim.window)]


def alerts_of(aim: Objective) -> tuple[BurnAlert, ...]:
    """
    Return the burn conditions that are written out; those of `auto` are derived, and sound by that.
    """
    return aim.burn_alerts if isinstance(aim.burn_alerts, tuple) else ()


def _burns(aim: Objective) -> Iterator[tuple[Rule, Path, str]]:
    """
    Conditions that only a window in which nearly everything is bad can reach; beyond that a document is not valid.
    """
    for place, alert in enumerate(alerts_of(aim)):
        tier = Tier("", alert.share_of_budget, alert.long, alert.short)
        condition = condition_of(tier, aim.good_target, aim.period_ms)
        if condition.capped:
            part, whole = condition.factor
            factor, greatest = _told((part, whole)), _told((BASIS_POINTS, whole))
            problem = f"fires at a burn of {factor} only, and {greatest} is the greatest that there can be"
            yield Rule.BURN_NEARLY_IMPOSSIBLE, ("objective", "burn_alerts", place, "share_of_budget"), problem


def _told(factor: Ratio) -> str:
    tenths = factor[0] * 10 // factor[1]
    return f"{tenths // 10}.{tenths % 10}"


def kept_for(window_ms: int) -> Rule | None:
    """
    Say which store a window reaches beyond, if any.
    """
    if window_ms > HISTORY_MS:
        return Rule.WINDOW_OUTLIVES_HISTORY
    return Rule.WINDOW_OUTLIVES_TOPIC if window_ms > TOPIC_MS else None


def _target(standard: Standard) -> Iterator[tuple[Rule, Path, str]]:
    aim = standard.objective
    target = aim.target_value
    if aim.metric in DURATION_METRICS and target == 0:
        yield Rule.NEVER_HOLDS, _TARGET, f"no {aim.metric} is {aim.target}: whatever is measured takes time"
    if standard.score is not None and aim.metric in NUMBER_METRICS:
        lowest, highest = _bounds(aim.metric, standard.score)
        if target <= lowest:
            yield Rule.NEVER_FAILS, _TARGET, f"every {aim.metric} keeps {aim.target}: it is never below {lowest // 100}"
        if target > highest:
            yield Rule.NEVER_HOLDS, _TARGET, f"no {aim.metric} keeps {aim.target}: it is never above {highest // 100}"
    if aim.metric not in SHARE_METRICS:
        return
    allowed = BASIS_POINTS - aim.good_target
    if allowed == BASIS_POINTS:
        yield Rule.NEVER_FAILS, _TARGET, f"every {aim.metric} keeps {aim.target}, whatever happens"
    elif allowed == 0:
        yield Rule.NO_BUDGET, _TARGET, f"{aim.target} of {aim.metric} allows nothing to go wrong"


def _bounds(metric: str, score: Score) -> tuple[int, int]:
    """
    The least and the greatest figure, in hundredths.
    """
    if metric == "nps":
        return -100 * HUNDREDTHS, 100 * HUNDREDTHS
    return score.lowest * HUNDREDTHS, (score.highest or 0) * HUNDREDTHS


def _plausible(one: Clocked) -> Iterator[Finding]:
    """
    A clock whose plausible values all lie on one side of its limits.
    """
    validity, limits = one.clock.validity, one.clock.all_limits()
    if not limits:
        return
    if validity.longest is not None and validity.longest <= min(limits):
        problem = (
            f"nothing longer than {written_duration(validity.longest)} counts, "
            f"and everything up to {written_duration(min(limits))} keeps the limit"
        )
        fix = "let longest be far longer than the limit"
        yield one.written.finding(Rule.NEVER_FAILS, ("clock", "validity", "longest"), problem, fix)
    if validity.shortest > max(limits):
        problem = (
            f"nothing shorter than {written_duration(validity.shortest)} counts, "
            f"and everything beyond {written_duration(max(limits))} breaks the limit"
        )
        fix = "let shortest be far shorter than the limit"
        yield one.written.finding(Rule.NEVER_HOLDS, ("clock", "validity", "shortest"), problem, fix)
    aim = one.standard.objective
    if aim.metric in DURATION_METRICS and aim.target_value >= one.clock.expiry:
        told = "mean" if aim.metric not in PERCENTILES else aim.metric
        problem = f"a clock expires after {written_duration(one.clock.expiry)}, so no {told} is longer"
        yield one.written.finding(Rule.NEVER_FAILS, _TARGET, problem)


__all__ = ["HISTORY_MS", "TOPIC_MS", "alerts_of", "decided_after", "kept_for", "lint_objectives", "windows_of"]
