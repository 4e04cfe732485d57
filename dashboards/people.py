"""
Figures of teams and employees in SQL: nobody of whom there is too little stands by himself.

A figure of few journeys says more of chance than of a person, and together with who was on duty it says who it is of.
So groups below the least number are added up into one row, in words. Where that would be one alone, its figure could be
worked out from the total and the others, so the smallest of those goes with it, as reports do it
(`services/cli/report/naming.py`).
"""

from textwrap import dedent
from typing import Final

from dashboards.figures import bounds, share

__all__ = ["alone", "grouped", "named_first", "on_duty", "set_apart", "who"]

_LEAST: Final = "greatest(toUInt64OrZero('${least:percentencode}'), 10)"
"""Of how many journeys a figure of people must be; never fewer than ten, whatever an address asks for."""
_OTHERS: Final = "concat(toString(count()), if(count() = 1, ' other', ' others'), ', too few to be shown')"
"""What the row of all that are not named is called."""


def grouped(by: str, rows: str) -> str:
    """
    `good_n` of `all_n` of each group of at least so many, by columns of ``rows``, which has `met` and `alike` (what
    kind of work it was); with `figure`, `low`, `high`, `whole` (of all of them) and `expected` (what all of them reach
    with the same kinds of work).
    """
    low, high = bounds("good_n", "all_n")
    return f"""(
        SELECT *, {share("good_n", "all_n")} AS figure, {low} AS low, {high} AS high,
            multiIf(high < expected, 'below', low > expected, 'above', 'no different') AS compared
        FROM (
            SELECT {by}, countIf(met) AS good_n, count() AS all_n, avg(of_kind) AS expected, any(whole) AS whole
            FROM (SELECT *, avg(met) OVER (PARTITION BY alike) AS of_kind, avg(met) OVER () AS whole FROM {rows})
            GROUP BY {by}
        )
    )"""


def set_apart(groups: str, by: str, total: str, n: str = "all_n") -> str:
    """
    Groups with the column `unnamed`: of fewer than the least number, or the smallest of the others where a total would
    lack one alone. `by` are the columns that tell groups apart, `total` those of what is shown in one total (`tuple()`
    for all together).
    """
    few = f"{n} < {_LEAST}"
    return f"""(
        SELECT *, {few} OR countIf({few}) OVER (PARTITION BY {total}) = 1
            AND row_number() OVER (PARTITION BY {total}, {few} ORDER BY {n}, {by}) = 1 AS unnamed
        FROM {groups}
    )"""


def named_first(groups: str, by: str, columns: str, order: str) -> str:
    """
    A table of groups that ``set_apart`` made: those that are named in an order, after them all others of one value of
    `by` in one row. `columns` are made with ``who``, ``alone`` and sums.
    """
    shown = dedent(columns).strip()
    return f"SELECT {shown}\nFROM {groups}\nGROUP BY unnamed, {by} ORDER BY unnamed, {order} LIMIT 500"


def who(name: str) -> str:
    """
    The name of a group, or how many others are added up.
    """
    return f"if(unnamed, {_OTHERS}, any({name}))"


def alone(value: str) -> str:
    """
    What is only said of one who is named.
    """
    return f"if(unnamed, NULL, any({value}))"


def on_duty(where: str) -> str:
    """
    How many `seconds` of each `hour` an employee (with `team`) was there to serve: neither off nor on a break, by what
    was last reported, for a day at most.
    """
    return f"""(
        SELECT employee, team, toDateTime(arrayJoin(range(
                toUInt32(toStartOfHour(since)), toUInt32(until), 3600
            )), 'UTC') AS hour,
            least(toInt64(until), toInt64(toUInt32(hour)) + 3600) - greatest(toInt64(toUInt32(since)), toUInt32(hour))
                AS seconds
        FROM (
            SELECT employee, team, state, greatest(toDateTime(occurred_at, 'UTC'), $__fromTime) AS since,
                least(toUInt32(if(later = 0, toUInt32($__toTime), later)), toUInt32(since) + 86400) AS until
            FROM (
                SELECT ifNull(employee, '') AS employee, ifNull(team, '–') AS team, occurred_at,
                    JSONExtractString(raw, 'data', 'state') AS state,
                    leadInFrame(toUInt32(toDateTime(occurred_at, 'UTC'))) OVER (
                        PARTITION BY employee ORDER BY occurred_at, id
                        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
                    ) AS later
                FROM standing_events
                WHERE type = 'sqm.staff.state_changed' AND {where}
                    AND occurred_at >= $__fromTime - toIntervalDay(1) AND occurred_at <= $__toTime
            )
        )
        WHERE state NOT IN ('off', 'break') AND until > toUInt32(since)
    )"""
