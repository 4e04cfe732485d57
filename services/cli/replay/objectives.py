"""
The part of the report that is about objectives: every scope and window with its figure, its interval and its budget.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from domain.aims import Finding
from domain.budgets import Basis
from domain.catalogue import CATALOGUE, figure_of
from domain.moments import spoken_duration, spoken_instant
from domain.standings import BudgetLine, Standing
from schemas.exclusions import Exclusion
from schemas.standards import Standard
from services.cli.agreements import agreement_entry, behind, told_agreement
from services.cli.replay.missed import Missed

__all__ = ["objective_entries", "print_objectives"]

_SHOWN: Final = 5
"""Windows of the calendar that are shown of one scope: the worst; how the others ended is counted."""
_SMALL: Final = {"milliseconds": 1_000, "hundredths": 100}
"""Units that sums are counted in, by how many of them make one of what is told: seconds, points of the scale."""
_WORDS: Final = {
    Finding.KEPT: "kept", Finding.MISSED: "missed", Finding.TOO_FEW: "too few", Finding.NO_DATA: "no data",
}  # fmt: skip


def objective_entries(
    standings: Iterable[Standing], missed: Missed, exclusions: Sequence[Exclusion]
) -> list[dict[str, Any]]:
    """
    Every standing as a JSON object: counts, figure, interval, what it is with the excluded and by which agreements, and
    each budget's formula.
    """
    return [_entry(one, missed, exclusions) for one in standings]


def _entry(one: Standing, missed: Missed, exclusions: Sequence[Exclusion]) -> dict[str, Any]:
    times = missed.of(one.standard, one.version, one.scope, one.window, one.as_of)
    return {
        "standard": one.standard, "version": one.version, "scope": one.scope, "window": one.window, "zone": one.zone,
        "begin": one.begin, "end": one.end, "as_of": one.as_of, "partly_elapsed": one.partly,
        "metric": one.aim.metric, "target": one.aim.target, "minimum_n": one.aim.minimum_n,
        "good": one.good, "total": one.total, "n": one.total,
        "value": _value(one, one.good, one.total, one.percentile_ms),
        "interval": one.interval, "finding": one.finding.value,
        "with_excluded": {
            "good": one.all_good, "total": one.all_total,
            "value": _value(one, one.all_good, one.all_total, one.all_percentile_ms),
        },
        "excluded_by": [agreement_entry(agreed) for agreed in behind(one, exclusions)],
        "budgets": [
            {
                "basis": line.budget.basis.value, "counted_in": line.counted_in, "bad": line.bad, "total": line.total,
                "left": line.budget.left_whole, "formula": line.formula_of(one.aim.metric),
                "exhausted_in_ms": line.exhausted_in_ms,
            }
            for line in one.budgets
        ],
        "violations": {"times": times.times, "for_ms": times.for_ms, "still": times.still},
    }  # fmt: skip


def _value(one: Standing, good: int, total: int, percentile_ms: int | None) -> float | None:
    if not total:
        return None
    if percentile_ms is not None:
        return percentile_ms / 1_000
    return good / total / _SMALL.get(CATALOGUE[one.aim.metric].unit, 1)


def print_objectives(
    standings: Iterable[Standing],
    missed: Missed,
    standard: Standard,
    exclusions: Sequence[Exclusion],
    console: Console,
) -> None:
    """
    Print a table of one standard's objectives; a figure that exclusions change is followed by the one with them, and
    the table by what was left out, and why.
    """
    promise = (standard.metadata.id, standard.metadata.version)
    of_this = sorted(
        (one for one in standings if (one.standard, one.version) == promise),
        key=lambda one: (one.scope, one.window, one.begin),
    )
    if not of_this:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), collapse_padding=True, header_style="dim")
    for title in ("objectives", "", "figure (with excluded)", "n", "likely", "", "may still go wrong"):
        table.add_column(title, justify="right" if title.startswith(("n", "figure")) else "left")
    for (scope, window), group in groupby(of_this, key=lambda one: (one.scope, one.window)):
        held = list(group)
        shown = sorted(sorted(held, key=_badness)[:_SHOWN], key=lambda one: one.begin)
        for place, one in enumerate(shown):
            zone = "" if "@" in window else f" ({one.zone})"
            table.add_row(f"{scope}, {window}{zone}" if not place else "", *_cells(one))
        said = _summary(held, missed)
        if said:
            table.add_row("", said)
    console.print()
    console.print(table, highlight=False)
    told = [agreed.metadata.id for one in of_this for agreed in behind(one, exclusions)]
    for agreed in exclusions:
        if agreed.metadata.id in told:
            console.print(f"excluded: {told_agreement(agreed)}", highlight=False, markup=False, soft_wrap=True)


def _badness(one: Standing) -> tuple[bool, float, int]:
    value = one.good / one.total if one.total else 0.0
    return one.total == 0, value if one.aim.higher or one.aim.within else -value, one.begin


def _cells(one: Standing) -> list[str]:
    begin = spoken_instant(one.begin, ZoneInfo(one.zone))[:16]
    return [
        f"from {begin}" + (", so far" if one.partly else ""),
        _figures(one),
        f"{one.total:,}",
        "–" if one.interval is None else f"{one.interval.low:.1%} to {one.interval.high:.1%}",
        _WORDS[one.finding],
        "; ".join(_left(one, line) for line in one.budgets) or "–",
    ]


def _figures(one: Standing) -> str:
    figure = _figure(one, one.good, one.total, one.percentile_ms)
    if (one.good, one.total) == (one.all_good, one.all_total):
        return figure
    return f"{figure} ({_figure(one, one.all_good, one.all_total, one.all_percentile_ms)})"


def _figure(one: Standing, good: int, total: int, percentile_ms: int | None) -> str:
    if not total:
        return "–"
    if percentile_ms is not None:
        return spoken_duration(percentile_ms)
    return f"{good / total:.2%}" if one.aim.has_budget else str(figure_of(CATALOGUE[one.aim.metric], good, total))


def _left(one: Standing, line: BudgetLine) -> str:
    basis = "" if not one.partly else " so far" if line.budget.basis is Basis.SO_FAR else " projected"
    gone = "" if not line.exhausted_in_ms else f", gone in {spoken_duration(line.exhausted_in_ms)}"
    unit = "" if line.counted_in == "events" else " min"
    return f"{line.budget.left_whole:,}{unit}{basis}{gone}"


def _summary(held: list[Standing], missed: Missed) -> str:
    first, until = held[0], max(one.as_of for one in held)
    said = []
    if len(held) > _SHOWN:
        counts = [(word, sum(one.finding is finding for one in held)) for finding, word in _WORDS.items()]
        said.append(f"of {len(held):,}: " + ", ".join(f"{count:,} {word}" for word, count in counts if count))
    for kind, word in (("objective", "missed"), ("burn", "burning")):
        times = missed.of(first.standard, first.version, first.scope, first.window, until, kind)
        if times.times:
            said.append(f"{word} {times.told}")
    return "; ".join(said)
