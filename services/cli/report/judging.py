"""
Judges figures against the standard's target, and against the period before.

A figure of few is not judged, and neither a miss nor a change is named where chance explains it.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from domain.catalogue import CATALOGUE, keeps
from domain.statistics import Interval, surely_misses
from schemas.objectives import PERCENTILES
from schemas.standards import Standard
from services.cli.report.asking import Asking, Held, Wish
from services.cli.report.naming import PEOPLE
from services.cli.report.periods import Period
from services.history.engine import By, Figure, Wait

__all__ = [
    "Judged",
    "State",
    "Trend",
    "aim_of",
    "beside",
    "judged",
    "least_of",
    "of_figure",
    "of_wait",
    "wished",
    "worst_first",
]

_LEAST_OF_PEOPLE: Final = 10
_TENTH: Final = 10

Group = tuple[tuple[str, str | int | None], ...]


class State(StrEnum):
    """
    How a figure stands to its target.
    """

    HOLDS = "holds"
    MISSES = "misses"
    """Missed, but by no more than chance explains."""
    SURELY = "surely"
    """Missed by more; or missed, where the sums do not say how far single ones lie apart."""
    FEW = "few"
    UNKNOWN = "unknown"
    """Nobody knows the target."""
    NONE = "none"


class Trend(StrEnum):
    """
    How a figure stands to that of another period.
    """

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    """Different by no more than chance explains."""
    NONE = "none"


class Judged(NamedTuple):
    """
    One figure of one group, and what is to be thought of it. A percentile has its milliseconds in ``good``, of 1.
    """

    by: Group
    metric: str
    good: int
    total: int
    n: int
    interval: Interval | None
    state: State
    figure: Figure | None = None
    """What it was made from; None of a percentile."""
    before: "Judged | None" = None
    trend: Trend = Trend.NONE

    @property
    def value(self) -> float | None:
        """
        In the metric's unit; None where there is none.
        """
        return self.good / self.total if self.total else None

    @property
    def plotted(self) -> bool:
        """
        Whether it says enough to stand in a picture among others.
        """
        return self.total > 0 and self.state is not State.FEW


def aim_of(held: Held, figures: Sequence[Figure] = ()) -> str | None:
    """
    The metric that a standard is held to; None where neither its text nor a figure says.
    """
    if held.standard is not None:
        return held.standard.objective.metric
    return next((one.aim for one in figures), None)


def least_of(held: Held, by: Iterable[By], wished: int | None) -> int:
    """
    Fewer than how many are too few to be judged.
    """
    least = wished or (held.standard.objective.minimum_n if held.standard is not None else 1)
    return max(least, _LEAST_OF_PEOPLE) if any(one in PEOPLE for one in by) else least


def judged(
    asking: Asking, held: Held, period: Period, by: tuple[By, ...], wished: int | None, metric: str | None = None
) -> list[Judged]:
    """
    Ask for a metric (that which the standard is held to) in a period, and judge each group.
    """
    least = least_of(held, by, wished)
    aim = metric or aim_of(held)
    if aim in PERCENTILES:
        return [of_wait(one, held.standard, aim, least) for one in asking.waits(held, period, by)]
    figures, _ = asking.figures(held, period, by, [aim] if aim else [])
    wanted = aim or aim_of(held, figures)
    return [of_figure(one, held.standard, least) for one in figures if one.metric == wanted]


def wished(asking: Asking, held: Held, wish: Wish, by: tuple[By, ...], metric: str | None = None) -> list[Judged]:
    """
    Judge each group in the period that is wished, with the same in the other one beside it, if there is one.
    """
    now = judged(asking, held, wish.period, by, wish.minimum_n, metric)
    if wish.against is None or not now:
        return now
    return beside(now, judged(asking, held, wish.against, by, wish.minimum_n, metric))


def of_figure(one: Figure, standard: Standard | None, least: int) -> Judged:
    """
    Judge a figure by the target, where it is of the metric that the standard is held to.
    """
    group = tuple(one.by.items())
    state = _state(one.metric, one.good, one.total, one.n, standard, least)
    return Judged(group, one.metric, one.good, one.total, one.n, one.interval, state, one)


def of_wait(one: Wait, standard: Standard | None, metric: str, least: int) -> Judged:
    """
    Judge a percentile by the target, where the standard is held to that one.
    """
    reached = one.percentiles[metric]
    good, total = (0, 0) if reached is None else (reached, 1)
    state = State.NONE
    if total:
        state = State.FEW if one.n < least else State.UNKNOWN
        if state is State.UNKNOWN and standard is not None and standard.objective.metric == metric:
            state = State.HOLDS if good <= standard.objective.target_value else State.SURELY
    return Judged(tuple(one.by.items()), metric, good, total, one.n, None, state)


def _state(metric: str, good: int, total: int, n: int, standard: Standard | None, least: int) -> State:
    if not total:
        return State.NONE
    if n < least:
        return State.FEW
    if standard is None or standard.objective.metric != metric:
        return State.UNKNOWN
    target, told = standard.objective.target_value, CATALOGUE[metric]
    if keeps(told, good, total, target):
        return State.HOLDS
    if told.unit != "share":
        return State.SURELY
    return State.SURELY if surely_misses(good, total, target, told.better) else State.MISSES


def beside(now: Iterable[Judged], before: Iterable[Judged]) -> list[Judged]:
    """
    Put the same groups of another period beside those of one.
    """
    others = {one.by: one for one in before}
    return [one._replace(before=others.get(one.by), trend=_trend(one, others.get(one.by))) for one in now]


def _trend(now: Judged, before: Judged | None) -> Trend:
    if before is None or not (now.plotted and before.plotted):
        return Trend.NONE
    higher = now.good * before.total > before.good * now.total
    better = higher == (CATALOGUE[now.metric].better == "higher")
    if now.interval is not None and before.interval is not None:
        apart = now.interval.low > before.interval.high or now.interval.high < before.interval.low
    else:
        # Where the sums do not say how sure a figure is, a tenth of it is the least that is told.
        apart = abs(now.good * before.total - before.good * now.total) * _TENTH > abs(before.good) * now.total
    if not apart:
        return Trend.SAME
    return Trend.BETTER if better else Trend.WORSE


def worst_first(found: Iterable[Judged]) -> list[Judged]:
    """
    Put what lies farthest on the wrong side first; what is too few or has no value last.
    """
    return sorted(found, key=lambda one: (not one.plotted, _badness(one)))


def _badness(one: Judged) -> float:
    value = one.value or 0.0
    return value if CATALOGUE[one.metric].better == "higher" else -value
