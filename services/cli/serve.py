"""
`sqm serve`: start one of the services in this process, told by environment variables (`SQM_…`) what to do.
"""

import importlib
from enum import StrEnum
from typing import Annotated

import typer

from services.cli.examples import examples

app = typer.Typer(add_completion=False, help="Start one of the services.")

__all__ = ["Service", "app"]


class Service(StrEnum):
    """
    The services that can be started.
    """

    INGEST = "ingest"
    """Takes events in over HTTP and from Kafka, and checks them."""
    SLA = "sla"
    """Checks events against standards; start as many as there is work for."""
    ALERTS = "alerts"
    """Turns violations into alerts, and tells people."""
    HISTORY = "history"
    """Copies every topic into ClickHouse."""


@app.command(
    epilog=examples(
        "sqm serve ingest",
        "SQM_KAFKA__BOOTSTRAP_SERVERS=kafka-1:9092 sqm serve sla",
        "SQM_CLICKHOUSE__FOLDER=var/history sqm serve history",
    )
)
def serve(service: Annotated[Service, typer.Argument(help="Which one.")]) -> None:
    """
    Start a service and run it until SIGTERM or Ctrl-C. The same as `python -m services.NAME`.

    Settings are environment variables; each service writes those it has, with their values, to its log when it starts.
    """
    # Only the service that was named is loaded.
    module = importlib.import_module(f"services.{service.value}.app")
    raise typer.Exit(int(module.main()))
