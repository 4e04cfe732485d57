"""
`sqm load`: files become service events in the live line, through ingest or straight to its Kafka topic.
"""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from services.cli.examples import examples

app = typer.Typer(add_completion=False, help="Send files of events into the line.")

__all__ = ["app"]

_DEFAULT_URL: Final = "http://127.0.0.1:8081"


@app.command(
    epilog=examples(
        "sqm load --mapping deploy/mappings/anonymous-bank.yaml --token-file token.txt january.txt",
        "sqm load --mapping my-bank.yaml --option sites=lines --rejected rejected.ndjson calls-*.csv",
        "sqm load --mapping my-bank.yaml --kafka calls.csv      (settings SQM_KAFKA__…; needs the right to write)",
    )
)
def load(  # noqa: PLR0913  (each is an option of the command)
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Files that the mapping reads.", show_default=False)
    ],
    *,
    mapping: Annotated[Path, typer.Option(help="How the files become events (kind: Mapping).")],
    url: Annotated[str, typer.Option(help="Where ingest listens.")] = _DEFAULT_URL,
    token_file: Annotated[Path | None, typer.Option(help="File with this source's token; else SQM_TOKEN.")] = None,
    kafka: Annotated[bool, typer.Option("--kafka", help="Write to the topic sqm.events.in.v1 instead.")] = False,
    in_flight: Annotated[int, typer.Option(min=1, max=16, help="Requests under way at once.")] = 4,
    in_time_order: Annotated[
        bool,
        typer.Option(
            "--in-time-order",
            help="Send by time of event, not in the order of the files; one request at a time, so that it stays so.",
        ),
    ] = False,
    rejected: Annotated[
        Path | None, typer.Option(help="Write rows that do not fit to this file, one JSON object a line.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Status 1 also where single rows did not fit.")] = False,
    option: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the mapping.")] = None,
) -> None:
    """
    Send every event of the files, in batches of 500; again, as often as needed, where ingest is behind or away.

    Ids come from content: loading a file twice changes nothing. Rows that do not fit are told and left out; with
    --kafka they go to the dead letters. Status 1 where ingest refused events or a file is unlike its mapping.
    """
    # Imported here, so that --help answers at once.
    import asyncio  # noqa: PLC0415

    from services.cli.loading import Loading, Summary  # noqa: PLC0415
    from services.cli.mapping_files import parse_options, read_mapping  # noqa: PLC0415
    from services.cli.outlets import Way, open_outlet  # noqa: PLC0415
    from services.cli.progress import FileProgress  # noqa: PLC0415
    from services.cli.rejected_rows import RejectedFile  # noqa: PLC0415
    from services.runtime.clock import SystemClock  # noqa: PLC0415
    from services.runtime.errors import Misconfigured  # noqa: PLC0415

    compiled = read_mapping(mapping, parse_options(option or ()))
    for file in files:
        if not file.is_file():
            raise Misconfigured(f"{file}: there is no such file")
    clock, summary = SystemClock(), Summary()
    tell = lambda text: sys.stderr.write(text + "\n")  # noqa: E731  (a line that is handed on)
    begun = clock.monotonic_ms()
    size = sum(file.stat().st_size for file in files)
    with FileProgress("loading", size, clock) as progress, RejectedFile(rejected) as aside:
        loading = Loading(compiled, files, progress.at, summary, aside.write, in_time_order=in_time_order)

        async def send() -> None:
            way = Way(kafka, url, token_file, in_flight, in_time_order=in_time_order)
            async with open_outlet(way, loading.encoding, summary, clock, tell) as outlet:
                await outlet.send(loading.batches(), loading.aside)

        asyncio.run(send())
    for line in summary.told(clock.monotonic_ms() - begun):
        sys.stdout.write(line + "\n")
    if summary.refused or summary.unlike_files or (strict and summary.rejected):
        raise typer.Exit(1)
