"""
Asks history how far a standard was kept: by whatever a figure may be split by, or on the whole.

The counts come from the rows of minutes or, as a check, from the measurements of clocks themselves; both must give the
same. Every named metric is made of these counts by the catalogue, sums over sums; what agreements leave out is taken
out of the counts that decide, and shown beside.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from domain.catalogue import CATALOGUE, CLOCKS
from domain.certainty import interval_of, standard_error_of
from domain.metrics import METRICS, Counts
from domain.recorded import RECORDED, Summed, how_many, sums_of
from domain.statistics import Interval
from schemas.objectives import CHECKLIST_METRICS
from services.history.engine.groups import By, group_sql
from services.history.engine.spans import Parameters, within

__all__ = [
    "HELD_SQL",
    "Basis",
    "Figure",
    "Group",
    "LeftOut",
    "Question",
    "asked_rows",
    "figures",
    "group_of",
    "recorded_of",
    "select",
    "sql_of",
]


class Basis(StrEnum):
    """
    What a figure is summed from.
    """

    MINUTES = "minutes"
    MEASUREMENTS = "measurements"
    """Of clocks alone: of what is counted or scored, the single outcomes do not say all that a row does."""


class Question(NamedTuple):
    """
    Which standard (all versions, each for itself, unless one is named), split by what, of journeys that arrived when.

    Instants are milliseconds; `until_ms` is not part of the span. Hours and days are those of `zone`.
    """

    standard: str
    by: tuple[By, ...] = ()
    version: int | None = None
    from_ms: int | None = None
    until_ms: int | None = None
    basis: Basis = Basis.MINUTES
    zone: str = "UTC"


Recorded = dict[str, int]
"""The summed fields of rows by their names (``domain.recorded``)."""
Group = tuple[Any, ...]
"""A standard's version, and the values that a figure is split by."""


class LeftOut(NamedTuple):
    """
    What agreements leave out of one group, and which of them did, by their ids.
    """

    recorded: Recorded
    by: tuple[str, ...]


class Figure(NamedTuple):
    """
    One metric of one group: (good, total) without what agreements leave out and the sums behind it, and with that.

    `aim` is the metric that the standard's objective is held to; None where the basis does not say.
    """

    standard: str
    version: int
    by: dict[str, str | int | None]
    metric: str
    aim: str | None
    good: int
    total: int
    sums: Summed
    all_good: int
    all_total: int
    all_n: int
    left_out_by: tuple[str, ...]

    @property
    def value(self) -> float | None:
        """
        Good of total, in the metric's unit; of a total of zero there is no value.
        """
        return self.good / self.total if self.total else None

    @property
    def interval(self) -> Interval | None:
        """
        Where the value is likely to lie (95 %), in the metric's unit; None where the sums do not say.
        """
        return interval_of(CATALOGUE[self.metric], self.sums)

    @property
    def standard_error(self) -> float | None:
        """
        The standard error of a net promoter score; None of other metrics.
        """
        return standard_error_of(CATALOGUE[self.metric], self.sums)

    @property
    def n(self) -> int:
        """
        How many journeys, answers, checklists or events it is of.
        """
        return how_many(self.sums)


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


class _View(NamedTuple):
    name: str
    arrived: str
    sums: Mapping[str, str]
    aim: str
    where: tuple[str, ...] = ()


_VIEWS: Final = {
    # Of one version every row has the same metric, for its meaning never changes.
    Basis.MINUTES: _View("standing_attainment", "minute", {name: f"sum({name})" for name in RECORDED}, "any(metric)"),
    Basis.MEASUREMENTS: _View(
        "standing_measurements", "arrived_at", _FROM_MEASUREMENTS, "''", ("kind = 'clock'",)
    ),
}  # fmt: skip
HELD_SQL: Final = "SELECT standard, version FROM attainment GROUP BY ALL ORDER BY ALL"
"""Which versions of which standards history has outcomes of."""
_SCORED_ALIKE: Final = (("csat_top2", "csat_mean"), CHECKLIST_METRICS)
"""Metrics that are made from the same answers or checklists, and say the same in other words."""


def sql_of(question: Question) -> tuple[str, Parameters]:
    """
    Return the SQL and its parameters; groups come in the order of their names.
    """
    return select(question)


def select(
    question: Question, more: Mapping[str, str] | None = None, where: Sequence[str] = ()
) -> tuple[str, Parameters]:
    """
    Write the question, grouped by `more` expressions too (by their names), and under further conditions.

    In both, `{arrived}` stands for the arrival in milliseconds.
    """
    view = _VIEWS[question.basis]
    arrived = f"toUnixTimestamp64Milli({view.arrived})"
    groups, zoned = group_sql(question.by, question.zone, view.arrived)
    asked, parameters = asked_rows(question, view.arrived)
    keys = {"standard": "standard", "version": "version", **groups}
    keys |= {name: said.replace("{arrived}", arrived) for name, said in (more or {}).items()}
    conditions = [*asked, *view.where, *(one.replace("{arrived}", arrived) for one in where)]
    columns = [expression if name == expression else f"{expression} AS {name}" for name, expression in keys.items()]
    columns += [f"{view.sums.get(name, '0')} AS n_{name}" for name in RECORDED]
    sql = (
        f"SELECT {', '.join(columns)}, {view.aim} AS aim FROM {view.name} WHERE {' AND '.join(conditions)} "  # noqa: S608  (of constants; values are parameters)
        f"GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}"
    )
    return sql, parameters | zoned


def asked_rows(question: Question, arrived: str) -> tuple[list[str], Parameters]:
    """
    Return the conditions that choose the rows of a question, and their parameters; `arrived` is the column of the
    arrival.
    """
    where, parameters = within(arrived, question.from_ms, question.until_ms)
    if question.version is not None:
        where.append("version = {version:UInt32}")
        parameters["version"] = question.version
    return ["standard = {standard:String}", *where], parameters | {"standard": question.standard}


def group_of(question: Question, row: Mapping[str, Any]) -> Group:
    """
    Return the group of a row that the SQL gave.
    """
    return (int(row["version"]), *(row[f"by_{by}"] for by in question.by))


def recorded_of(row: Mapping[str, Any]) -> Recorded:
    """
    Return the summed fields of a row that the SQL gave.
    """
    return {name: int(row[f"n_{name}"]) for name in RECORDED}


def figures(
    question: Question,
    rows: Iterable[Mapping[str, Any]],
    metrics: Sequence[str] = (),
    left_out: Mapping[Group, LeftOut] | None = None,
) -> list[Figure]:
    """
    Make the named metrics out of the rows that the SQL gave, as far as the standard can be held to them; or all those.
    Percentiles are left out, for they are no sums.
    """
    found: list[Figure] = []
    for row in rows:
        aim = row["aim"] or None
        group = group_of(question, row)
        recorded = recorded_of(row)
        out = (left_out or {}).get(group, LeftOut({}, ()))
        with_all = sums_of(aim or "goal_met", recorded)
        sums = sums_of(aim or "goal_met", {name: n - out.recorded.get(name, 0) for name, n in recorded.items()})
        by = dict(zip(map(str, question.by), group[1:], strict=True))
        for name in _metrics_of(aim, with_all, metrics):
            pair = CATALOGUE[name].pair
            found.append(
                Figure(row["standard"], group[0], by, name, aim, *pair(sums), sums, *pair(with_all),
                       how_many(with_all), out.by)
            )  # fmt: skip
    return found


def _metrics_of(aim: str | None, sums: Summed, wanted: Sequence[str]) -> list[str]:
    if isinstance(sums, Counts):
        return [name for name in wanted or dict.fromkeys([*METRICS, aim or ""]) if name in CLOCKS]
    own = next((alike for alike in _SCORED_ALIKE if aim in alike), (aim,))
    return [name for name in wanted or own if name in own and name is not None]
