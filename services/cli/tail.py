"""
`sqm tail`: a growing file, followed live, becomes service events.
"""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from services.cli.examples import examples

app = typer.Typer(add_completion=False, help="Follow a growing file, and send its events as they happen.")

__all__ = ["app"]

_DEFAULT_URL: Final = "http://127.0.0.1:8081"
_POSITION: Final = ".sqm-position"
_OF_ONCE: Final = 60
_OF_FOLLOWING: Final = 5
"""Attempts of one request; a tail that follows begins again after them, for as long as it takes."""


@app.command(
    epilog=examples(
        "sqm tail --mapping deploy/mappings/asterisk-queue-log.yaml --token-file token.txt /var/log/asterisk/queue_log",
        "sqm tail --mapping my-till.yaml --position /var/lib/sqm/till.position /srv/till/journal.csv",
        "sqm tail --mapping my-till.yaml --once journal.csv      (from cron)",
    )
)
def tail(  # noqa: PLR0913  (each is an option of the command)
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file that grows.", show_default=False)],
    *,
    mapping: Annotated[Path, typer.Option(help="How its lines become events (kind: Mapping).")],
    position: Annotated[
        Path | None, typer.Option(help=f"Where the place in the file is kept; else FILE{_POSITION}.")
    ] = None,
    url: Annotated[str, typer.Option(help="Where ingest listens.")] = _DEFAULT_URL,
    token_file: Annotated[Path | None, typer.Option(help="File with this source's token; else SQM_TOKEN.")] = None,
    kafka: Annotated[bool, typer.Option("--kafka", help="Write to the topic sqm.events.in.v1 instead.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Send what is there by now, and end.")] = False,
    rejected: Annotated[
        Path | None, typer.Option(help="Add rows that do not fit to this file, one JSON object a line.")
    ] = None,
    option: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the mapping.")] = None,
) -> None:
    """
    Send the events of a file's new lines, across its rotation and this command's restarts.

    The position moves when events are acknowledged, never before: stopped or killed at any instant, the next run goes
    on there, and what is sent twice has the same ids. A line is read once it has its end. While ingest is away nothing
    is lost, and it is tried again. Status 1 where ingest refused events.
    """
    # Imported here, so that --help answers at once.
    import asyncio  # noqa: PLC0415
    from contextlib import closing  # noqa: PLC0415

    from services.cli.loading import Summary  # noqa: PLC0415
    from services.cli.mapping_files import parse_options, read_mapping  # noqa: PLC0415
    from services.cli.outlets import Way, open_outlet  # noqa: PLC0415
    from services.cli.rejected_rows import RejectedFile  # noqa: PLC0415
    from services.cli.stopping import stop_of_signals  # noqa: PLC0415
    from services.cli.tailing.follower import Follower  # noqa: PLC0415
    from services.cli.tailing.parcels import Packer  # noqa: PLC0415
    from services.cli.tailing.position import PositionFile  # noqa: PLC0415
    from services.cli.tailing.run import Tail  # noqa: PLC0415
    from services.cli.tailing.status import Status  # noqa: PLC0415
    from services.runtime.clock import SystemClock  # noqa: PLC0415
    from services.runtime.errors import Misconfigured  # noqa: PLC0415

    compiled = read_mapping(mapping, parse_options(option or ()))
    place = PositionFile(position or file.with_name(file.name + _POSITION), file, compiled.id)
    begin = place.read()
    if begin is None and not file.is_file():
        raise Misconfigured(f"{file}: there is no such file")
    clock, summary = SystemClock(), Summary()
    status = Status(summary, clock, sys.stderr)
    begun = clock.monotonic_ms()

    async def run() -> None:
        way = Way(kafka, url, token_file, attempts=_OF_ONCE if once else _OF_FOLLOWING)
        encoding = compiled.document.table.encoding
        with RejectedFile(rejected, add=True) as aside, closing(status):
            async with open_outlet(way, encoding, summary, clock, status.tell if once else _nobody) as outlet:
                follower, packer = Follower(file, begin, status.tell), Packer(compiled, summary)
                with closing(Tail(follower, packer, outlet, place, aside, status)) as work:
                    await (work.once() if once else work.follow(stop_of_signals()))

    try:
        asyncio.run(run())
    finally:
        for line in summary.told(clock.monotonic_ms() - begun):
            sys.stdout.write(line + "\n")
    if summary.refused:
        raise typer.Exit(1)


def _nobody(_: str) -> None:
    """
    Hear why one request waits: the status says it once for all of them.
    """
