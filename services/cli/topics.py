"""
`sqm topics`: save what is in Kafka to files, and bring it back on another cluster.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from schemas.base import format_instant
from services.cli.examples import examples
from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Save topics to files, and bring them back.")

__all__ = ["app"]

Only = Annotated[
    list[str] | None, typer.Option("--topic", help="Only this one, like sqm.standards.v1; may be given several times.")
]


@app.command(
    "export",
    epilog=examples("sqm topics export backups/2026-11-26", "sqm topics export standards --topic sqm.standards.v1"),
)
def export_topics(
    folder: Annotated[Path, typer.Argument(help="Where the files go: a new folder.")], *, topic: Only = None
) -> None:
    """
    Write all topics to files: every record with its key, headers, time and offset, the saved state of the services, and
    how far each group has got.

    Services may go on meanwhile: what they write after a topic was reached is not in the files, and is worked out again
    from what is.
    """
    from services.cli.topic_copies import save  # noqa: PLC0415  (loads the services; --help does without)
    from services.runtime.kafka.settings import ServiceSettings  # noqa: PLC0415  (same)
    from services.runtime.settings import load_settings  # noqa: PLC0415  (same)

    connection = load_settings(ServiceSettings, os.environ).kafka.connection()
    try:
        asyncio.run(save(connection, folder, format_instant(SystemClock().now_ms()), topic or (), _tell))
    except OSError as error:
        raise Misconfigured(f"{error.filename or folder}: cannot be written: {error.strerror}") from error


@app.command(
    "import",
    epilog=examples(
        "sqm topics import backups/2026-11-26",
        "SQM_KAFKA__BOOTSTRAP_SERVERS=kafka-2:9092 sqm topics import backups/2026-11-26",
    ),
)
def import_topics(
    folder: Annotated[Path, typer.Argument(help="What `sqm topics export` wrote.")], *, topic: Only = None
) -> None:
    """
    Bring saved topics back on a cluster that has none of them, each record at its own offset; start the services after
    it, and they go on where they were.

    Records whose time had passed are not there, and their offsets stay free.
    """
    from services.cli.topic_copies import bring_back  # noqa: PLC0415  (as above)
    from services.runtime.kafka.settings import ServiceSettings  # noqa: PLC0415  (same)
    from services.runtime.settings import load_settings  # noqa: PLC0415  (same)

    settings = load_settings(ServiceSettings, os.environ)
    asyncio.run(bring_back(settings.kafka.connection(), folder, topic or (), settings.topics.replication, _tell))


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
