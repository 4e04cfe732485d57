"""
`sqm history`: make the tables of history, and ask what they hold.
"""

import csv
import json
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final, Protocol, TextIO, get_args

import typer

from schemas.objectives import PERCENTILES, MetricName
from services.cli.examples import examples
from services.cli.first_contacts import app as first_contacts
from services.cli.forms import SheetForm, SheetOutput
from services.cli.history_action import app as action
from services.cli.history_archive import app as archive
from services.cli.history_door import history_settings, open_door
from services.cli.history_options import From, Until, Url, chosen, chosen_one, read_span
from services.cli.instants import read_zone
from services.cli.people import app as people
from services.cli.sheets import cell
from services.runtime.errors import Misconfigured, Rejected

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Migrate and query the history of outcomes.")

__all__ = ["app"]

app.add_typer(first_contacts)
app.add_typer(action)
app.add_typer(archive)
app.add_typer(people)

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


class Report(Protocol):
    """
    An answer in every form.
    """

    def as_json(self) -> str: ...

    def write_csv(self, stream: TextIO) -> None: ...

    def print_table(self, console: "Console") -> None: ...


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
    by: Annotated[
        str,
        typer.Option(
            help="Split by any of site, region, queue, hour, clock_hour, day, weekday, week and month (UTC), "
            "comma-separated; with --basis measurements also by channel, service, segment, priority, team, employee."
        ),
    ] = "",
    metric: Annotated[str, typer.Option(help="Only these metrics, each with its likely range; comma-separated.")] = "",
    since: From = None,
    until: Until = None,
    basis: Annotated[
        str, typer.Option(help="minutes, or measurements: the same figures of clocks from the single ones.")
    ] = "minutes",
    form: SheetOutput = SheetForm.TABLE,
    url: Url = None,
) -> None:
    """
    How far a standard was kept, by every named metric: sums over sums, attributed to the arrival of the journey.

    What an agreed outage covers is left out, also if it was entered afterwards; the figure with it stands in brackets.
    """
    from services.cli import history_figures  # noqa: PLC0415  (help must be quick)
    from services.cli.told_history import agreements_of, left_out_of, require_outcomes  # noqa: PLC0415  (as above)
    from services.history.engine import Basis, By, Question, figures, of_single_journeys, sql_of  # noqa: PLC0415  (as above)

    metrics = chosen(metric, get_args(MetricName), "--metric")
    from_ms, until_ms = read_span(since, until)
    question = Question(
        standard=standard,
        by=tuple(By(name) for name in chosen(by, [str(one) for one in By], "--by")),
        version=version,
        from_ms=from_ms,
        until_ms=until_ms,
        basis=Basis(chosen_one(basis, [str(one) for one in Basis], "--basis")),
    )
    of_journeys = of_single_journeys(question.by)
    if of_journeys and question.basis is Basis.MINUTES:
        raise Misconfigured(f"--by {of_journeys[0]}: only single journeys say that; add --basis measurements")
    with open_door(url) as door:
        rows = door.rows(*sql_of(question))
        if not rows:
            require_outcomes(door, question)
        agreements = agreements_of(door, question)
        left_out = left_out_of(door, agreements)
    found = figures(question, rows, metrics, left_out)
    if rows and not found:
        problem = f"--metric: {standard} is held to {rows[0]['aim']}, and has none of {metric}"
        if PERCENTILES.keys() & metrics:
            problem = f"--metric: history adds up sums, and {metric} is none; `sqm replay` and `sqm backtest` tell it"
        raise Rejected("no_such_figure", problem)
    report = history_figures.Report(found, agreements.exclusions, tuple(str(one) for one in question.by), metrics)
    _tell(report, form)


@app.command(
    epilog=examples(
        "sqm history alerts --from 2026-03-01T00:00:00Z --until 2026-04-01T00:00:00Z",
        "sqm history alerts --by person --shift 12 --zone Europe/Riga",
        "sqm history alerts --by rule --format csv",
    )
)
def alerts(
    *,
    by: Annotated[str | None, typer.Option(help="Split by rule, site, standard or person.")] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Alerts that were raised at this instant or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", "--to", help="Alerts that were raised before this instant.")
    ] = None,
    shift: Annotated[int, typer.Option(min=1, max=24, help="Hours of a shift, counted from midnight.")] = 8,
    zone: Annotated[str, typer.Option(help="In whose local time shifts begin.")] = "UTC",
    form: SheetOutput = SheetForm.TABLE,
    url: Url = None,
) -> None:
    """
    How alerts were dealt with: time to acknowledge (MTTA) and to resolve (MTTR), what was acknowledged before the
    escalation went on, what people marked as useful, how much each of them had to bear, and whether messages arrived.
    """
    from services.cli.history_alerts import AlertReport  # noqa: PLC0415  (help must be quick)
    from services.history.engine import AlertQuestion, AlertsBy, alert_measures, alert_questions  # noqa: PLC0415

    from_ms, until_ms = read_span(since, until)
    question = AlertQuestion(
        by=AlertsBy(chosen_one(by, [str(one) for one in AlertsBy], "--by")) if by is not None else None,
        from_ms=from_ms,
        until_ms=until_ms,
        shift_hours=shift,
        zone=read_zone(zone).key,
    )
    with open_door(url) as door:
        found = alert_measures(question, [door.rows(*one) for one in alert_questions(question)])
    report = AlertReport(found, question.by)
    _tell(report, form)


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
    form: SheetOutput = SheetForm.TABLE,
    url: Url = None,
) -> None:
    """
    Ask history anything in SQL; nothing can be changed this way.

    JSON has every value as it is. In CSV, which people open as sheets, a text that would be a formula there has an
    apostrophe before it.
    """
    pairs = [one.partition("=") for one in param or []]
    faulty = next((name for name, equals, _ in pairs if not (name and equals)), None)
    if faulty is not None:
        raise Misconfigured(f"--param {faulty!r} is not written as name=value")
    with open_door(url) as door:
        answer = json.loads(door.answer(sql, {name: value for name, _, value in pairs}))
    names = [column["name"] for column in answer["meta"]]
    if form is SheetForm.JSON:
        _say(json.dumps(answer["data"], indent=2, ensure_ascii=False))
    elif form is SheetForm.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(map(_in_sheet, names))
        writer.writerows([_in_sheet(_shown(row[name])) for name in names] for row in answer["data"])
    else:
        _print_table(names, [[_shown(row[name]) for name in names] for row in answer["data"]])


def _tell(report: Report, form: SheetForm) -> None:
    from services.cli.terminal import console  # noqa: PLC0415  (help must be quick)

    if form is SheetForm.JSON:
        _say(report.as_json())
    elif form is SheetForm.CSV:
        report.write_csv(sys.stdout)
    else:
        report.print_table(console())


def _shown(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _in_sheet(text: str) -> object:
    return text if _NUMBER.fullmatch(text) else cell(text)


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
