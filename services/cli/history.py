"""
`sqm history`: make the tables of history, and ask what they hold.
"""

import csv
import json
import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from schemas.base import format_instant
from services.cli.examples import examples
from services.cli.history_door import history_settings, open_door
from services.cli.instants import read_instant
from services.runtime.errors import Misconfigured

if TYPE_CHECKING:
    from services.history.engine import Figure

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Migrate and query the history of outcomes.")

__all__ = ["app"]


_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


class Form(StrEnum):
    """
    How an answer is written.
    """

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Url = Annotated[
    str | None,
    typer.Option(help="Address of a history service; by default the one on this machine, else the database itself."),
]
Format = Annotated[Form, typer.Option("--format", help="table for people, json and csv for programs.")]


@app.command(epilog=examples("sqm history migrate", "SQM_CLICKHOUSE__URL=http://clickhouse:8123 sqm history migrate"))
def migrate() -> None:
    """
    Bring the tables to what this version expects; run it again as often as you like.
    """
    from services.history.shell.migrating import migrate as bring_up  # noqa: PLC0415
    from services.history.shell.migrating import read_migrations  # noqa: PLC0415
    from services.runtime.clickhouse import open_database  # noqa: PLC0415

    settings = history_settings()
    database = open_database(settings.clickhouse)
    try:
        done = bring_up(database, read_migrations(), settings.history_keep_days)
    finally:
        database.close()
    for name in done.migrations:
        _say(f"applied    {name}")
    for table, days in done.lifetimes.items():
        _say(f"lifetime   {table}: {f'{days} days' if days else 'for ever'}")
    if not any(done):
        _say("nothing to do: the tables are as this version expects them")


@app.command(
    epilog=examples(
        "sqm history attainment --standard bank-wait",
        "sqm history attainment --standard bank-wait --by site,hour --metric sl_all_offered --format csv",
        "sqm history attainment --standard bank-wait --from 1999-01-04T00:00:00Z --until 1999-01-11T00:00:00Z",
    )
)
def attainment(  # noqa: PLR0913  (each is an option of the command)
    *,
    standard: Annotated[str, typer.Option(help="Id of the standard.")],
    version: Annotated[int | None, typer.Option(help="One version; by default each, for itself.")] = None,
    by: Annotated[str, typer.Option(help="Split by any of site, queue and hour (UTC), comma-separated.")] = "",
    metric: Annotated[str, typer.Option(help="Only these metrics, comma-separated.")] = "",
    since: Annotated[str | None, typer.Option("--from", help="Journeys that arrived at this instant or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Journeys that arrived before this instant.")] = None,
    basis: Annotated[
        str, typer.Option(help="minutes, or measurements: the same figures from the single clocks.")
    ] = "minutes",
    form: Format = Form.TABLE,
    url: Url = None,
) -> None:
    """
    How far a standard was kept, by every named metric: sums over sums, attributed to the arrival of the journey.
    """
    from domain.metrics import METRICS  # noqa: PLC0415
    from services.history.engine import Basis, By, Question, figures, sql_of  # noqa: PLC0415

    metrics = _chosen(metric, list(METRICS), "--metric")
    question = Question(
        standard=standard,
        by=tuple(By(name) for name in _chosen(by, [str(one) for one in By], "--by")),
        version=version,
        from_ms=read_instant(since, "--from"),
        until_ms=read_instant(until, "--until"),
        basis=Basis(_chosen(basis, [str(one) for one in Basis], "--basis")[0]),
    )
    sql, parameters = sql_of(question)
    with open_door(url) as door:
        found = figures(question, door.rows(sql, parameters), metrics)
    if form is Form.JSON:
        _say(json.dumps([_document(one) for one in found], indent=2))
    elif form is Form.CSV:
        _write_csv(found, [str(one) for one in question.by])
    else:
        _write_table(found, [str(one) for one in question.by], metrics or list(METRICS))


@app.command(
    epilog=examples(
        "sqm history query 'SELECT kind, state, count() FROM standing_violations GROUP BY ALL'",
        "sqm history query 'SELECT * FROM standing_measurements WHERE journey = {j:String}' --param j=C0042",
    )
)
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT; figures are read from the views named standing_….")],
    *,
    param: Annotated[list[str] | None, typer.Option(help="name=value for {name:Type} in the SQL.")] = None,
    form: Format = Form.TABLE,
    url: Url = None,
) -> None:
    """
    Ask history anything in SQL; nothing can be changed this way.
    """
    pairs = [one.partition("=") for one in param or []]
    faulty = next((name for name, equals, _ in pairs if not (name and equals)), None)
    if faulty is not None:
        raise Misconfigured(f"--param {faulty!r} is not written as name=value")
    with open_door(url) as door:
        answer = json.loads(door.answer(sql, {name: value for name, _, value in pairs}))
    names = [column["name"] for column in answer["meta"]]
    if form is Form.JSON:
        _say(json.dumps(answer["data"], indent=2, ensure_ascii=False))
    elif form is Form.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_shown(row[name]) for name in names] for row in answer["data"])
    else:
        _print_table(names, [[_shown(row[name]) for name in names] for row in answer["data"]])


def _chosen(text: str, allowed: Sequence[str], option: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    wrong = next((name for name in names if name not in allowed), None)
    if wrong is not None:
        raise Misconfigured(f"{option} {wrong[:80]!r} is none of {', '.join(allowed)}")
    return list(dict.fromkeys(names))


def _groups(figure: "Figure") -> dict[str, str | None]:
    return {
        name: format_instant(int(value))
        if name == "hour" and value is not None
        else None
        if value is None
        else str(value)
        for name, value in figure.by.items()
    }


def _document(figure: "Figure") -> dict[str, Any]:
    return {
        "standard": figure.standard,
        "version": figure.version,
        "metric": figure.metric,
        "by": _groups(figure),
        "good": figure.good,
        "total": figure.total,
        "value": figure.value,
        "n": figure.counts.answered + figure.counts.abandoned,
    }


def _write_csv(found: Sequence["Figure"], by: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["standard", "version", *by, "metric", "good", "total", "value", "n"])
    for one in found:
        told = _document(one)
        groups = [told["by"][name] or "" for name in by]
        value = "" if one.value is None else f"{one.value:.6f}"
        writer.writerow([one.standard, one.version, *groups, one.metric, one.good, one.total, value, told["n"]])


def _write_table(found: Sequence["Figure"], by: Sequence[str], metrics: Sequence[str]) -> None:
    from services.cli.figure_tables import Line, print_figures  # noqa: PLC0415  (help must be quick)
    from services.cli.terminal import console  # noqa: PLC0415  (help must be quick)

    lines: dict[tuple[str, ...], Line] = {}
    for one in found:
        groups = _groups(one)
        shown = (_hour(groups[name]) if name == "hour" else groups[name] for name in by)
        key = (f"{one.standard}@{one.version}", *(value or "–" for value in shown))
        line = lines.setdefault(key, Line(key, f"{one.counts.answered + one.counts.abandoned:,}", {}))
        lines[key] = line._replace(figures={**line.figures, one.metric: _figure(one)})
    if not lines:
        _say("no outcomes of this standard in this span")
        return
    titles = ["hour (UTC)" if name == "hour" else name for name in by]
    print_figures(console(), ["standard", *titles], metrics, list(lines.values()))


def _hour(instant: str | None) -> str | None:
    return None if instant is None else instant[:16].replace("T", " ")


def _figure(one: "Figure") -> str:
    if one.value is None:
        return "–"
    return f"{one.value / 1000:.1f} s" if one.metric == "asa" else f"{one.value:.2%}"


def _shown(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _print_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.table import Table  # noqa: PLC0415  (help must be quick)

    from services.cli.terminal import console  # noqa: PLC0415  (help must be quick)

    table = Table(box=None, pad_edge=False)
    for place, name in enumerate(names):
        is_number = bool(rows) and all(_NUMBER.fullmatch(row[place]) for row in rows)
        table.add_column(name, overflow="fold", justify="right" if is_number else "left")
    for row in rows:
        table.add_row(*row)
    console().print(table)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
