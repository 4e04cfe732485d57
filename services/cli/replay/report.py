"""
The report of a replay: as JSON and CSV for programs, as tables for people.
"""

import csv
import json
from typing import Any, Final, TextIO

from rich.console import Console

from schemas.objectives import AT_MOST_METRICS, SERVICE_LEVELS
from schemas.standards import Standard
from services.cli.engine_notes import told_notes
from services.cli.figure_tables import Line, print_figures
from services.cli.figure_words import likely, mean_time
from services.cli.replay.beside import apart, print_apart, print_grades, print_reasons, shown_group
from services.cli.replay.figures import OVERRUN, Figure
from services.cli.replay.objectives import objective_entries, print_objectives
from services.cli.replay.run import Result
from services.cli.replay.silences import print_silences, silence_entries
from services.cli.standard_words import in_words

__all__ = ["as_csv", "as_json", "as_tables", "document_of", "print_nothing", "print_rejections", "print_standards"]

_WORST: Final = 5
_METRICS: Final = (*SERVICE_LEVELS, "goal_met", "asa", OVERRUN, "abandonment", "abandonment_net")


def as_json(result: Result, standards: list[Standard], elapsed_ms: int) -> str:
    """
    Write everything as one JSON object.
    """
    return json.dumps(document_of(result, standards, elapsed_ms), ensure_ascii=False, indent=1)


def document_of(result: Result, standards: list[Standard], elapsed_ms: int) -> dict[str, Any]:
    """
    Everything as one object of JSON.
    """
    promises = [(one.metadata.id, one.metadata.version) for one in standards]
    return {
        "rows": result.rows,
        "events": result.events,
        "journeys": result.journeys,
        "open_journeys": result.open_journeys,
        "rejected": [
            {
                "reason": reason,
                "count": count,
                "first": [
                    {"file": row.file, "line": row.line, "field": row.field, "value": row.value, "detail": row.detail}
                    for row in result.rejections.first[reason]
                ],
            }
            for reason, count in sorted(result.rejections.counts.items())
        ],
        "notes": dict(sorted(result.notes.items())),
        "counted": [figure.as_json() for figure in result.counted],
        "reasons": [
            {"standard": ident, "version": version, "reason": reason, "n": n}
            for ident, version in promises
            for reason, n in result.reasons.of(ident, version)
        ],
        "attainment": [_entry(figure) for figure in result.figures.figures()],
        "counted_apart": [
            {"standard": ident, "version": version, **counts}
            for ident, version in promises
            if (counts := apart(result.figures.whole((ident, version)), result.open_beyond[ident, version]))
        ],
        "grades": [
            {"standard": group.standard, "version": group.version, "by": dict(group.by), "grades": dict(given)}
            for promise in promises
            for group, given in result.figures.grades(promise)
        ],
        "silences": [
            entry
            for one in standards
            for entry in silence_entries(one, result.silences.of(one.metadata.id, one.metadata.version, result.until))
        ],
        "objectives": objective_entries(result.standings, result.missed, result.exclusions),
        "elapsed_seconds": elapsed_ms / 1_000,
        "events_per_second": round(result.events * 1_000 / elapsed_ms) if elapsed_ms else None,
    }


def _entry(figure: Figure) -> dict[str, Any]:
    return {
        "standard": figure.group.standard,
        "version": figure.group.version,
        "metric": figure.metric,
        "by": dict(figure.group.by),
        "good": figure.good,
        "total": figure.total,
        "value": figure.value,
        "unit": figure.unit,
        "n": figure.n,
    }


def as_csv(result: Result, by: tuple[str, ...], stream: TextIO) -> None:
    """
    Write the attainment as CSV: one line for each standard, group and metric.
    """
    writer = csv.writer(stream)
    writer.writerow(["standard", "version", *by, "metric", "good", "total", "value", "unit", "n"])
    for figure in result.figures.figures():
        values = dict(figure.group.by)
        shown = ["" if values.get(field) is None else values[field] for field in by] if values else ["*"] * len(by)
        value = "" if figure.value is None else f"{figure.value:.6f}"
        writer.writerow(
            [figure.group.standard, figure.group.version, *shown, figure.metric, figure.good, figure.total, value,
             figure.unit, figure.n]
        )  # fmt: skip


def as_tables(
    result: Result, standards: list[Standard], by: tuple[str, ...], elapsed_ms: int, console: Console
) -> None:
    """
    Show the six service levels side by side, n, mean wait, abandonment, and the worst hours of each standard.
    """
    rate = f", {result.events * 1_000 // elapsed_ms:,} events/s" if elapsed_ms else ""
    console.print(
        f"{result.rows:,} rows, {result.events:,} events, {result.journeys:,} journeys"
        f" ({result.open_journeys:,} still open) in {elapsed_ms / 1_000:.1f} s{rate}",
        highlight=False,
    )
    print_standards(result, standards, by, console)
    print_rejections(result, console)


def print_standards(result: Result, standards: list[Standard], by: tuple[str, ...], console: Console) -> None:
    """
    Print each standard: what it demands, then its figures.
    """
    figures = result.figures.figures()
    for standard in standards:
        meta, aim = standard.metadata, standard.objective
        # The report is in English, whatever its reader's language, so what a standard demands is too.
        title, *more = in_words(standard, "en")
        console.print(f"\n{title}", style="bold", highlight=False, markup=False)
        console.print("\n".join(more) + "\n", highlight=False, markup=False)
        if standard.presence is not None:
            print_silences(result.silences.of(meta.id, meta.version, result.until), result.awaited, console)
        elif standard.clock is None:
            _counted(result, standard, console)
            print_reasons(result.reasons, standard, console)
        else:
            of_this = [one for one in figures if (one.group.standard, one.group.version) == (meta.id, meta.version)]
            metrics = _METRICS if aim.metric in _METRICS else (aim.metric, *_METRICS)
            print_figures(console, by, metrics, _lines(of_this, by, metrics), aim.metric)
            promise = (meta.id, meta.version)
            print_apart(result.figures.whole(promise), result.open_beyond[promise], console)
            print_grades(result.figures, standard, by, console)
            _worst_hours(result, standard, console)
        print_objectives(result.standings, result.missed, standard, result.exclusions, console)


def print_nothing(result: Result, console: Console) -> None:
    """
    Say why nothing could be judged.
    """
    console.print("nothing could be judged", style="bold", highlight=False)
    if not result.rows and not result.rejections.counts:
        console.print("the files have no rows", highlight=False)
    elif not result.events:
        console.print(f"none of {result.rows:,} rows became an event", highlight=False)
    elif result.open_journeys:
        console.print(f"{_journeys(result.open_journeys)} still open: nothing ended what is measured", highlight=False)
    else:
        console.print("no event begins what a standard measures", highlight=False)
    print_rejections(result, console)


def _counted(result: Result, standard: Standard, console: Console) -> None:
    for figure in result.counted:
        if figure.standard is standard:
            verdict = {True: "kept", False: "not kept", None: "no verdict: nothing was counted"}[figure.kept]
            aim = standard.objective
            between = "" if figure.interval is None else f", 95 % interval {likely(aim.metric, figure.interval)}"
            if figure.standard_error is not None:
                alike = (
                    ""
                    if between
                    else ", no interval: all answers alike"
                    if figure.n > 1
                    else ", no interval: one answer"
                )
                between = f", standard error {figure.standard_error:.2f}{between}{alike}"
            shown = "–" if figure.shown is None else figure.shown
            console.print(
                f"  {aim.metric} {shown} of n {figure.n:,}{between}; target {aim.target}: {verdict}", highlight=False
            )


def _lines(figures: list[Figure], by: tuple[str, ...], metrics: tuple[str, ...]) -> list[Line]:
    groups: dict[tuple[tuple[str, Any], ...], dict[str, Figure]] = {}
    for figure in figures:
        groups.setdefault(figure.group.by, {})[figure.metric] = figure
    lines = []
    for values, named in groups.items():
        n = next(iter(named.values())).n
        lines.append(Line(shown_group(values, by), f"{n:,}", {name: _shown(named[name]) for name in metrics}))
    return lines


def _worst_hours(result: Result, standard: Standard, console: Console) -> None:
    aim = standard.objective
    hours: list[tuple[float, str, int, Figure]] = []
    for date, hour, figure in result.figures.hours((standard.metadata.id, standard.metadata.version)):
        if figure.value is not None and figure.total >= aim.minimum_n:
            hours.append((figure.value, date, hour, figure))
    hours.sort(reverse=aim.metric in AT_MOST_METRICS)
    if not hours:
        console.print(f"  no hour to show: none has {_journeys(aim.minimum_n)} or more", highlight=False)
        return
    hours_of = f"hours of {result.figures.zone}, at least {_journeys(aim.minimum_n)}"
    console.print(f"  worst hours by {aim.metric} ({hours_of}):", highlight=False)
    for value, date, hour, figure in hours[:_WORST]:
        shown = mean_time(value) if figure.unit == "seconds" else f"{value:.2%}"
        console.print(f"    {date} {hour:02d}:00 {shown:>9}  ({figure.good:,} of {figure.total:,})", highlight=False)


def print_rejections(result: Result, console: Console) -> None:
    """
    Print what was rejected, and what the engine noted, by how often.
    """
    if result.rejections.counts or result.notes:
        console.print()
    for reason, count in sorted(result.rejections.counts.items()):
        console.print(f"rejected: {count:,} × {reason}", highlight=False, markup=False)
        for row in result.rejections.first[reason]:
            console.print(f"  {row}", highlight=False, markup=False, soft_wrap=True)
    for line in told_notes(result.notes):
        console.print(line, highlight=False, markup=False)


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    return f"{figure.value:.2%}" if figure.unit == "share" else mean_time(figure.value)


def _journeys(count: int) -> str:
    return "1 journey" if count == 1 else f"{count:,} journeys"
