"""
Publishing a configuration of alerts: from then on the running service works by it.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.alerting.door import TokenFile, open_door
from services.cli.examples import examples

app = typer.Typer()

__all__ = ["app"]


@app.command(
    epilog=examples(
        "sqm alerts publish deploy/demo/alerting.yaml        (settings SQM_KAFKA__…; needs the right to write)",
        "SQM_KAFKA__BOOTSTRAP_SERVERS=kafka-1:9092 sqm alerts publish alerting.yaml",
        "sqm alerts publish alerting.yaml --url http://127.0.0.1:8084    (by your role)",
    )
)
def publish(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A configuration of alerts.")],
    *,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Ask the service there to, instead of writing to Kafka.")
    ] = None,
    token_file: TokenFile = None,
) -> None:
    """
    Check a configuration and publish it to the topic sqm.alerting.v1; a broken one is refused and nothing changes.

    A service that has a file of its own in SQM_ALERTS_CONFIG publishes that one when it changes; use one of the two.
    """
    # Imported here, so that --help answers at once.
    import asyncio  # noqa: PLC0415

    from services.cli.alerting.reading import read_alerting  # noqa: PLC0415
    from services.cli.alerting.sending import send_alerting  # noqa: PLC0415
    from services.cli.publications import settings_connection  # noqa: PLC0415

    alerting, _ = read_alerting(file)
    if url is not None:
        open_door(url, token_file).publish(alerting.model_dump(mode="json", by_alias=True))
    else:
        asyncio.run(send_alerting(settings_connection(), alerting))
    sys.stdout.write(f"{file}: published as {alerting.metadata.id}\n")
