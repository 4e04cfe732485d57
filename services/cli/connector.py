"""
`sqm connector`: check connectors with their examples, write the pages of the documentation, and map stored webhooks
again.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.examples import examples

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Check connectors, write their pages, map stored webhooks again."
)

__all__ = ["app"]


@app.command(epilog=examples("sqm connector check deploy/connectors/*.yaml"))
def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="YAML files of kind Connector.", show_default=False)
    ],
) -> None:
    """
    Check connectors: every name, expression and fact, and that each example yields the events beside it.
    """
    from services.cli.connector_files import faults_of_examples, read_connector  # noqa: PLC0415  (--help answers at once)

    found: list[str] = []
    for file in files:
        read = read_connector(file)
        if read.document.signature.scheme == "none":
            line = read.yaml.locate(("signature",))
            sys.stderr.write(f"{file}:{line}: signature: warning: whoever knows the address may post; let it sign\n")
        faults = faults_of_examples(read)
        found += faults
        if not faults:
            document = read.document
            sys.stdout.write(
                f"ok: {document.metadata.id}, {len(document.mappings)} mappings, {len(document.examples)} examples\n"
            )
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    if found:
        raise typer.Exit(1)


@app.command(
    epilog=examples(
        "sqm connector pages deploy/connectors --to docs/connectors",
        "sqm connector pages deploy/connectors --to docs/connectors --check",
    )
)
def pages(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the connectors lie.", show_default=False)],
    *,
    to: Annotated[
        Path, typer.Option("--to", metavar="FOLDER", help="Where the pages are written.", show_default=False)
    ],
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; name the pages that are not up to date.")
    ] = False,
) -> None:
    """
    Write a page about each connector, and an index; pages of connectors that are gone are removed.
    """
    from services.cli.connector_files import read_folder  # noqa: PLC0415  (as above)
    from services.cli.connector_pages import pages as made  # noqa: PLC0415  (as above)

    wanted = made(read_folder(folder), to)
    there = {file.name: file.read_text("utf-8") for file in to.glob("*.md")}
    changed = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if check_only:
        command = f"sqm connector pages {folder} --to {to}"
        sys.stderr.writelines(f"{to / name}: not what the connector says; run: {command}\n" for name in changed)
        raise typer.Exit(1 if changed else 0)
    to.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (to / name).write_text(wanted[name], "utf-8", newline="\n")
        else:
            (to / name).unlink()
    sys.stdout.write(f"{len(changed)} pages written\n" if changed else "everything was up to date\n")


@app.command(
    epilog=examples(
        "sqm connector replay deploy/connectors/square.yaml --dry-run",
        "sqm connector replay my-square.yaml --source riga --since 2d",
    )
)
def replay(
    file: Annotated[
        Path, typer.Argument(metavar="CONNECTOR", help="A YAML file of kind Connector.", show_default=False)
    ],
    *,
    source: Annotated[str | None, typer.Option(help="Only what this source posted.")] = None,
    since: Annotated[str | None, typer.Option(help="Only what came since: an instant with offset, or 2d ago.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what they would become, and stop.")] = False,
) -> None:
    """
    Map the bodies in sqm.raw.v1 by this connector as it is now, and send the events to sqm.events.in.v1.

    Raise `edition` in the connector first: then what it says stands over what earlier editions said of the same
    events, and nothing counts twice. Bodies are kept for a week. Settings SQM_KAFKA__… and, where the connector
    names people, the SQM_INGEST_PSEUDONYM_KEY of ingest. Status 1 where a payload is rejected.
    """
    from services.cli.instants import read_ago  # noqa: PLC0415  (--help answers at once)
    from services.cli.stored_webhooks import Remapping, remap  # noqa: PLC0415  (as above)
    from services.ingest.app import IngestSettings  # noqa: PLC0415  (as above)
    from services.ingest.shell.connectors import pseudonyms_of, read_connector  # noqa: PLC0415  (as above)
    from services.runtime.clock import SystemClock  # noqa: PLC0415  (as above)
    from services.runtime.settings import load_settings  # noqa: PLC0415  (as above)

    settings, clock = load_settings(IngestSettings, os.environ), SystemClock()
    read = read_connector(file)
    secret = settings.ingest_pseudonym_key
    key = None if secret is None else secret.get_secret_value()
    remapping = Remapping(read.compiled(pseudonyms_of(read.document, key)), source, read_ago(since, clock.now_ms()))
    asyncio.run(remap(settings.kafka.connection(), remapping, clock, send=not dry_run))
    for line in remapping.told():
        sys.stdout.write(line + "\n")
    sys.stdout.write("dry run: nothing was sent\n" if dry_run else "sent and acknowledged\n")
    if remapping.rejected:
        raise typer.Exit(1)
