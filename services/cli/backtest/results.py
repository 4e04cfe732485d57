"""
Results: what each side of a backtest comes to, on the whole and by site, in figures that two sides can be laid side by
side by.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from domain.aims import Aim, missed, percentile_of
from domain.histogram import merged
from services.cli.backtest.comparing import Swing, Verdict
from services.cli.backtest.notices import Notice
from services.cli.backtest.proposals import Side
from services.cli.backtest.run import Found
from services.history.engine import Period

__all__ = ["Held", "SideResult", "days_of", "named_swings", "results_of", "swing_name"]


_ASKED_FOR: Final = ("kept_to_broken", "broken_to_kept", "newly_judged", "no_longer_judged")


class Held(StrEnum):
    """
    Whether the objective was held over the whole of the period.
    """

    KEPT = "kept"
    FAILED = "failed"
    TOO_FEW = "too_few"
    """Fewer than the objective's minimum_n: the figure says nothing."""
    NO_VALUE = "no_value"


class SideResult(NamedTuple):
    """
    What one side comes to at one site; a site of None is all of them. Notices are in the order of time; `hours` counts
    violations by the hour of the local day in which they were opened.
    """

    site: str | None
    metric: str
    good: int
    total: int
    n: int
    percentile_ms: int | None
    """Where the metric is a percentile, what it comes to; ``good`` are those within its target."""
    held: Held
    violations: int
    notices: tuple[Notice, ...]
    hours: tuple[int, ...]

    @property
    def pair(self) -> tuple[int, int]:
        """
        What the figure is made of: good of total, or what a percentile comes to.
        """
        return (self.good, self.total) if self.percentile_ms is None else (self.percentile_ms, 1)

    @property
    def value(self) -> float | None:
        """
        The figure in the metric's unit.
        """
        above, below = self.pair
        return above / below if below else None


def results_of(found: Found, side: Side) -> Iterator[SideResult]:
    """
    Yield the whole first, then each site in the order of names.
    """
    aim = Aim.of(side.latest.objective.metric, side.latest.objective.target_value, side.latest.objective.minimum_n)
    sums: dict[str | None, tuple[int, int, int]] = {None: (0, 0, 0)}
    values: dict[str | None, dict[int, int]] = {}
    for figure in found.figures:
        if figure.group.standard == side.key and figure.metric == aim.metric:
            site = dict(figure.group.by).get("site")
            good, total, n = sums.get(site, (0, 0, 0))
            sums[site] = (good + figure.good, total + figure.total, n + figure.n)
            values[site] = merged([values.get(site, {}), figure.values])
    told: dict[str | None, list[Notice]] = {None: found.notices.of(side.key)}
    for notice in told[None]:
        told.setdefault(notice.site, []).append(notice)
        sums.setdefault(notice.site, (0, 0, 0))
    for site in sorted(sums, key=lambda name: (name is not None, name or "")):
        good, total, n = sums[site]
        notices = told.get(site, [])
        yield SideResult(
            site=site,
            metric=aim.metric,
            good=good,
            total=total,
            n=n,
            percentile_ms=percentile_of(aim, values.get(site, {})),
            held=_held(aim, good, total, n),
            violations=sum(one.violations for one in notices),
            notices=tuple(notices),
            hours=tuple(found.notices.hours(side.key, site)),
        )


def days_of(found: Found, period: Period) -> int:
    """
    Count the local days of the period, both ends included; where it is open, from the first arrival or to the last.
    """
    begin = found.first_at if period.from_ms is None else period.from_ms
    end = found.last_at if period.until_ms is None else period.until_ms - 1
    if begin is None or end is None:
        return 0
    first, last = (date.fromisoformat(found.local(at)[0]) for at in (begin, end))
    return (last - first).days + 1


def named_swings(swings: Iterable[tuple[Swing, int]]) -> dict[str, int]:
    """
    Count verdicts that changed, by the words of the report: the four that everybody asks for, and others that occurred.
    """
    named = dict.fromkeys(_ASKED_FOR, 0)
    for (old, new), count in sorted(swings):
        if old is not new:
            name = swing_name((old, new))
            named[name] = named.get(name, 0) + count
    return named


def swing_name(swing: Swing) -> str:
    """
    Name a change of verdict.
    """
    old, new = swing
    if old is Verdict.UNJUDGED:
        return "newly_judged"
    return "no_longer_judged" if new is Verdict.UNJUDGED else f"{old}_to_{new}"


def _held(aim: Aim, good: int, total: int, n: int) -> Held:
    if total == 0:
        return Held.NO_VALUE
    if n < aim.minimum_n:
        return Held.TOO_FEW
    return Held.FAILED if missed(aim, good, total) else Held.KEPT
