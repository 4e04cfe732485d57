"""
What silences would mute now, and would have muted in the week before.
"""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.alerting.door import DEFAULT_URL, TokenFile, Url, open_door
from services.cli.examples import examples
from services.cli.forms import Form, Output
from services.runtime.errors import Misconfigured

app = typer.Typer()

__all__ = ["app"]


@app.command(
    epilog=examples(
        "sqm alerts mutes                                    (what runs, by the silences of the service)",
        "sqm alerts mutes --history here --silence sundays   (the week before too)",
        "sqm alerts mutes --config deploy/demo/alerting.yaml --alerts alerts.jsonl --format json",
    )
)
def mutes(
    *,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Its silences, not those of the running service.")
    ] = None,
    history: Annotated[
        str | None,
        typer.Option(
            "--history", metavar="PLACE", help="Alerts from history: address of its service, folder, or `here`."
        ),
    ] = None,
    alerts: Annotated[
        Path | None,
        typer.Option("--alerts", metavar="FILE", help="Alerts as JSON lines, as they are on sqm.alerts.v1."),
    ] = None,
    silence: Annotated[
        str | None, typer.Option("--silence", metavar="ID", help="Which silence; all, if not said.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="As of when; now, if not said.")] = None,
    output: Output = Form.TEXT,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
) -> None:
    """
    Show which alerts a silence would mute now, and would have muted in the week before: by their labels, at any time.

    Without --history or --alerts it asks the running service, which knows what is not over.
    """
    # Imported here, so that --help answers at once.
    from services.cli.alerting import mutes as sources  # noqa: PLC0415
    from services.cli.alerting.reading import read_alerting  # noqa: PLC0415
    from services.cli.instants import read_instant  # noqa: PLC0415
    from services.runtime.clock import SystemClock  # noqa: PLC0415

    if history is not None and alerts is not None:
        raise Misconfigured("--history and --alerts are both given; keep one")
    said = read_instant(at, "--at")
    now = SystemClock().now_ms() if said is None else said
    if config is not None:
        silences = list(read_alerting(config)[0].silences)
    else:
        silences = sources.silences_of_service(open_door(url, token_file))
    if alerts is not None:
        source = sources.alerts_of_file(alerts)
    elif history is not None:
        source = sources.alerts_of_history(history, now)
    else:
        source = sources.alerts_of_service(open_door(url, token_file))
    sources.tell_mutes(silences, silence, source, now, as_json=output is Form.JSON)
