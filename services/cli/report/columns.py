"""
Figures as programs get them: which columns there are, and what stands in them.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from schemas.base import format_instant
from services.cli.report.asking import Held, Wish
from services.cli.report.judging import Judged
from services.history.engine import By

__all__ = ["COLUMNS", "by_columns", "by_values", "rows_of"]

Value = str | int | None

COLUMNS: Final = (
    ("metric", "String"), ("good", "Nullable(Int64)"), ("total", "Int64"), ("value", "Nullable(Float64)"),
    ("n", "Int64"), ("low", "Nullable(Float64)"), ("high", "Nullable(Float64)"),
    ("standard_error", "Nullable(Float64)"), ("good_with_excluded", "Nullable(Int64)"),
    ("total_with_excluded", "Nullable(Int64)"), ("excluded_by", "String"), ("target", "String"), ("state", "String"),
    ("value_before", "Nullable(Float64)"), ("n_before", "Nullable(Int64)"), ("trend", "String"),
)  # fmt: skip
"""Of figures for programs, behind the standard, its version and what is split by."""


def by_columns(wish: Wish) -> tuple[tuple[str, str], ...]:
    return tuple((str(by), "Nullable(String)") for by in wish.by)


def by_values(wish: Wish, by: Mapping[str, Value] | Iterable[tuple[str, Value]]) -> list[str | None]:
    """
    What a group shares, for programs: hours as instants; of the whole nothing.
    """
    held = dict(by)
    return [_for_programs(name, held.get(name)) for name in wish.by]


def _for_programs(name: By, value: Value) -> str | None:
    if value is None:
        return None
    return format_instant(int(value)) if name is By.HOUR else str(value)


def rows_of(one: Judged, held: Held) -> list[object]:
    """
    A figure for programs, under the names of ``COLUMNS``.
    """
    figure, before = one.figure, one.before
    low, high = one.interval or (None, None)
    return [
        one.metric, one.good if one.total else None, one.total, one.value, one.n, low, high,
        None if figure is None else figure.standard_error,
        None if figure is None else figure.all_good, None if figure is None else figure.all_total,
        "" if figure is None else " ".join(figure.left_out_by),
        "" if held.standard is None or held.standard.objective.metric != one.metric else held.standard.objective.target,
        one.state.value, None if before is None else before.value, None if before is None else before.n,
        one.trend.value,
    ]  # fmt: skip
