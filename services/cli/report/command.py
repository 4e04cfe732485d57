"""
The commands of `sqm report`: read what somebody wants to see, ask history, write it.
"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import typer

from services.cli.examples import examples
from services.cli.history_options import Url

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Report a period, for people and for programs.")

__all__ = ["app"]

_NO_USE: Final = {
    "waits": ("against",), "violations": ("against", "minimum_n"), "complaints": ("standard",),
}  # fmt: skip
"""Options that a report has no use for."""
_COUNTS: Final = frozenset({"violations", "complaints"})
"""Reports that count, and are not split by employee: a count without how many each served rates nobody."""


class Form(StrEnum):
    """
    How a report is written.
    """

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    HTML = "html"


Standards = Annotated[
    list[str] | None, typer.Option("--standard", help="Only this one; may be given again. All, if not given.")
]
_SPLIT = (
    "Split by any of site, region, queue, channel, service, segment, priority, team{}, hour, clock_hour, day, weekday, "
    "week and month, comma-separated; empty: not at all."
)
By = Annotated[str, typer.Option(help=_SPLIT.format(", employee"))]
ByCounts = Annotated[str, typer.Option(help=_SPLIT.format(""))]
PeriodName = Annotated[
    str | None, typer.Option("--period", help="2026-03, 2026-W12, 2026-03-14, last-week, last-30-days …; all, if none.")
]
Since = Annotated[str | None, typer.Option("--from", help="In place of a period: from this instant on.")]
Until = Annotated[str | None, typer.Option("--until", "--to", help="Up to this instant, which is not part of it.")]
Against = Annotated[
    str | None, typer.Option(help="Beside which other period: its name, or `before` for the one before.")
]
Zone = Annotated[
    str | None, typer.Option(help="In whose days and hours; by default the zone that all sites share, else UTC.")
]
Least = Annotated[
    int | None,
    typer.Option("--minimum-n", min=1, help="Fewer are too few to be judged; by default as each standard says."),
]
Language = Annotated[
    str | None, typer.Option(help="en, ru or lv; if not given, that of the environment, else English.")
]
Format = Annotated[
    Form | None,
    typer.Option(
        "--format",
        help="table and html for people; csv, json and parquet for programs. By default as --out ends, else table.",
    ),
]
Out = Annotated[Path | None, typer.Option(help="Write into this file; needed for parquet.")]


def _command(kind: str, says: str, *lines: str) -> None:
    """
    Add a command; all of them have the same options, but help does not offer what a report has no use for.
    """

    def command(  # noqa: PLR0913  (each is an option of the command)
        *,
        standard: Standards = None,
        by: By = "site",
        period: PeriodName = None,
        since: Since = None,
        until: Until = None,
        against: Against = None,
        zone: Zone = None,
        minimum_n: Least = None,
        form: Format = None,
        out: Out = None,
        language: Language = None,
        url: Url = None,
    ) -> None:
        _report(kind, locals())

    for name in _NO_USE.get(kind, ()):
        command.__annotations__[name] = Annotated[get_args(command.__annotations__[name])[0], typer.Option(hidden=True)]
    if kind in _COUNTS:
        command.__annotations__["by"] = ByCounts
    command.__doc__ = says
    app.command(kind, epilog=examples(*(f"sqm report {kind}{line}" for line in lines)))(command)


_command(
    "attainment",
    "How far standards were kept: figure and target, through time, by weekday and hour, and by every metric.",
    " --period 2026-03 --against before",
    " --standard counter-wait --by site,weekday --period last-week --format csv",
    " --standard counter-wait --by service --format html --out counter-wait.html",
)
_command(
    "waits",
    "How long it took: percentiles, how many took how long, through time, by weekday and hour.",
    " --standard counter-wait --period last-month",
    " --by queue --period 2026-W12 --format html --out waits.html",
)
_command(
    "violations",
    "What was not kept: by kind and reason, through time, the worst and what is open, each explained; retracted apart.",
    " --period yesterday",
    " --standard counter-wait --by queue --period last-week --format html --out violations.html",
)
_command(
    "complaints",
    "Complaints: how many, per 1,000 visits, about what, what came of them, and the standards of answering.",
    " --period 2026-03 --against before",
    " --by region --period 2026-Q1 --format parquet --out complaints.parquet",
)
_command(
    "scorecard",
    "Every standard side by side, for each site: target, figure, range, trend against the period before, state.",
    " --period last-month",
    " --by region --period 2026-Q1 --format html --out scorecard.html",
)


def _report(kind: str, given: dict[str, Any]) -> None:
    from services.cli.history_door import open_door  # noqa: PLC0415  (help must be quick)
    from services.cli.report.asking import Asking  # noqa: PLC0415  (as above)
    from services.cli.report.making import MAKERS, read_wish, report_of, words_for  # noqa: PLC0415  (as above)
    from services.runtime.clock import SystemClock  # noqa: PLC0415  (as above)
    from services.runtime.errors import Misconfigured  # noqa: PLC0415  (as above)

    for name in _NO_USE.get(kind, ()):
        if given[name] is not None:
            raise Misconfigured(f"--{name.replace('_', '-')}: `sqm report {kind}` has no use for it; leave it out")
    out = given["out"]
    form = given["form"] or _ends(out)
    if form is Form.PARQUET and out is None:
        raise Misconfigured("--format parquet: is no text; name a file with --out")
    now_ms = SystemClock().now_ms()
    with open_door(given["url"]) as door:
        asking = Asking(door)
        wish = read_wish(asking, given, now_ms)
        words = words_for(given["language"], wish, asking)
        sections, tables = MAKERS[kind](asking, words, wish)
    report = report_of(kind, words, wish, now_ms, (sections, tables))
    if out is None:
        _write(report, words, form, sys.stdout)
    elif form is Form.PARQUET:
        from services.cli.report.writing import main_table  # noqa: PLC0415  (as above)
        from services.runtime.clickhouse import write_parquet  # noqa: PLC0415  (as above)

        table = main_table(report)
        write_parquet(out, table.columns, table.rows)
    else:
        with out.open("w", encoding="utf-8", newline="") as stream:
            _write(report, words, form, stream)


def _ends(out: Path | None) -> Form:
    """
    Read from the name of a file how it is to be written.
    """
    ending = "" if out is None else out.suffix.lower().lstrip(".")
    return Form(ending) if ending in set(Form) else Form.TABLE


def _write(report: Any, words: Any, form: Form, stream: Any) -> None:  # noqa: ANN401  (all of it is loaded late)
    from services.cli.report import writing  # noqa: PLC0415  (as above)
    from services.cli.terminal import console  # noqa: PLC0415  (as above)

    match form:
        case Form.JSON:
            stream.write(writing.as_json(report) + "\n")
        case Form.CSV:
            writing.write_csv(report, stream)
        case Form.HTML:
            from services.cli.report.page import as_page  # noqa: PLC0415  (as above)

            stream.write(as_page(report, words))
        case _:
            writing.print_report(report, console(None if stream is sys.stdout else stream))
