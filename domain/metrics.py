"""
Metrics of clocks by name: every figure that a standard with a clock can be held to, out of one set of counts.

Counts add up: over minutes, queues, sites and chunks. A metric is a pair of integers (good, total) made from the
counts; a total of zero means that there is no value, never 0 % or 100 %. Everything is attributed to the minute in
which the journey arrived.
"""

from collections.abc import Callable, Iterable
from typing import Final, Generic, NamedTuple, TypeVar


class Counts(NamedTuple):
    """
    What is counted of the clocks of one standard; each field is a sum and may be added to another's.

    A clock that lies outside its standard's plausible range is counted in ``implausible`` and nowhere else; a
    cancelled, expired or retired one likewise in its own field.
    """

    answered: int = 0
    """N: clocks that were stopped."""
    answered_within: int = 0
    """A_T: of these, within the limit (the limit itself still keeps it)."""
    abandoned: int = 0
    """B: clocks that ended because the customer left."""
    abandoned_within: int = 0
    """B_T: of these, within the limit."""
    abandoned_short: int = 0
    """B_s: of these, within the short-abandon length."""
    answered_wait_ms: int = 0
    """Sum of the values of the stopped clocks, in milliseconds."""
    implausible: int = 0
    cancelled: int = 0
    expired: int = 0
    retired: int = 0
    """Clocks that were still running when their standard was retired."""

    @classmethod
    def total(cls, many: "Iterable[Counts]") -> "Counts":
        """
        Add up any number of sums; of none it is all zeros.
        """
        return cls(*map(sum, zip(*many, strict=True)))


def tally(
    counts: list[int],
    sign: int,
    ended_by: str,
    plausible: bool,  # noqa: FBT001 - as above
    value_ms: int,
    limit_ms: int,
    short_abandon_ms: int,
) -> None:
    """
    Count one clock that ended into running sums, in place; with ``sign`` -1 take it out again.

    ``counts`` has the fields of ``Counts`` in their order; ``ended_by`` is a measurement's word; durations are
    milliseconds.
    """
    if ended_by == "stopped" and plausible:
        counts[_ANSWERED] += sign
        counts[_ANSWERED_WAIT_MS] += sign * value_ms
        if value_ms <= limit_ms:
            counts[_ANSWERED_WITHIN] += sign
    elif ended_by == "cancelled":
        counts[_CANCELLED] += sign
    elif ended_by == "expired":
        counts[_EXPIRED] += sign
    elif ended_by == "retired":
        counts[_RETIRED] += sign
    elif not plausible:
        counts[_IMPLAUSIBLE] += sign
    else:
        counts[_ABANDONED] += sign
        if value_ms <= limit_ms:
            counts[_ABANDONED_WITHIN] += sign
        if value_ms <= short_abandon_ms:
            counts[_ABANDONED_SHORT] += sign


(
    _ANSWERED, _ANSWERED_WITHIN, _ABANDONED, _ABANDONED_WITHIN, _ABANDONED_SHORT, _ANSWERED_WAIT_MS,
    _IMPLAUSIBLE, _CANCELLED, _EXPIRED, _RETIRED,
) = range(len(Counts._fields))  # fmt: skip


Sums = TypeVar("Sums")
"""What a metric is made from: integer sums that add up over minutes, queues and sites."""


class Check(NamedTuple, Generic[Sums]):
    """
    Sums, and the figure that must come out of them as it is shown; None where there is no value.
    """

    sums: Sums
    figure: str | None


class Metric(NamedTuple, Generic[Sums]):
    """
    A named figure: how it is made, in what unit, which way is better, and where the definition comes from.
    """

    name: str
    formula: str
    unit: str
    """What good/total is measured in; a word of ``UNITS``."""
    better: str
    """``higher`` or ``lower``."""
    pair: Callable[[Sums], tuple[int, int]]
    source: str
    nothing: str = "nobody came"
    """What a total of zero means; there is no value then."""
    kinds: tuple[str, ...] = ("clock",)
    """The kinds of standard that can be held to it; ``live``: it is shown of the present, and none is held to it."""
    attribution: str = "the minute in which the journey arrived"
    checks: tuple[Check[Sums], ...] = ()


UNITS: Final[dict[str, tuple[str, int]]] = {
    "share": ("good of total, 0 to 1; shown in percent", 10_000),
    "milliseconds": ("a duration; shown in words", 1),
    "points": ("-100 to 100", 100),
    "hundredths": ("a hundredth of a step of the scale that was asked on", 1),
    "per_100": ("events for every 100", 100),
    "per_1000": ("events for every 1,000", 100),
    "journeys": ("how many", 1),
}
"""Each unit with what it means, and how many steps of a target make one: a target of 80 % is 8,000 basis points."""


_COMPARED: Final = Counts(
    answered=1_000,
    answered_within=860,
    abandoned=60,
    abandoned_within=20,
    abandoned_short=10,
    answered_wait_ms=24_600_000,
)
"""One hour on which all of them differ."""


def _clock(
    name: str,
    formula: str,
    better: str,
    pair: Callable[[Counts], tuple[int, int]],
    figure: str,
    nothing: str,
    source: str,
    *,
    unit: str = "share",
) -> Metric[Counts]:
    checks = (Check(_COMPARED, figure), Check(Counts(), None))
    return Metric(name, formula, unit, better, pair, source, nothing, checks=checks)


_HELPER: Final = "Call Centre Helper, Service level calculations"

METRICS: Final[dict[str, Metric[Counts]]] = {
    metric.name: metric
    for metric in (
        _clock("sl_all_offered", "A_T / (N + B)", "higher",
               lambda c: (c.answered_within, c.answered + c.abandoned), "81.13%", "nobody came",
               f"{_HELPER}, formula 3: every abandon counts against"),
        _clock("sl_short_excluded", "A_T / (N + B - B_s)", "higher",
               lambda c: (c.answered_within, c.answered + c.abandoned - c.abandoned_short), "81.90%",
               "nobody came, but for short abandons", "Genesys Cloud, service level without short abandons"),
        _clock("sl_short_credited", "(A_T + B_s) / (N + B)", "higher",
               lambda c: (c.answered_within + c.abandoned_short, c.answered + c.abandoned), "82.08%", "nobody came",
               f"{_HELPER}, formula 5: short abandons count as kept"),
        _clock("sl_late_abandons", "A_T / (N + B - B_T)", "higher",
               lambda c: (c.answered_within, c.answered + c.abandoned - c.abandoned_within), "82.69%",
               "nobody came, but for who left within the limit", f"{_HELPER}, formula 4: early abandons are left out"),
        _clock("sl_abandons_credited", "(A_T + B_T) / (N + B)", "higher",
               lambda c: (c.answered_within + c.abandoned_within, c.answered + c.abandoned), "83.02%", "nobody came",
               f"{_HELPER}, formula 1: early abandons count as kept"),
        _clock("sl_answered_only", "A_T / N", "higher",
               lambda c: (c.answered_within, c.answered), "86.00%", "nobody was served",
               f"{_HELPER}, formula 2: leaves out who gave up, and so flatters"),
        _clock("goal_met", "stopped within the limit / stopped and plausible", "higher",
               lambda c: (c.answered_within, c.answered), "86.00%", "no clock was stopped",
               "speed-of-service timers: goals met of valid events"),
        _clock("abandonment", "B / (N + B)", "lower",
               lambda c: (c.abandoned, c.answered + c.abandoned), "5.66%", "nobody came",
               "Amazon Connect, abandonment rate: abandoned of queued"),
        _clock("abandonment_net", "(B - B_s) / (N + B - B_s)", "lower",
               lambda c: (c.abandoned - c.abandoned_short, c.answered + c.abandoned - c.abandoned_short), "4.76%",
               "nobody came, but for short abandons", "usual in call centres; the short length is the standard's own"),
        _clock("asa", "sum of waits of the answered / N", "lower",
               lambda c: (c.answered_wait_ms, c.answered), "24.6 s", "nobody was served",
               "Amazon Connect, average queue answer time: over the answered alone; abandons are left out",
               unit="milliseconds"),
    )
}  # fmt: skip
"""What every standard with a clock is shown by, by name; the whole catalogue is in ``domain.catalogue``."""
