"""
Scores in SQL: what customers, staff and observers say, each with how sure it is.

Formulas are those of `domain.statistics`; a test holds each against it.
"""

from typing import Final

from dashboards.figures import Z, bounds

__all__ = ["COMPLAINTS_SQL", "PER_VISIT", "SCORE_STANDARDS", "error_of_mean", "mean_bounds", "scores"]

_STUDENT: Final = (
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
    2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
)  # fmt: skip
"""97.5 % of Student's t with 1, 2, … 20 degrees of freedom lies below these; from there on by Fisher's expansion."""
_ANSWERS: Final = ("csat_top2", "csat_mean", "nps", "ces")
_SCORES_SQL: Final = ", ".join(f"'{metric}'" for metric in _ANSWERS)
"""Metrics that are made of answers."""
SCORE_STANDARDS: Final = f"standard IN (SELECT id FROM standing_standards WHERE metric IN ({_SCORES_SQL}))"
PER_VISIT: Final = "standard IN (SELECT id FROM standing_standards WHERE metric = 'complaints_per_1000')"
"""Rows of the standards that hold complaints against visits."""
COMPLAINTS_SQL: Final = (
    "standard IN (SELECT id FROM standards WHERE kind = 'Standard' "
    "AND position(JSONExtractRaw(raw, 'document', 'clock', 'start'), 'complaint.opened') > 0)"
)
"""Rows of the standards whose clock starts when a complaint is opened."""


def error_of_mean(n: str, total: str, squares: str) -> str:
    """
    The standard error of a mean, from the number of values, their sum and the sum of their squares; None of one value.
    """
    spread = f"greatest(toFloat64({n}) * {squares} - toFloat64({total}) * {total}, 0)"
    return f"if({n} < 2, NULL, sqrt({spread} / (toFloat64({n}) * {n} * ({n} - 1))))"


def mean_bounds(n: str, mean: str, error: str) -> tuple[str, str]:
    """
    Where a mean is likely to lie (95 %): Student's interval. None of one value, and of values that are all alike.

    Student, Biometrika 6, 1908, 1-25; Fisher and Cornish, Technometrics 2, 1960, 209-225.
    """
    free = f"({n} - 1)"
    first, second = (Z**3 + Z) / 4, (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    third = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    expanded = f"{Z} + {first} / {free} + {second} / pow({free}, 2) + {third} / pow({free}, 3)"
    factor = f"if({free} <= {len(_STUDENT)}, arrayElement({list(_STUDENT)}, {free}), {expanded})"
    known = f"{n} < 2 OR ifNull({error}, 0) = 0"
    return f"if({known}, NULL, {mean} - {factor} * {error})", f"if({known}, NULL, {mean} + {factor} * {error})"


def scores(by: str, rows: str) -> str:
    """
    Scores by some columns of attainment (`standard, metric` among them), in the unit of their metric: a share of 1 of
    csat_top2, points of nps, else the mean on the scale of the survey; with `n`, `error`, `low` and `high`.
    """
    share_low, share_high = bounds("tops", "n")
    mean_low, mean_high = mean_bounds("n", "mean", "mean_error")
    nps_error = "100 * sqrt((n * (pro + con) - pow(toInt64(pro) - con, 2)) / pow(n, 3))"
    return f"""(
        SELECT *, multiIf(metric = 'csat_top2', tops / n, metric = 'nps', 100 * (toInt64(pro) - con) / n, mean)
            AS figure,
            multiIf(metric = 'csat_top2', sqrt(figure * (1 - figure) / n), metric = 'nps', {nps_error},
                mean_error) AS error,
            multiIf(metric = 'csat_top2', {share_low}, metric != 'nps', {mean_low}, error = 0, NULL,
                greatest(figure - {Z} * error, -100)) AS low,
            multiIf(metric = 'csat_top2', {share_high}, metric != 'nps', {mean_high}, error = 0, NULL,
                least(figure + {Z} * error, 100)) AS high
        FROM (
            SELECT {by}, toInt64(sum(a_row.n)) AS n, toInt64(sum(a_row.top2)) AS tops,
                toInt64(sum(a_row.promoters)) AS pro, toInt64(sum(a_row.detractors)) AS con,
                sum(a_row.score_sum) / 100 / nullIf(n, 0) AS mean,
                {error_of_mean("n", "toFloat64(sum(a_row.score_sum))", "toFloat64(sum(a_row.score_sum_squares))")} / 100
                    AS mean_error
            FROM {rows} AS a_row GROUP BY {by} HAVING n > 0
        )
    )"""
