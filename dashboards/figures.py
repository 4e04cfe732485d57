"""
Pieces of SQL that several panels share: figures and their uncertainty, and what the reader chose to look at.

Formulas are those of the catalogue (docs: domain/metrics.py); a test holds each against it.
"""

from typing import Final

from dashboards.choices import NO_QUEUE, ZONE, among, chosen, chosen_one
from schemas.objectives import PERCENTILES, SHARE_METRICS

__all__ = [
    "DAY_PARTS",
    "SHARES_SQL",
    "VARIANTS",
    "WITHIN",
    "Z",
    "bounds",
    "day_part",
    "local",
    "share",
    "standing",
    "state",
]

Z: Final = 1.959963984540054
"""97.5 % of a standard normal distribution lies below this: 95 % lie within ± this."""

VARIANTS: Final = {
    "all offered": ("sum(answered_within)", "sum(answered + abandoned)"),
    "short excluded": ("sum(answered_within)", "sum(answered + abandoned - abandoned_short)"),
    "short credited": ("sum(answered_within + abandoned_short)", "sum(answered + abandoned)"),
    "late abandons": ("sum(answered_within)", "sum(answered + abandoned - abandoned_within)"),
    "abandons credited": ("sum(answered_within + abandoned_within)", "sum(answered + abandoned)"),
    "answered only": ("sum(answered_within)", "sum(answered)"),
}
"""Each service level as sums over rows of attainment, (good, total)."""

DAY_PARTS: Final = {"night": 0, "morning": 6, "midday": 11, "afternoon": 14, "evening": 18}
"""Parts of the day, each with its first hour."""

SHARES_SQL: Final = ", ".join(f"'{metric}'" for metric in (*SHARE_METRICS, *PERCENTILES))
"""Metrics that are a share of 1; of a percentile, the share that its target should hold of."""


def share(good: str, total: str) -> str:
    """
    Good of total, and no value where nothing was counted.
    """
    return f"({good}) / nullIf({total}, 0)"


def bounds(good: str, total: str) -> tuple[str, str]:
    """
    Where a share is likely to lie (95 %): the score interval of Wilson, as `domain.statistics` has it.

    None where nothing was counted. Wilson, Journal of the American Statistical Association 22, 1927, 209-212.
    """
    middle = f"({good} + {Z * Z / 2}) / ({total} + {Z * Z})"
    reach = f"{Z} / ({total} + {Z * Z}) * sqrt({good} * ({total} - {good}) / {total} + {Z * Z / 4})"
    low = f"if({good} = 0, 0, greatest({middle} - {reach}, 0))"
    high = f"if({good} = {total}, 1, least({middle} + {reach}, 1))"
    return f"if({total} = 0, NULL, {low})", f"if({total} = 0, NULL, {high})"


def state(*, figure: str, low: str, high: str, n: str) -> str:
    """
    In a word how a figure stands to `target` (a column beside `at_most` and `minimum_n`); one that the interval spans
    may be chance.
    """
    return (
        f"multiIf({n} = 0, 'no data', {n} < minimum_n, 'too few', "
        f"at_most AND {low} > target OR NOT at_most AND {high} < target, 'missed', "
        f"at_most AND {figure} > target OR NOT at_most AND {figure} < target, 'perhaps missed', "
        f"at_most AND {high} > target OR NOT at_most AND {low} < target, 'perhaps kept', 'kept')"
    )


def local(column: str) -> str:
    """
    A column's hour of the day, in the zone that the reader chose.
    """
    return f"toHour({column}, {ZONE})"


def day_part(column: str) -> str:
    """
    The part of the day that a column lies in, by the reader's zone.
    """
    names, begins = list(DAY_PARTS), list(DAY_PARTS.values())
    steps = ", ".join(f"{local(column)} < {end}, '{name}'" for name, end in zip(names[:-1], begins[1:], strict=True))
    return f"multiIf({steps}, '{names[-1]}')"


def standing(*names: str) -> str:
    """
    The conditions by which chosen variables hold of rows with columns of the same names; `All` is none.
    """
    return " AND ".join(_CHOSEN[name] for name in names)


_CHOSEN: Final = {
    "standard": f"standard = {chosen_one('standard')}",
    "version": among("toString(version)", "version"),
    "site": among("site", "site"),
    "region": (
        f"$__conditionalAll(site IN (SELECT id FROM standing_sites WHERE hasAny(regions, {chosen('region')})), $region)"
    ),
    "queue": among(f"ifNull(queue, {NO_QUEUE})", "queue"),
    "source": among("source", "source"),
    "team": among("ifNull(team, '')", "team"),
    "hours": among(day_part("hour"), "day_part"),
    "arrivals": among(day_part("arrived_at"), "day_part"),
}

WITHIN: Final = ("standard", "version", "region", "site", "queue")
"""What every panel about one standard is narrowed down by."""
