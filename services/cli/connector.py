"""
`sqm connector`: find, begin, try and check connectors, write the pages of the documentation, and map stored webhooks
again.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.examples import examples
from services.cli.forms import Form, Output

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Find, begin, try and check connectors of other systems, and map stored webhooks again.",
)

__all__ = ["app"]


Named = Annotated[
    str,
    typer.Argument(metavar="CONNECTOR", help="Its name, as `list` has it, or a YAML file.", show_default=False),
]


@app.command("list", epilog=examples("sqm connector list", "SQM_INGEST_CONNECTORS=my/connectors sqm connector list"))
def list_(*, output: Output = Form.TEXT) -> None:
    """
    List the connectors, those of SQM_INGEST_CONNECTORS and those that are shipped, and what each feeds.
    """
    from services.cli.connecting import shown  # noqa: PLC0415  (--help answers at once)
    from services.cli.connecting.finding import list_connectors  # noqa: PLC0415  (as above)

    listed = list_connectors(os.environ)
    if output is Form.JSON:
        sys.stdout.write(json.dumps(shown.list_objects(listed), ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.writelines(shown.list_lines(listed))
    if shown.tell_faults(listed):
        raise typer.Exit(1)


@app.command(epilog=examples("sqm connector show square --source riga", "sqm connector show my-till.yaml | less"))
def show(
    connector: Named,
    *,
    source: Annotated[str, typer.Option(help="What you call the one who posts: a shop, a branch.")] = "my-shop",
) -> None:
    """
    Show what a connector feeds and lacks, the steps to set it up, the address, the settings, and its mapping.
    """
    from services.cli.connecting.finding import find_connector  # noqa: PLC0415  (--help answers at once)
    from services.cli.connecting.shown import read_id, show_lines  # noqa: PLC0415  (as above)

    url = os.environ.get("SQM_INGEST_PUBLIC_URL") or "https://YOUR-HOST"
    sys.stdout.writelines(
        show_lines(find_connector(connector, os.environ), read_id("--source", source), url.rstrip("/"))
    )


@app.command(
    epilog=examples(
        "sqm connector new --from order.json --id my-till --out my-till.yaml",
        "sqm connector new --from monday.jsonl | less",
    )
)
def new(
    *,
    samples: Annotated[
        list[Path], typer.Option("--from", metavar="FILE", help="Payloads that were sent: one a file, or one a line.")
    ],
    ident: Annotated[str | None, typer.Option("--id", help="What to call it; else after the file.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write it; else it is shown.")] = None,
) -> None:
    """
    Begin a connector from sample payloads: guess what names a visit, a place and a time, and mark every guess.

    What is left to decide is listed with its lines. An example is made of the first payload, with no field but those
    that are read. Several payloads of different kinds make better guesses than one. Status 1 where the sample does not
    fit the document yet.
    """
    from services.cli.connecting.beginning import begin, ident_of  # noqa: PLC0415  (--help answers at once)
    from services.cli.connecting.shown import read_id  # noqa: PLC0415  (as above)
    from services.cli.connecting.sketch import decisions  # noqa: PLC0415  (as above)
    from services.runtime.errors import Misconfigured  # noqa: PLC0415  (as above)

    name = "connector" if out is None else str(out)
    begun = begin(ident_of(samples[0].stem) if ident is None else read_id("--id", ident), samples, name)
    if out is None:
        sys.stdout.write(begun.text)
    else:
        try:
            with out.open("x", encoding="utf-8", newline="\n") as file:
                file.write(begun.text)
        except FileExistsError as error:
            raise Misconfigured(f"{out}: is there already; name another file, or remove it") from error
        except OSError as error:
            raise Misconfigured(f"{out}: cannot be written: {error.strerror}") from error
    sys.stderr.writelines(f"{name}:{line}: decide: {question}\n" for line, question in decisions(begun.text))
    sys.stderr.writelines(f"{fault}\n" for fault in begun.faults)
    if begun.faults:
        raise typer.Exit(1)
    if out is not None:
        sys.stderr.write(f"written; then: sqm connector check {out}; sqm connector try {out} {samples[0]}\n")


@app.command(
    "try",
    epilog=examples(
        "sqm connector try square order.json",
        "sqm connector try my-till.yaml day.jsonl --standards deploy/standards/retail",
        "sqm connector try shopify order.json --header 'x-shopify-topic: orders/create' --format json",
    ),
)
def try_(
    connector: Named,
    payloads: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…", help="Bodies: one a file, one a line (*.jsonl), or a list.", show_default=False
        ),
    ],
    *,
    standards: Annotated[list[Path] | None, typer.Option(help="Standards to judge by: YAML files, or folders.")] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(metavar="'NAME: VALUE'", help="A header of the requests, as the vendor sends it."),
    ] = None,
    source: Annotated[str, typer.Option(help="Who would have posted them.")] = "my-shop",
    show_first: Annotated[int, typer.Option("--show", min=0, help="How many payloads to show.")] = 20,
    output: Output = Form.TEXT,
) -> None:
    """
    Show what payloads become: the mapping that was chosen, the events, the journeys that they build, and of each
    standard the figures, or what is missing before it can be judged. Nothing is sent; no signature is asked for.

    Status 1 where a payload is rejected, or a standard cannot be judged.
    """
    from services.cli.connecting import told, trying  # noqa: PLC0415  (--help answers at once)
    from services.cli.connecting.finding import find_connector  # noqa: PLC0415  (as above)
    from services.cli.connecting.shown import read_headers, read_id  # noqa: PLC0415  (as above)
    from services.runtime.clock import SystemClock  # noqa: PLC0415  (as above)
    from services.sla.shell.documents import read_documents_of, require  # noqa: PLC0415  (as above)

    read = find_connector(connector, os.environ)
    documents = [one.document for one in require(read_documents_of(standards))] if standards else []
    posting = trying.Posting(read_id("--source", source), read_headers(header or ()), SystemClock().now_ms())
    tried, objects = trying.Tried(), []
    for payload in trying.try_files(read, payloads, posting):
        tried.add(payload)
        if tried.rows > show_first and not payload.is_rejected:
            continue
        if output is Form.JSON:
            objects.append(told.payload_object(payload))
        else:
            sys.stdout.writelines(told.payload_lines(tried.rows, payload, read))
    judged, result = trying.judge(tried, read, documents)
    if output is Form.JSON:
        sys.stdout.write(
            json.dumps(told.as_object(objects, tried, judged, result), ensure_ascii=False, indent=1) + "\n"
        )
    else:
        sys.stdout.writelines(told.journey_lines(tried))
        sys.stdout.flush()
        told.print_judged(judged, result)
    if tried.rejected or not all(one.can_be for one in judged):
        raise typer.Exit(1)


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
    events, and nothing counts twice. Bodies are kept for a week, and of somebody who was erased none is left. Settings
    SQM_KAFKA__… and SQM_IDENTITIES_FILE, the store of ingest. Status 1 where a payload is rejected.
    """
    from services.cli.connector_files import as_ingest_has_it, read_connector  # noqa: PLC0415  (--help answers at once)
    from services.cli.identity_file import opened_identities  # noqa: PLC0415  (as above)
    from services.cli.instants import read_ago  # noqa: PLC0415  (as above)
    from services.cli.stored_webhooks import Remapping, remap  # noqa: PLC0415  (as above)
    from services.runtime.clock import SystemClock  # noqa: PLC0415  (as above)
    from services.runtime.kafka.settings import ServiceSettings  # noqa: PLC0415  (as above)
    from services.runtime.settings import load_settings  # noqa: PLC0415  (as above)

    settings, clock = load_settings(ServiceSettings, os.environ), SystemClock()
    with opened_identities(os.environ) as store:
        read = as_ingest_has_it(read_connector(file), store.pseudonyms)
        remapping = Remapping(read.compiled, store, source, read_ago(since, clock.now_ms()))
        asyncio.run(remap(settings.kafka.connection(), remapping, clock, send=not dry_run))
    for line in remapping.told():
        sys.stdout.write(line + "\n")
    sys.stdout.write("dry run: nothing was sent\n" if dry_run else "sent and acknowledged\n")
    if remapping.rejected:
        raise typer.Exit(1)
