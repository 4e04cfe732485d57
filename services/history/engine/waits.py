"""
Asks history how long it took: percentiles of a clock's values, and how many had which.

From the single measurements that stand, of clocks that were stopped and whose value is plausible, as everywhere in the
product; whoever left is counted beside them. A percentile is that of the nearest rank, found in integers, so that it is
the same to the millisecond as that of `sqm replay`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from schemas.objectives import PERCENTILES
from services.history.engine.attainment import Question, asked_rows
from services.history.engine.groups import group_sql, groups_of
from services.history.engine.spans import Parameters

__all__ = ["Bucket", "Wait", "buckets", "buckets_sql", "waits", "waits_sql"]

_STOPPED: Final = "validity = 'plausible' AND ended_by = 'stopped'"
_LEFT: Final = "validity = 'plausible' AND ended_by = 'abandoned'"
_BASIS_POINTS: Final = 10_000


class Wait(NamedTuple):
    """
    How long it took in one group, in milliseconds; None where no clock was stopped.
    """

    standard: str
    version: int
    by: dict[str, str | int | None]
    n: int
    """Clocks that were stopped."""
    within: int
    """Of these, within their limits."""
    left: int
    """Clocks whose customer left."""
    sum_ms: int
    longest: int | None
    percentiles: dict[str, int | None]

    @property
    def mean(self) -> int | None:
        """
        The mean, rounded down to the millisecond.
        """
        return self.sum_ms // self.n if self.n else None


class Bucket(NamedTuple):
    """
    How many values lay in a stretch between two bounds: the lower one is not part of it, the upper one is.
    """

    above: int
    """Milliseconds; -1 for the first, which begins with 0."""
    up_to: int | None
    """None: whatever is longer."""
    stopped: int
    left: int


def waits_sql(question: Question) -> tuple[str, Parameters]:
    """
    Return the SQL and its parameters; groups come in the order of their names. The basis of the question is of no
    account.
    """
    groups, where, parameters = _parts(question)
    keys = "".join(f", {name}" for name in groups)
    named = "".join(f", {said} AS {name}" for name, said in groups.items())
    reached = ", ".join(
        f"minOrNullIf(value_ms, n > 0 AND upto * {_BASIS_POINTS} >= {points} * all_n) AS {name}"
        for name, points in PERCENTILES.items()
    )
    sql = (
        f"SELECT standard, version{keys}, sum(n) AS stopped, sum(n_within) AS within, sum(n_left) AS left, "  # noqa: S608  (of constants; values are parameters)
        f"sum(n * value_ms) AS sum_ms, maxOrNullIf(value_ms, n > 0) AS longest, {reached} FROM ("
        f"SELECT *, sum(n) OVER (PARTITION BY standard, version{keys} ORDER BY value_ms) AS upto, "
        f"sum(n) OVER (PARTITION BY standard, version{keys}) AS all_n FROM ("
        f"SELECT standard, version{named}, value_ms, countIf({_STOPPED}) AS n, "
        f"countIf({_STOPPED} AND value_ms <= limit_ms) AS n_within, countIf({_LEFT}) AS n_left "
        f"FROM standing_measurements WHERE {where} GROUP BY standard, version{keys}, value_ms)) "
        f"GROUP BY standard, version{keys} ORDER BY standard, version{keys}"
    )
    return sql, parameters


def waits(question: Question, rows: Iterable[Mapping[str, Any]]) -> list[Wait]:
    """
    Read the rows that the SQL gave.
    """
    return [
        Wait(
            row["standard"],
            int(row["version"]),
            groups_of(question.by, row),
            int(row["stopped"]),
            int(row["within"]),
            int(row["left"]),
            int(row["sum_ms"]),
            _number(row["longest"]),
            {name: _number(row[name]) for name in PERCENTILES},
        )
        for row in rows
    ]


def buckets_sql(question: Question, bounds: Sequence[int]) -> tuple[str, Parameters]:
    """
    Return the SQL for how many values lie between bounds (milliseconds, rising), and its parameters.
    """
    _, where, parameters = _parts(question._replace(by=()))
    sql = (
        f"SELECT arrayCount(x -> x < value_ms, {{bounds:Array(Int64)}}) AS place, countIf({_STOPPED}) AS stopped, "  # noqa: S608  (as above)
        f"countIf({_LEFT}) AS left FROM standing_measurements WHERE {where} GROUP BY place ORDER BY place"
    )
    return sql, parameters | {"bounds": str(list(bounds))}


def buckets(bounds: Sequence[int], rows: Iterable[Mapping[str, Any]]) -> list[Bucket]:
    """
    Read the rows that the SQL gave; stretches without a value are among them.
    """
    found = {int(row["place"]): (int(row["stopped"]), int(row["left"])) for row in rows}
    edges = [-1, *bounds]
    return [
        Bucket(edge, edges[place + 1] if place < len(bounds) else None, *found.get(place, (0, 0)))
        for place, edge in enumerate(edges)
    ]


def _parts(question: Question) -> tuple[dict[str, str], str, Parameters]:
    groups, zoned = group_sql(question.by, question.zone, "arrived_at")
    where, parameters = asked_rows(question, "arrived_at")
    return groups, " AND ".join([*where, "kind = 'clock'"]), parameters | zoned


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))
