"""
`sqm mqtt`: messages of ticket printers and sensors become service events, through a mapping, and go to ingest.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.examples import examples

app = typer.Typer(add_completion=False, help="Turn MQTT messages into events, and send them to ingest.")

__all__ = ["app"]


@app.command(
    epilog=examples(
        "sqm mqtt --mapping deploy/mappings/ticket-printer.yaml --broker mqtt://127.0.0.1 --topic 'tickets/+/printed'",
        "sqm mqtt --mapping m.yaml --broker mqtts://sqm@broker.example --password-file p.txt --topic 'tickets/#'",
    )
)
def mqtt(  # noqa: PLR0913  (each is an option of the command)
    *,
    mapping: Annotated[Path, typer.Option(help="How messages become events (kind: Mapping, JSON lines).")],
    broker: Annotated[str, typer.Option(help="mqtt://host:1883, or with TLS mqtts://user@host:8883.")],
    topic: Annotated[list[str], typer.Option(help="What to subscribe to; + and # as MQTT has them.")],
    url: Annotated[str, typer.Option(help="Where ingest, or an agent, listens.")] = "http://127.0.0.1:8081",
    token_file: Annotated[Path | None, typer.Option(help="File with this source's token; else SQM_TOKEN.")] = None,
    password_file: Annotated[Path | None, typer.Option(help="File with the user's password at the broker.")] = None,
    ca_file: Annotated[Path | None, typer.Option(help="Certificates that the broker's is checked against.")] = None,
    client_id: Annotated[
        str | None,
        typer.Option(help="Name of the session at the broker; by default sqm- and the mapping's id."),
    ] = None,
    rejected: Annotated[
        Path | None, typer.Option(help="Write messages that do not fit to this file, one JSON object a line.")
    ] = None,
    option: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the mapping.")] = None,
) -> None:
    """
    Run until SIGTERM or Ctrl-C. A message is acknowledged when ingest has answered for its events.

    The mapping sees one JSON object for each message: `topic` and its parts `level.1`, `level.2` …, `payload` (JSON, or
    else a text) and `received` (when it came here). A message that does not fit is told, written to --rejected, and
    acknowledged, so that it blocks nobody.
    """
    # Imported here, so that --help answers at once.
    import asyncio  # noqa: PLC0415

    from services.cli.bridging import Bridge, run_bridge  # noqa: PLC0415
    from services.cli.mapping_files import parse_options, read_mapping  # noqa: PLC0415
    from services.cli.rejected_rows import RejectedFile  # noqa: PLC0415
    from services.cli.shown_token import read_secret, read_token  # noqa: PLC0415
    from services.runtime.clock import SystemClock  # noqa: PLC0415
    from services.runtime.errors import Misconfigured  # noqa: PLC0415
    from services.runtime.mqtt import Subscription, read_broker  # noqa: PLC0415

    compiled = read_mapping(mapping, parse_options(option or ()))
    if compiled.document.table.format != "json_lines":
        raise Misconfigured(f"{mapping}: table: a message is JSON; write `table: {{format: json_lines}}`")

    def tell(text: str) -> None:
        sys.stderr.write(f"sqm mqtt: {text}\n")

    password = read_secret("--password-file", password_file) if password_file else None
    subscription = Subscription(read_broker(broker, password, ca_file), client_id or f"sqm-{compiled.id}", topic, tell)
    with RejectedFile(rejected, add=True) as aside:
        bridge = Bridge(compiled, SystemClock(), lambda row: aside.keep((row,)), tell)
        asyncio.run(run_bridge(bridge, subscription, url, read_token(token_file)))
    sys.stdout.write(f"{bridge.told()}\n")
