"""
`sqm reconcile`: a nightly export against what arrived live; what was missing is added.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from services.cli.alerting.form import Form, Output
from services.cli.examples import examples

if TYPE_CHECKING:
    from services.cli.loading import Summary
    from services.cli.reconciling.comparing import Export
    from services.ingest.engine.mapped import MappedEvent
    from services.ingest.engine.mapping import CompiledMapping

app = typer.Typer(add_completion=False, help="Compare an export with what arrived live, and add what was missing.")

__all__ = ["app"]

_DEFAULT_URL: Final = "http://127.0.0.1:8081"


@app.command(
    epilog=examples(
        "sqm reconcile --mapping deploy/mappings/asterisk-queue-log.yaml /var/log/asterisk/queue_log.1",
        "sqm reconcile --mapping my-till.yaml --send --token-file token.txt export-20260131.csv",
        "sqm reconcile --mapping my-till.yaml --kafka --format json export-20260131.csv",
    )
)
def reconcile(  # noqa: PLR0913  (each is an option of the command)
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Exports of one period.", show_default=False)],
    *,
    mapping: Annotated[Path, typer.Option(help="How the live line and the export become events (kind: Mapping).")],
    history: Annotated[
        str, typer.Option(metavar="PLACE", help="What arrived: address of a history service, its folder, or `here`.")
    ] = "here",
    kafka: Annotated[
        bool, typer.Option("--kafka", help="Look into the topic sqm.events.v1 instead, and send to sqm.events.in.v1.")
    ] = False,
    send: Annotated[bool, typer.Option("--send", help="Send what is missing; else it is only listed.")] = False,
    url: Annotated[str, typer.Option(help="Where ingest listens.")] = _DEFAULT_URL,
    token_file: Annotated[Path | None, typer.Option(help="File with this source's token; else SQM_TOKEN.")] = None,
    option: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the mapping.")] = None,
    output: Output = Form.TEXT,
) -> None:
    """
    List what an export has and the live line missed, what they say differently, and what only came live.

    With --send the missing is added: late events, which correct verdicts; but nothing where the export shares no event
    with the live line, or most of those at other times: then it is read by another mapping or zone. What differs is
    never overwritten, since the first one stands. Status 0: nothing is left that an export could tell; 1: something is.
    """
    # Imported here, so that --help answers at once.
    import asyncio  # noqa: PLC0415

    from services.cli.loading import BATCH, Summary  # noqa: PLC0415
    from services.cli.mapping_files import parse_options, read_mapping  # noqa: PLC0415
    from services.cli.outlets import Way, open_outlet  # noqa: PLC0415
    from services.cli.reconciling.comparing import Export, compare  # noqa: PLC0415
    from services.cli.reconciling.report import Report  # noqa: PLC0415
    from services.ingest.engine.mapped import encode_event  # noqa: PLC0415
    from services.runtime.clock import SystemClock  # noqa: PLC0415

    compiled, summary = read_mapping(mapping, parse_options(option or ())), Summary()
    export = Export.of(_events(compiled, files, summary))
    found = compare(export, _live(export, compiled.source, None if kafka else history))

    async def add() -> None:
        encoded = [encode_event(event) for event in found.to_send]
        way = Way(kafka, url, token_file, in_flight=1, in_time_order=True)
        tell = lambda text: sys.stderr.write(text + "\n")  # noqa: E731  (a line that is handed on)
        async with open_outlet(way, compiled.document.table.encoding, summary, SystemClock(), tell) as outlet:
            await outlet.send([encoded[begin : begin + BATCH] for begin in range(0, len(encoded), BATCH)], [])

    sends = send and not found.doubt
    if sends and found.to_send:
        asyncio.run(add())
    report = Report(export, found, summary, sends)
    sys.stdout.write(report.json() + "\n" if output is Form.JSON else "".join(f"{line}\n" for line in report.lines()))
    if not report.settled:
        raise typer.Exit(1)


def _events(compiled: "CompiledMapping", files: list[Path], summary: "Summary") -> "Iterator[MappedEvent]":
    from services.cli.loading import mapped_rows  # noqa: PLC0415  (as above)
    from services.cli.mapping_files import open_file  # noqa: PLC0415  (as above)
    from services.ingest.engine.rows import RejectedRow  # noqa: PLC0415  (as above)
    from services.runtime.errors import Misconfigured  # noqa: PLC0415  (as above)

    for file in files:
        with open_file(file) as stream:
            for found in mapped_rows(compiled, stream, str(file), summary):
                if not isinstance(found, RejectedRow):
                    yield from found
                elif not found.reason.concerns_a_row:
                    raise Misconfigured(str(found))


def _live(export: "Export", source: str, history: str | None) -> Iterator[str | bytes]:
    from services.cli.reconciling.live import from_history, from_topic  # noqa: PLC0415  (as above)

    if history is not None:
        from services.cli.history_door import open_place  # noqa: PLC0415  (as above)

        with open_place(history) as door:
            yield from from_history(door, source, export.from_ms, export.until_ms)
        return
    import asyncio  # noqa: PLC0415  (as above)

    from services.runtime.kafka.settings import ServiceSettings  # noqa: PLC0415  (as above)
    from services.runtime.settings import load_settings  # noqa: PLC0415  (as above)

    connection = load_settings(ServiceSettings, os.environ).kafka.connection()

    async def read() -> list[bytes]:
        return [raw async for raw in from_topic(connection, source, export.from_ms)]

    yield from asyncio.run(read())
