"""
`sqm calendar`: when a limit is due by a calendar, how much open time passes, when it opens next, and why.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.examples import examples
from services.cli.forms import TableForm, TableOutput
from services.runtime.errors import Misconfigured, Rejected

if TYPE_CHECKING:
    from services.cli.open_time import Question

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Count open time by a calendar, and say which days count."
)

__all__ = ["app"]


File = Annotated[
    Path, typer.Option("--calendar", metavar="FILE", help="The YAML file that holds the calendar.", show_default=False)
]
Which = Annotated[
    str | None, typer.Option("--id", metavar="ID[@VERSION]", help="Which calendar, where the file holds several.")
]
Zone = Annotated[str | None, typer.Option(metavar="ZONE", help="IANA time zone in place of the calendar's own.")]
From = Annotated[
    str, typer.Option("--from", metavar="TIME", help="An instant, or a local time of the calendar's zone.")
]
To = Annotated[str, typer.Option("--to", metavar="TIME", help="Up to when; written like --from.")]


@app.command(
    epilog=examples(
        "sqm calendar due --calendar riga.yaml --from 2026-06-22T16:00 --duration 8h",
        "sqm calendar due --calendar riga.yaml --from 2026-06-25T16:00 --duration -90m",
        "sqm calendar due --calendar riga.yaml --from 2026-06-22 --business-days 3",
    )
)
def due(
    *,
    calendar: File,
    begin: From,
    duration: Annotated[
        str | None, typer.Option(metavar="TIME", help="Open time to add, like 90m; -90m looks back from --from.")
    ] = None,
    business_days: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=5_000, help="Up to the close of the N-th business day after.")
    ] = None,
    zone: Zone = None,
    which: Which = None,
    output: TableOutput = TableForm.TABLE,
) -> None:
    """
    Say when so much open time will have passed, or the N-th following business day closes.
    """
    if (duration is None) == (business_days is None):
        raise Misconfigured("say either --duration, for open time, or --business-days, for a closing")
    question = _question(calendar, which, zone)
    at = question.instant("--from", begin)
    if duration is not None:
        counted = question.duration(duration)
        found = question.hours.add(at, counted)
    else:
        found = question.hours.close_of_business_day(at, business_days or 0)
    if not question.known(found):
        raise Rejected("never", f"{question.title} does not get there within twenty years; is it open at all by then?")
    word = "due" if found >= at else "begins"
    question.answer({"from": at, word: found}, min(at, found), max(at, found), as_json=output is TableForm.JSON)


@app.command(
    epilog=examples(
        "sqm calendar elapsed --calendar riga.yaml --from 2026-06-22T16:00 --to 2026-06-25T10:00",
        "sqm calendar elapsed --calendar riga.yaml --from 2026-06-22T13:00:00Z --to 2026-06-25T07:00:00Z --format json",
    )
)
def elapsed(
    *,
    calendar: File,
    begin: From,
    end: To,
    zone: Zone = None,
    which: Which = None,
    output: TableOutput = TableForm.TABLE,
) -> None:
    """
    Say how much open time passes between two times.
    """
    _between(_question(calendar, which, zone), begin, end, output)


@app.command("next", epilog=examples("sqm calendar next --calendar riga.yaml --from 2026-06-22T20:00"))
def next_(
    *,
    calendar: File,
    begin: From,
    zone: Zone = None,
    which: Which = None,
    output: TableOutput = TableForm.TABLE,
) -> None:
    """
    Say when it is open next: at once, or from which opening on.
    """
    question = _question(calendar, which, zone)
    at = question.instant("--from", begin)
    found = question.hours.next_opening(at)
    if not question.known(found):
        raise Rejected("never", f"{question.title} is not open again within twenty years")
    question.answer({"from": at, "opens": found}, at, found, as_json=output is TableForm.JSON, closed=True)


@app.command(
    epilog=examples("sqm calendar segments --calendar riga.yaml --from 2026-12-21 --to 2027-01-05 --zone Europe/Riga")
)
def segments(
    *,
    calendar: File,
    begin: From,
    end: To,
    zone: Zone = None,
    which: Which = None,
    output: TableOutput = TableForm.TABLE,
) -> None:
    """
    List all of the time between two times, open and closed, with the holidays by name.
    """
    _between(_question(calendar, which, zone), begin, end, output, closed=True)


@app.command(epilog=examples("sqm calendar freeze draft.yaml", "sqm calendar freeze draft.yaml > riga.yaml"))
def freeze(file: Annotated[Path, typer.Argument(metavar="FILE", help="A YAML file with drafts of calendars.")]) -> None:
    """
    Write calendars as they would be published: holidays that they import as exceptions, by date and name.
    """
    from services.cli.open_time import calendars_of, written  # noqa: PLC0415  (see _question)

    sys.stdout.write("---\n".join(written(calendar) for calendar in calendars_of(file)))


def _between(question: "Question", begin: str, end: str, output: TableForm, *, closed: bool = False) -> None:
    at, until = question.instant("--from", begin), question.instant("--to", end)
    if until < at:
        raise Misconfigured(f"--to {end[:40]}: lies before --from {begin[:40]}; write the earlier one under --from")
    question.answer({"from": at, "to": until}, at, until, as_json=output is TableForm.JSON, closed=closed)


def _question(file: Path, which: str | None, zone: str | None) -> "Question":
    # Imported here, so that --help answers at once.
    from services.cli.open_time import Question, calendars_of, pick  # noqa: PLC0415

    return Question(pick(calendars_of(file), which, file), zone)
