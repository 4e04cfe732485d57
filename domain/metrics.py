"""
The catalogue of metrics by name: every figure that a standard can be held to, out of one set of counts.

Counts add up: over minutes, queues, sites and chunks. A metric is a pair of integers (good, total) made from the
counts; a total of zero means that there is no value, never 0 % or 100 %. Everything is attributed to the minute in
which the journey arrived.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple


class Counts(NamedTuple):
    """
    What is counted of the clocks of one standard; each field is a sum and may be added to another's.

    A clock that lies outside its standard's plausible range is counted in ``implausible`` and nowhere else; a cancelled
    or an expired one likewise in its own field.
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

    @classmethod
    def total(cls, many: "Iterable[Counts]") -> "Counts":
        """
        Add up any number of sums; of none it is all zeros.
        """
        columns = list(zip(*many, strict=True))
        return cls(*map(sum, columns)) if columns else cls()


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
    if ended_by == "cancelled":
        counts[_CANCELLED] += sign
    elif ended_by == "expired":
        counts[_EXPIRED] += sign
    elif not plausible:
        counts[_IMPLAUSIBLE] += sign
    elif ended_by == "abandoned":
        counts[_ABANDONED] += sign
        if value_ms <= limit_ms:
            counts[_ABANDONED_WITHIN] += sign
        if value_ms <= short_abandon_ms:
            counts[_ABANDONED_SHORT] += sign
    else:
        counts[_ANSWERED] += sign
        counts[_ANSWERED_WAIT_MS] += sign * value_ms
        if value_ms <= limit_ms:
            counts[_ANSWERED_WITHIN] += sign


(
    _ANSWERED, _ANSWERED_WITHIN, _ABANDONED, _ABANDONED_WITHIN, _ABANDONED_SHORT, _ANSWERED_WAIT_MS,
    _IMPLAUSIBLE, _CANCELLED, _EXPIRED,
) = range(len(Counts._fields))  # fmt: skip


class Metric(NamedTuple):
    """
    A named figure: how it is made, in what unit, which way is better, and where the definition comes from.
    """

    name: str
    formula: str
    unit: str
    """``share`` (good of total, 0 to 1) or ``milliseconds`` (mean: good is a sum of milliseconds)."""
    better: str
    """``higher`` or ``lower``."""
    pair: Callable[[Counts], tuple[int, int]]
    source: str


_BOOK: Final = "named and compared in the reference of metrics; call-centre usage varies by vendor"

METRICS: Final[dict[str, Metric]] = {
    metric.name: metric
    for metric in (
        Metric("sl_all_offered", "A_T / (N + B)", "share", "higher",
               lambda c: (c.answered_within, c.answered + c.abandoned), _BOOK),
        Metric("sl_short_excluded", "A_T / (N + B - B_s)", "share", "higher",
               lambda c: (c.answered_within, c.answered + c.abandoned - c.abandoned_short), _BOOK),
        Metric("sl_short_credited", "(A_T + B_s) / (N + B)", "share", "higher",
               lambda c: (c.answered_within + c.abandoned_short, c.answered + c.abandoned), _BOOK),
        Metric("sl_late_abandons", "A_T / (N + B - B_T)", "share", "higher",
               lambda c: (c.answered_within, c.answered + c.abandoned - c.abandoned_within), _BOOK),
        Metric("sl_abandons_credited", "(A_T + B_T) / (N + B)", "share", "higher",
               lambda c: (c.answered_within + c.abandoned_within, c.answered + c.abandoned), _BOOK),
        Metric("sl_answered_only", "A_T / N", "share", "higher",
               lambda c: (c.answered_within, c.answered), _BOOK),
        Metric("goal_met", "stopped within the limit / stopped and plausible", "share", "higher",
               lambda c: (c.answered_within, c.answered), "speed-of-service timers: goals met of valid events"),
        Metric("abandonment", "B / (N + B)", "share", "lower",
               lambda c: (c.abandoned, c.answered + c.abandoned), _BOOK),
        Metric("abandonment_net", "(B - B_s) / (N + B - B_s)", "share", "lower",
               lambda c: (c.abandoned - c.abandoned_short, c.answered + c.abandoned - c.abandoned_short), _BOOK),
        Metric("asa", "sum of waits of the answered / N", "milliseconds", "lower",
               lambda c: (c.answered_wait_ms, c.answered), "mean over the answered alone; abandons are left out"),
    )
}  # fmt: skip
"""Every metric by its name."""
