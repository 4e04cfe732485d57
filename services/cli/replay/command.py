"""
The command `sqm replay`: reads its words, runs the replay, writes the report.
"""

import gc
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.examples import examples
from services.cli.forms import SheetForm, SheetOutput

if TYPE_CHECKING:
    from schemas.standards import Standard
    from services.cli.replay.run import Result

app = typer.Typer(add_completion=False, help="Check files of past events against standards; no broker needed.")

__all__ = ["app"]


@app.command(
    epilog=examples(
        "sqm replay --mapping deploy/mappings/anonymous-bank.yaml --standards deploy/standards/examples january.txt",
        "sqm replay --mapping my-bank.yaml --standards standards/ --by service --by hour --format csv calls-*.csv",
        "sqm replay --mapping my-bank.yaml --standards standards/ --out january/ --option sites=lines january.txt",
    )
)
def replay(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Files that the mapping reads.", show_default=False)
    ],
    *,
    mapping: Annotated[Path, typer.Option(help="How the files become events (kind: Mapping).")],
    standards: Annotated[list[Path], typer.Option(help="YAML files of standards and their calendars, or folders.")],
    by: Annotated[list[str] | None, typer.Option(metavar="FIELD", help="Also by this: service, hour, site …")] = None,
    output: SheetOutput = SheetForm.TABLE,
    out: Annotated[
        Path | None, typer.Option(help="Folder for measurements, violations and what explain needs.")
    ] = None,
    option: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the mapping.")] = None,
) -> None:
    """
    Judge past events as the live line would have judged them: the same engine, on the time of the events.
    """
    # Imported here, so that --help answers at once.
    from schemas.standards import Standard  # noqa: PLC0415
    from services.cli.mapping_files import parse_options, read_mapping  # noqa: PLC0415
    from services.cli.progress import FileProgress  # noqa: PLC0415
    from services.cli.replay.figures import BY_FIELDS  # noqa: PLC0415
    from services.cli.replay.folder import OutFolder  # noqa: PLC0415
    from services.cli.replay.reading import Reading, Rejections  # noqa: PLC0415
    from services.cli.replay.run import Replay  # noqa: PLC0415
    from services.ingest.engine.rows import RowReason  # noqa: PLC0415
    from services.runtime.clock import SystemClock  # noqa: PLC0415
    from services.runtime.errors import Misconfigured  # noqa: PLC0415
    from services.sla.shell.documents import read_documents_of, require  # noqa: PLC0415

    fields = tuple(dict.fromkeys(by or ()))
    for field in fields:
        if field not in BY_FIELDS:
            raise Misconfigured(f"--by {field[:40]}: there is no such field; one of {', '.join(BY_FIELDS)}")
    compiled = read_mapping(mapping, parse_options(option or ()))
    documents = [one.document for one in require(read_documents_of(standards))]
    held = [one for one in documents if isinstance(one, Standard)]
    if not held:
        raise Misconfigured("--standards: no document of the kind Standard is there")
    for file in files:
        if not file.is_file():
            raise Misconfigured(f"{file}: there is no such file")
    clock = SystemClock()
    begun = clock.monotonic_ms()
    with ExitStack() as stack:
        progress = stack.enter_context(FileProgress("reading", sum(file.stat().st_size for file in files), clock))
        folder = None if out is None else stack.enter_context(OutFolder(out, held))
        # What is read once lives to the end; looking through it again and again would cost a third of the time.
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)
        reading = Reading(compiled, files, progress.at, Rejections())
        result = Replay(compiled.document.zone, documents, fields, folder).run(reading)
    elapsed = clock.monotonic_ms() - begun
    _write(result, held, fields, elapsed, output)
    if not result.judged or RowReason.UNLIKE_HEADER in result.rejections.counts:
        raise typer.Exit(1)


def _write(
    result: "Result", standards: "list[Standard]", by: tuple[str, ...], elapsed_ms: int, output: SheetForm
) -> None:
    from services.cli.replay import report  # noqa: PLC0415  (as above)
    from services.cli.terminal import console  # noqa: PLC0415  (as above)

    match output:
        case SheetForm.JSON:
            sys.stdout.write(report.as_json(result, standards, elapsed_ms) + "\n")
        case SheetForm.CSV:
            report.as_csv(result, by, sys.stdout)
        case SheetForm.TABLE if result.judged:
            report.as_tables(result, standards, by, elapsed_ms, console())
    if not result.judged:
        report.print_nothing(result, console(stderr=output is not SheetForm.TABLE))
