"""
The catalogue: every metric that a standard can be held to or a page can show, by name, from whatever it is made.

A metric's pair (good, total) is exact and in integers; good/total is the figure in the metric's unit. A total of zero
means that there is no value, never 0 % or 100 %. Which sums a metric takes is said by the table it stands in:
``METRICS`` and ``CLOCKS`` take ``Counts``, ``PERCENTILES`` a ``Distribution``, ``RATES``, ``SCORES`` and ``LIVE`` the
sums of ``domain.sums``. Beyond the pair, an interval is worked out by ``domain.statistics``.
"""

from collections.abc import Callable
from typing import Any, Final

from domain.distributions import Distribution
from domain.histogram import rank_of
from domain.metrics import METRICS, UNITS, Check, Counts, Metric
from domain.moments import spoken_duration
from domain.sums import LiveCounts, RateCounts, ScoreCounts
from schemas import objectives
from schemas.base import BASIS_POINTS

_OWN: Final = "the instant at which each of the events happened"
_NOW: Final = "the instant at which one looks"
_ANSWERED: Final = "the instant of the answer"


def _shared(counts: RateCounts) -> tuple[int, int]:
    return counts.good, counts.total


def per_n(n: int, name: str, formula: str, nothing: str, source: str, figure: str | None = None) -> Metric[RateCounts]:
    """
    A count for every ``n`` (100 or 1,000) of another event; ``figure`` is what 3 of 1,200 come to.
    """
    checks = (Check(RateCounts(), None), *([Check(RateCounts(3, 1_200), figure)] if figure else []))
    return Metric(
        name, formula, f"per_{n}", "lower", lambda c: (n * c.good, c.total), source, nothing, ("rate",), _OWN, checks
    )


CLOCKS: Final[dict[str, Metric[Counts]]] = METRICS | {
    "aht": Metric(
        "aht", "sum of handling times / handled: talk, hold and after-work", "milliseconds", "lower",
        lambda c: (c.answered_wait_ms, c.answered),
        "Amazon Connect, average handle time; which parts are in it is said by the start and stop of the clock",
        "nobody was handled",
        checks=(Check(Counts(answered=4, answered_wait_ms=720_000), "3 min"), Check(Counts(), None)),
    )
}  # fmt: skip
"""All that take ``Counts``: ``aht`` only makes sense of a clock that measures handling."""


def _percentile(name: str, share: int) -> Metric[Distribution]:
    def pair(of: Distribution) -> tuple[int, int]:
        found = of.percentile(share, BASIS_POINTS)
        return (0, 0) if found is None else (found.value, 1)

    return Metric(
        name, f"the lowest value that at least {share // 100} % of all values do not exceed",
        "milliseconds", "lower", pair,
        "nearest rank; exact up to 64 values, beyond that never better than it was and at most 1/128 worse",
        "no clock was stopped",
        checks=(Check(Distribution.of(range(1_000, 65_000, 1_000)),
                      spoken_duration(rank_of(64, share, BASIS_POINTS) * 1_000)),
                Check(Distribution.of(), None)),
    )  # fmt: skip


PERCENTILES: Final[dict[str, Metric[Distribution]]] = {
    name: _percentile(name, share) for name, share in objectives.PERCENTILES.items()
}


def _rate(
    name: str,
    formula: str,
    better: str,
    nothing: str,
    source: str,
    *,
    kinds: tuple[str, ...] = ("rate",),
    attribution: str = _OWN,
) -> Metric[RateCounts]:
    checks = (Check(RateCounts(172, 200), "86.00%"), Check(RateCounts(0, 3), "0.00%"), Check(RateCounts(), None))
    return Metric(name, formula, "share", better, _shared, source, nothing, kinds, attribution, checks)


RATES: Final[dict[str, Metric[RateCounts]]] = {
    metric.name: metric
    for metric in (
        _rate("rate", "good / total", "higher", "nothing of what is counted happened",
              "sums over sums; what is good and what is counted is said by the standard",
              kinds=("rate", "sequence")),
        _rate("first_contact_resolution", "resolved at the first contact and not back within the window / all",
              "higher", "nobody came",
              "Call Centre Helper, first contact resolution net of repeats: usual are 7 days, 1 to 30 are seen; "
              "provisional until they have passed",
              attribution="the first contact"),
        _rate("transfer_rate", "handed over / handled", "lower", "nobody was handled",
              "Amazon Connect: contacts transferred out, of contacts handled"),
        _rate("reopen_rate", "opened again / closed", "lower", "nothing was closed",
              "Amazon Connect: cases reopened, of cases resolved", attribution="the close that did not hold"),
        per_n(100, "per_100", "100 × events / other events", "none of the other events happened",
              "sums over sums; both events are said by the standard", "0.25"),
        per_n(1_000, "per_1000", "1,000 × events / other events", "none of the other events happened",
              "sums over sums; both events are said by the standard", "2.50"),
        per_n(1_000, "complaints_per_1000", "1,000 × complaints opened / visits", "nobody came",
              "usual beside ISO 10002, which sets no figures", "2.50"),
        per_n(100, "lost_sales_per_100", "100 × sales lost / visits", "nobody came",
              "usual in shops; the reasons are counted beside it", "0.25"),
    )
}  # fmt: skip


def _score(  # noqa: PLR0913 - a line of the table
    name: str,
    formula: str,
    unit: str,
    pair: Callable[[ScoreCounts], tuple[int, int]],
    figure: str,
    source: str,
    *,
    better: str = "higher",
    nothing: str = "nobody answered",
    attribution: str = _ANSWERED,
) -> Metric[ScoreCounts]:
    sums = ScoreCounts(100, 170, 200, 43_000, 19_000_000, 50, 20, 86, 2)
    checks = (Check(sums, figure), Check(ScoreCounts(), None))
    return Metric(name, formula, unit, better, pair, source, nothing, ("score",), attribution, checks)


_SEEN: Final = "the instant of the observation"

SCORES: Final[dict[str, Metric[ScoreCounts]]] = {
    metric.name: metric
    for metric in (
        _score("csat_top2", "answers in the two highest boxes of the scale / answers", "share",
               lambda c: (c.top2, c.n), "86.00%", "top two boxes: 4 and 5 of five; with Wilson's interval"),
        _score("csat_mean", "sum of scores / answers", "hundredths",
               lambda c: (c.sum, c.n), "4.30", "mean satisfaction; with Student's interval"),
        _score("nps", "100 × (promoters - detractors) / answers", "points",
               lambda c: (100 * (c.promoters - c.detractors), c.n), "30.00",
               "Reichheld, Harvard Business Review 12/2003: promoters 9 and 10, detractors 0 to 6; "
               "variance 100²·(p + d - (p - d)²)/n"),
        _score("ces", "sum of scores / answers", "hundredths",
               lambda c: (c.sum, c.n), "4.30",
               "Dixon, Freeman and Toman, Harvard Business Review 7/2010, here the higher the easier; "
               "a question that runs the other way is reversed first"),
        _score("checklist_score", "sum of weight earned / sum of weight possible, over the items that applied",
               "share", lambda c: (c.earned, c.possible), "85.00%",
               "mystery shopping: items that do not apply are in neither sum; a failed critical item earns nothing",
               nothing="nothing that applied was seen", attribution=_SEEN),
        _score("critical_failures", "checklists with a failed critical item / checklists", "share",
               lambda c: (c.failed_critical, c.n), "2.00%", "says what checklist_score was pulled down by",
               better="lower", nothing="nothing that applied was seen", attribution=_SEEN),
    )
}  # fmt: skip

_QUEUE: Final = LiveCounts(answered=1_000, answered_within=860, abandoned=60, waiting=7, waiting_beyond=4,
                           oldest_waiting_ms=95_000)  # fmt: skip

LIVE: Final[dict[str, Metric[LiveCounts]]] = {
    metric.name: metric
    for metric in (
        Metric("sl_live", "A_T / (N + B + W_T)", "share", "higher",
               lambda c: (c.answered_within, c.answered + c.abandoned + c.waiting_beyond),
               "who already waits beyond the limit is missed now: an unanswered queue must not look healthy",
               "nobody came, and nobody has waited beyond the limit", ("live",), _NOW,
               (Check(_QUEUE, "80.83%"), Check(LiveCounts(waiting_beyond=3, waiting=3), "0.00%"),
                Check(LiveCounts(waiting=3), None))),
        Metric("waiting_now", "who waits", "journeys", "lower", lambda c: (c.waiting, 1),
               "a gauge: it always has a value", "cannot be: nobody waiting is 0", ("live",), _NOW,
               (Check(_QUEUE, "7"), Check(LiveCounts(), "0"))),
        Metric("oldest_waiting", "now less the arrival of who has waited longest", "milliseconds", "lower",
               lambda c: (c.oldest_waiting_ms, 1 if c.waiting else 0),
               "a gauge: without clocks that were given up, so that it shows no ghosts", "nobody waits", ("live",),
               _NOW, (Check(_QUEUE, "1 min 35 s"), Check(LiveCounts(), None))),
    )
}  # fmt: skip

CATALOGUE: Final[dict[str, Metric[Any]]] = {**CLOCKS, **PERCENTILES, **RATES, **SCORES, **LIVE}
"""Every metric by its name, whatever it is made from."""


_COUNTED: Final = {
    "csat_top2": "answers", "csat_mean": "answers", "nps": "answers", "ces": "answers",
    "checklist_score": "weight of the checklists", "critical_failures": "checklists",
    "first_contact_resolution": "contacts",
}  # fmt: skip


def counted_of(metric: str) -> str:
    """
    What a metric's total counts, in a word: journeys of clocks, answers, contacts, or events of whatever kind.
    """
    return _COUNTED.get(metric, "events" if metric in RATES else "journeys")


def keeps(metric: Metric[Any], good: int, total: int, target: int) -> bool | None:
    """
    Whether a pair keeps its target, decided in integers; None where there is no value.

    The target is in the steps of the metric's unit (``UNITS``): basis points, milliseconds, hundredths. The target
    itself is kept.
    """
    if not total:
        return None
    figure, aim = good * UNITS[metric.unit][1], target * total
    return figure >= aim if metric.better == "higher" else figure <= aim


def figure_of(metric: Metric[Any], good: int, total: int) -> str | None:
    """
    A pair as it is shown, rounded to the nearest; None where there is no value.
    """
    if not total:
        return None
    if metric.unit == "milliseconds":
        return spoken_duration(good // total)
    if metric.unit == "journeys":
        return str(good // total)
    steps = _nearest(good * (1 if metric.unit == "hundredths" else UNITS[metric.unit][1]), total)
    text = f"{'-' if steps < 0 else ''}{abs(steps) // 100}.{abs(steps) % 100:02d}"
    return f"{text}%" if metric.unit == "share" else text


def _nearest(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


__all__ = [
    "CATALOGUE",
    "CLOCKS",
    "LIVE",
    "PERCENTILES",
    "RATES",
    "SCORES",
    "counted_of",
    "figure_of",
    "keeps",
    "per_n",
]
