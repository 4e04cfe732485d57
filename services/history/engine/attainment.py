"""
Asks history how far a standard was kept: by site, queue and hour, or on the whole.

The counts come from the rows of minutes or, as a check, from the measurements themselves; both must give the same.
Every named metric is made of these counts by the catalogue, sums over sums.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from domain.catalogue import CLOCKS
from domain.metrics import METRICS, Counts

__all__ = ["Basis", "By", "Figure", "Question", "figures", "sql_of"]


class By(StrEnum):
    """
    What a figure may be split by.
    """

    SITE = "site"
    QUEUE = "queue"
    HOUR = "hour"


class Basis(StrEnum):
    """
    What a figure is summed from.
    """

    MINUTES = "minutes"
    MEASUREMENTS = "measurements"


class Question(NamedTuple):
    """
    Which standard (all versions, each for itself, unless one is named), split by what, of journeys that arrived when.

    Instants are milliseconds; `until_ms` is not part of the span.
    """

    standard: str
    by: tuple[By, ...] = ()
    version: int | None = None
    from_ms: int | None = None
    until_ms: int | None = None
    basis: Basis = Basis.MINUTES


class Figure(NamedTuple):
    """
    One metric of one group: (good, total), and its value where there is one.
    """

    standard: str
    version: int
    by: dict[str, str | int | None]
    metric: str
    good: int
    total: int
    counts: Counts

    @property
    def value(self) -> float | None:
        """
        Good of total; of a total of zero there is no value.
        """
        return self.good / self.total if self.total else None


_WITHIN: Final = "value_ms <= limit_ms"
_ANSWERED: Final = "validity = 'plausible' AND ended_by = 'stopped'"
_ABANDONED: Final = "validity = 'plausible' AND ended_by = 'abandoned'"
_FROM_MEASUREMENTS: Final = {
    "answered": f"countIf({_ANSWERED})",
    "answered_within": f"countIf({_ANSWERED} AND {_WITHIN})",
    "abandoned": f"countIf({_ABANDONED})",
    "abandoned_within": f"countIf({_ABANDONED} AND {_WITHIN})",
    "abandoned_short": f"countIf({_ABANDONED} AND short_abandon)",
    "answered_wait_ms": f"sumIf(value_ms, {_ANSWERED})",
    "implausible": "countIf(validity != 'plausible' AND ended_by IN ('stopped', 'abandoned'))",
    "cancelled": "countIf(ended_by = 'cancelled')",
    "expired": "countIf(ended_by = 'expired')",
    "retired": "countIf(ended_by = 'retired')",
}
_VIEWS: Final = {
    Basis.MINUTES: ("standing_attainment", "minute", {name: f"sum({name})" for name in Counts._fields}),
    Basis.MEASUREMENTS: ("standing_measurements", "arrived_at", _FROM_MEASUREMENTS),
}


def sql_of(question: Question) -> tuple[str, dict[str, str | int | None]]:
    """
    Return the SQL and its parameters; groups come in the order of their names.
    """
    view, arrived, sums = _VIEWS[question.basis]
    groups = {
        By.SITE: "site",
        By.QUEUE: "queue",
        By.HOUR: f"toUnixTimestamp(toStartOfHour({arrived}, 'UTC')) * 1000",
    }
    keys = ["standard", "version", *(f"{groups[by]} AS by_{by}" for by in question.by)]
    names = ["standard", "version", *(f"by_{by}" for by in question.by)]
    conditions = ["standard = {standard:String}"]
    parameters: dict[str, str | int | None] = {"standard": question.standard}
    for name, value, condition in (
        ("version", question.version, "version = {version:UInt32}"),
        ("from_ms", question.from_ms, f"{arrived} >= fromUnixTimestamp64Milli({{from_ms:Int64}}, 'UTC')"),
        ("until_ms", question.until_ms, f"{arrived} < fromUnixTimestamp64Milli({{until_ms:Int64}}, 'UTC')"),
    ):
        if value is not None:
            parameters[name] = value
            conditions.append(condition)
    select = ", ".join([*keys, *(f"{sums[name]} AS n_{name}" for name in Counts._fields)])
    sql = (
        f"SELECT {select} FROM {view} WHERE {' AND '.join(conditions)} "  # noqa: S608  (of constants; values are parameters)
        f"GROUP BY {', '.join(names)} ORDER BY {', '.join(names)}"
    )
    return sql, parameters


def figures(question: Question, rows: Iterable[Mapping[str, Any]], metrics: Sequence[str] = ()) -> list[Figure]:
    """
    Make the named metrics, or all, out of the rows that the SQL gave.
    """
    found: list[Figure] = []
    for row in rows:
        counts = Counts(*(int(row[f"n_{name}"]) for name in Counts._fields))
        by = {str(which): row[f"by_{which}"] for which in question.by}
        for name in metrics or METRICS:
            good, total = CLOCKS[name].pair(counts)
            found.append(Figure(row["standard"], int(row["version"]), by, name, good, total, counts))
    return found
