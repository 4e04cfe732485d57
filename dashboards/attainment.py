"""
Attainment in SQL: rows of minutes or hours added up, beside what was promised, with the interval and a verdict.
"""

from typing import Final

from dashboards.choices import ZONE
from dashboards.figures import SHARES_SQL, WITHIN, bounds, share, standing, state

__all__ = ["CHOSEN", "HOURS", "OF_SHARES", "WORST_FIRST", "counted", "grain", "judged"]

CHOSEN: Final = f"{standing(*WITHIN, 'hours')} AND $__timeFilter(hour)"
"""Hours of attainment that the reader chose to look at, of one standard."""
HOURS: Final = "standing_attainment_hours"
"""A sixtieth of the rows, kept ready: for what is asked of days and weeks. Hours are those of UTC."""
OF_SHARES: Final = f"standard IN (SELECT id FROM standing_standards WHERE metric IN ({SHARES_SQL}))"
"""Rows of the standards whose figure is a share."""
WORST_FIRST: Final = "['missed', 'perhaps missed', 'perhaps kept', 'kept', 'too few', 'no data']"
"""Every verdict, to sort by its place."""
_MISSED: Final = "if(at_most, good_n, all_n - good_n)"
"""How many went wrong: of a figure that should stay low, those that are counted."""
_LOW, _HIGH = bounds("good_n", "all_n")


def grain(column: str) -> str:
    """
    To which point of a curve a column belongs.
    """
    return f"toDateTime(dateTrunc('${{grain:percentencode}}', {column}, {ZONE}), {ZONE})"


def counted(by: str = "", where: str = CHOSEN, rows: str = HOURS) -> str:
    """
    `good_n` of `all_n` by some columns (of one standard, if `by` does not name it), `allowed_n` that may go wrong by
    the targets of their versions, with `metric`, `target`, `at_most` and `minimum_n` of the latest version among them;
    without rows where nothing was counted.
    """
    group = f"GROUP BY {by} HAVING all_n > 0" if by else "HAVING all_n > 0"
    return f"""(
        SELECT {f"{by}," if by else ""} sum(good) AS good_n, sum(total) AS all_n, any(a_promise.metric) AS metric,
            sum(total * if(a_promise.at_most, a_promise.target, 1 - a_promise.target)) AS allowed_n,
            argMax(a_promise.target, version) AS target, any(a_promise.at_most) AS at_most,
            max(a_promise.minimum_n) AS minimum_n
        FROM (SELECT * EXCEPT (metric) FROM {rows} WHERE {where}) AS a_row
        INNER JOIN (
            SELECT id AS standard, version, title, metric, target, at_most, minimum_n FROM standing_standards
        ) AS a_promise USING (standard, version)
        {group}
    )"""


def judged(by: str = "", where: str = CHOSEN, rows: str = HOURS) -> str:
    """
    What ``counted`` gives, with `figure`, `low` and `high` (where it is likely to lie), `missed` and `verdict`.
    """
    # A checklist's points do not come one by one, so how many there are says nothing about how sure the score is.
    return f"""(
        SELECT *, {share("good_n", "all_n")} AS figure,
            if(metric = 'checklist_score', NULL, {_LOW}) AS low, if(metric = 'checklist_score', NULL, {_HIGH}) AS high,
            {state(figure="figure", low="ifNull(low, figure)", high="ifNull(high, figure)", n="all_n")} AS verdict,
            {_MISSED} AS missed
        FROM {counted(by, where, rows)} AS some
    )"""
