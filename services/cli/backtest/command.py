"""
The command `sqm backtest`: reads its words, runs the pass over files or history, writes the report.
"""

import gc
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.examples import examples
from services.cli.forms import TableForm, TableOutput

if TYPE_CHECKING:
    from services.cli.backtest.run import Backtest
    from services.cli.replay.reading import Rejections
    from services.history.engine import Period
    from services.ingest.engine.mapping import CompiledMapping
    from services.runtime.clock import Clock

app = typer.Typer(add_completion=False, help="Judge the past by proposed standards, beside those that were in force.")

__all__ = ["app"]


@app.command(
    epilog=examples(
        "sqm backtest --standards drafts/ --against standards/ --mapping my-bank.yaml calls-*.csv",
        "sqm backtest --standards drafts/wait.yaml --against standards/ --history var/history --zone Europe/Riga",
        "sqm backtest --standards drafts/ --history here --from 2026-09-01T00:00:00Z --to 2026-10-01T00:00:00Z",
        "sqm backtest --standards drafts/ --against standards/ --mapping my-bank.yaml --out changes.csv calls.csv",
    )
)
def backtest(  # noqa: PLR0913  (each is an option of the command)
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Files that the mapping reads.", show_default=False)
    ] = None,
    *,
    standards: Annotated[
        list[Path], typer.Option(help="Proposed standards: YAML files, or folders; each file is an alternative.")
    ],
    against: Annotated[
        list[Path] | None, typer.Option(help="Standards to compare them with, by id; their dates hold.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="How the files become events (kind: Mapping).")] = None,
    option: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the mapping.")] = None,
    history: Annotated[
        str | None,
        typer.Option(metavar="PLACE", help="Instead of files: a history service's address, a folder, or `here`."),
    ] = None,
    since: Annotated[str | None, typer.Option("--from", help="Journeys that arrived at this instant or later.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Journeys that arrived before this instant.")] = None,
    zone: Annotated[
        str | None, typer.Option(help="IANA zone of days and hours; that of the mapping, or UTC, if not given.")
    ] = None,
    output: TableOutput = TableForm.TABLE,
    first: Annotated[int, typer.Option(min=0, max=10_000, help="Changed verdicts to show of each proposal.")] = 5,
    out: Annotated[
        Path | None, typer.Option(help="File for every changed verdict; its name ends in .csv or .jsonl.")
    ] = None,
) -> None:
    """
    Say what proposed standards would have said about the past: figures, violations, who would have been told when, and
    the journeys whose verdict changes.

    A proposal judges as if it had been in force all along: its effective dates are passed over. What it is compared
    with keeps its own. Several proposals, of one id too, are judged in one pass. Nothing is stored or published.
    """
    # Imported here, so that --help answers at once.
    from services.cli.backtest import document, report  # noqa: PLC0415
    from services.cli.backtest.changes import Changes  # noqa: PLC0415
    from services.cli.backtest.proposals import trial_of  # noqa: PLC0415
    from services.cli.backtest.run import Backtest  # noqa: PLC0415
    from services.cli.instants import read_instant, read_zone  # noqa: PLC0415
    from services.cli.mapping_files import parse_options, read_mapping  # noqa: PLC0415
    from services.cli.replay.reading import Rejections  # noqa: PLC0415
    from services.cli.terminal import console  # noqa: PLC0415
    from services.history.engine import Period  # noqa: PLC0415
    from services.runtime.clock import SystemClock  # noqa: PLC0415
    from services.runtime.errors import Misconfigured  # noqa: PLC0415
    from services.sla.shell.documents import read_documents_of, require  # noqa: PLC0415

    if (history is None) is not bool(files):
        raise Misconfigured("name files of past events, or --history with the place of history; one of the two")
    if (mapping is None) is bool(files):
        raise Misconfigured("--mapping goes with files, and files with --mapping; history needs none")
    period = Period(read_instant(since, "--from"), read_instant(until, "--to"))
    if period.from_ms is not None and period.until_ms is not None and period.until_ms <= period.from_ms:
        raise Misconfigured("--to: is not later than --from, so nobody can have arrived between them")
    compiled = None if mapping is None else read_mapping(mapping, parse_options(option or ()))
    zone = zone or ("UTC" if compiled is None else compiled.document.zone)
    read_zone(zone)
    proposed = require(read_documents_of(standards, alternatives=True))
    trial = trial_of(proposed, require(read_documents_of(against or ())))
    if not trial.pairs:
        raise Misconfigured("--standards: no document of the kind Standard is there")
    for file in files or ():
        if not file.is_file():
            raise Misconfigured(f"{file}: there is no such file")
    clock = SystemClock()
    begun = clock.monotonic_ms()
    rejections = Rejections()
    with Changes(trial, out, first) as changes:
        # What is read once lives to the end; looking through it again and again would cost a third of the time.
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)
        run = Backtest(trial, zone, period, changes.tell)
        if compiled is not None:
            _through_files(run, compiled, files or [], rejections, clock)
        else:
            _through_history(run, history or "", period, rejections, clock)
        found = run.finish()
    elapsed = clock.monotonic_ms() - begun
    if output is TableForm.JSON:
        sys.stdout.write(document.as_json(found, period, changes.first, rejections, zone, elapsed) + "\n")
    else:
        report.as_tables(found, period, changes, rejections, elapsed, console())
    if any(name == "unlike_header" for name in rejections.counts):
        raise typer.Exit(1)


def _through_files(
    run: "Backtest", compiled: "CompiledMapping", files: list[Path], rejections: "Rejections", clock: "Clock"
) -> None:
    from services.cli.progress import FileProgress  # noqa: PLC0415  (as above)
    from services.cli.replay.reading import Reading  # noqa: PLC0415  (as above)
    from services.cli.replay.translating import Translator  # noqa: PLC0415  (as above)

    with FileProgress("reading", sum(file.stat().st_size for file in files), clock) as progress:
        reading = Reading(compiled, files, progress.at, rejections)
        translator = Translator()
        for batch in reading.batches():
            rejections.refuse(batch, run.take(translator.events(batch)))


def _through_history(run: "Backtest", place: str, period: "Period", rejections: "Rejections", clock: "Clock") -> None:
    from services.cli.history_door import open_place  # noqa: PLC0415  (as above)
    from services.cli.progress import FileProgress  # noqa: PLC0415  (as above)
    from services.cli.told_events import ToldEvents  # noqa: PLC0415  (as above)

    with ExitStack() as stack:
        told = ToldEvents(stack.enter_context(open_place(place)), period)
        progress = stack.enter_context(FileProgress("reading history", told.size_bytes(), clock))
        for batch in told.batches(progress.at, rejections.add):
            told.refuse(batch, run.take(batch), rejections.add)
