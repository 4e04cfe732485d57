"""
`sqm reconcile`: a nightly export against what arrived live; what was missing is added.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from services.cli.examples import examples
from services.cli.forms import Form, Output

app = typer.Typer(add_completion=False, help="Compare an export with what arrived live, and add what was missing.")

__all__ = ["app"]

_DEFAULT_URL: Final = "http://127.0.0.1:8081"


@app.command(
    epilog=examples(
        "sqm reconcile --mapping deploy/mappings/asterisk-queue-log.yaml /var/log/asterisk/queue_log.1",
        "sqm reconcile --mapping my-till.yaml --send --token-file token.txt export-20260131.csv",
        "sqm reconcile --mapping my-till.yaml --kafka --format json export-20260131.csv",
        "sqm reconcile --connector square --source riga --send --token-file token.txt events-20260131.jsonl",
    )
)
def reconcile(  # noqa: PLR0913  (each is an option of the command)
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Exports of one period.", show_default=False)],
    *,
    mapping: Annotated[
        Path | None, typer.Option(help="How the live line and the export become events (kind: Mapping).")
    ] = None,
    connector: Annotated[
        str | None, typer.Option(help="Instead: whose webhooks' payloads the files hold, as JSON; a name or YAML file.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Who posts them: the last part of the webhooks' address.")] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(metavar="'NAME: VALUE'", help="A header of the webhooks, as it is sent."),
    ] = None,
    history: Annotated[
        str, typer.Option(metavar="PLACE", help="What arrived: address of a history service, its folder, or `here`.")
    ] = "here",
    kafka: Annotated[
        bool, typer.Option("--kafka", help="Look into the topic sqm.events.v1 instead, and send to sqm.events.in.v1.")
    ] = False,
    send: Annotated[bool, typer.Option("--send", help="Send what is missing or newer; else only list it.")] = False,
    url: Annotated[str, typer.Option(help="Where ingest listens.")] = _DEFAULT_URL,
    token_file: Annotated[Path | None, typer.Option(help="File with this source's token; else SQM_TOKEN.")] = None,
    option: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the mapping.")] = None,
    output: Output = Form.TEXT,
) -> None:
    """
    List what an export has and the live line missed, what they say differently, and what only came live.

    With --send what is missing, or newer than what arrived, is added: late events, which correct verdicts; but nothing
    where the export shares no event with the live line, or most of those at other times: then it is read by another
    mapping or zone. What differs is never overwritten, since the first one stands. Who somebody is can only be compared
    where SQM_IDENTITIES_FILE, the store of ingest, is; a connector that names people needs it. Status 0: nothing is
    left that an export could tell; 1: something is.
    """
    # Imported here, so that --help answers at once.
    import asyncio  # noqa: PLC0415

    from services.cli.connecting.finding import find_connector  # noqa: PLC0415
    from services.cli.connecting.shown import read_headers, read_id  # noqa: PLC0415
    from services.cli.connecting.trying import Posting  # noqa: PLC0415
    from services.cli.identity_file import opened_identities_if_here  # noqa: PLC0415
    from services.cli.loading import Summary  # noqa: PLC0415
    from services.cli.mapping_files import parse_options  # noqa: PLC0415
    from services.cli.outlets import Way  # noqa: PLC0415
    from services.cli.reconciling.adding import add  # noqa: PLC0415
    from services.cli.reconciling.comparing import compare, nobody_known  # noqa: PLC0415
    from services.cli.reconciling.exports import by_connector, by_mapping  # noqa: PLC0415
    from services.cli.reconciling.identifying import pseudonyms_for  # noqa: PLC0415
    from services.cli.reconciling.live import arrived  # noqa: PLC0415
    from services.cli.reconciling.report import Report  # noqa: PLC0415
    from services.runtime.clock import SystemClock  # noqa: PLC0415
    from services.runtime.errors import Misconfigured  # noqa: PLC0415

    summary, clock = Summary(), SystemClock()
    with opened_identities_if_here(os.environ) as store:
        if mapping is not None and connector is None and source is None and header is None:
            read = by_mapping(mapping, parse_options(option or ()), files, summary)
        elif connector is not None and source is not None and mapping is None and option is None:
            posting = Posting(read_id("--source", source), read_headers(header or ()), clock.now_ms())
            wanted = find_connector(connector, os.environ)
            pseudonyms = pseudonyms_for(wanted.document, store, send=send)
            read = by_connector(wanted, pseudonyms, posting, files, summary)
        else:
            problem = "say how to read the files: either --mapping FILE, or --connector NAME with --source NAME"
            raise Misconfigured(problem)
        known = nobody_known if store is None else store.known
        found = compare(read.export, arrived(read, None if kafka else history, os.environ), known)
        sends = send and not found.doubt
        if sends and found.to_send:
            if store is not None:
                store.commit()
            way = Way(kafka, url, token_file, in_time_order=True)
            asyncio.run(add(found.to_send, way, read.encoding, summary, clock))
    report = Report(read.export, found, summary, sends)
    sys.stdout.write(report.json() + "\n" if output is Form.JSON else "".join(f"{line}\n" for line in report.lines()))
    if not report.settled:
        raise typer.Exit(1)
