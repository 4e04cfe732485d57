"""
`sqm standards`: check what owners of standards wrote, publish it, and show what is in force.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.examples import examples
from services.cli.linting.command import app as linting
from services.cli.notes import tell_notes
from services.cli.retiring import app as retiring
from services.runtime.clock import SystemClock
from services.runtime.errors import Rejected
from services.sla.shell.documents import Found, read_documents_of, require

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Validate, lint, compare, publish, retire, show and list standards.",
)

__all__ = ["app"]

app.add_typer(linting)
app.add_typer(retiring)

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH", help="YAML files, or folders of them.", show_default=False)
]


@app.command(
    epilog=examples("sqm standards validate deploy/demo", "sqm standards validate my-standard.yaml && echo good")
)
def validate(paths: Paths) -> None:
    """
    Check documents without publishing them; every fault is told with its file, line and field.
    """
    found = require(read_documents_of(paths))
    tell_notes(found)
    for one in found:
        sys.stdout.write(f"ok         {one.key}  ({one.place})\n")
    sys.stdout.write(f"{len(found)} document(s), no fault\n")


@app.command(
    epilog=examples(
        "sqm standards publish standards/ --dry-run",
        "sqm standards publish standards/branch-wait-v2.yaml",
        'sqm standards publish deploy/demo --backdate --by "Quality office"',
    )
)
def publish(
    paths: Paths,
    *,
    backdate: Annotated[
        bool,
        typer.Option("--backdate", help="Allow versions that are in force already: first set-up, loading history."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and stop.")] = False,
    by: Annotated[str | None, typer.Option(help="Who publishes; the name of your login if not given.")] = None,
) -> None:
    """
    Put documents in force: all of them, or none if one will not do.

    The first publication of a version fixes its meaning for ever. The same meaning in other words is a revision;
    another meaning is refused and wants a new version. A new version must take effect a minute ahead or later, so that
    all workers know it in time; --backdate lifts that for a first set-up and before loading history, when no worker has
    judged yet.
    """
    # The engine's book, Kafka and settings are loaded here, so that `validate` and `--help` answer at once.
    from schemas.standards import Published  # noqa: PLC0415
    from services.cli import publications  # noqa: PLC0415
    from services.sla.engine import Publication  # noqa: PLC0415
    from services.sla.shell.catalogue import Catalogue, names_a_standard  # noqa: PLC0415

    found = require(read_documents_of(paths))
    tell_notes(found)
    connection = publications.settings_connection()
    catalogue = Catalogue(publications.connected(connection))
    now = SystemClock().now_ms()
    publisher = publications.publisher(by)
    to_send, refused = [], 0
    for one in sorted(found, key=lambda one: names_a_standard(one.document)):
        candidate = Published(document=one.document, published_at=now, published_by=publisher)
        objection = catalogue.objection(candidate, backdate=backdate)
        if objection is not None:
            refused += 1
            _line("refused", one, objection)
            continue
        effect = catalogue.apply(candidate)
        if effect is not Publication.UNCHANGED:
            to_send.append(candidate)
        _line({Publication.ADDED: "new", Publication.REVISED: "revision"}.get(effect, "unchanged"), one)
    if refused:
        raise Rejected("refused", f"nothing was published, because {refused} of {len(found)} document(s) will not do")
    if dry_run:
        sys.stdout.write(f"would publish {len(to_send)} of {len(found)} document(s)\n")
        return
    lost = asyncio.run(publications.publish(connection, to_send)) if to_send else []
    if lost:
        names = ", ".join(publication.document.metadata.id for publication in lost)
        raise Rejected("lost", f"somebody published another meaning at the same moment, and theirs came first: {names}")
    sys.stdout.write(f"published {len(to_send)} of {len(found)} document(s)\n")


@app.command(
    epilog=examples(
        "sqm standards diff standards/wait.yaml drafts/wait.yaml",
        "sqm standards diff standards/ drafts/ && echo fit to publish",
    )
)
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A YAML file, or a folder of them.", show_default=False)],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="What shall come after it.", show_default=False)],
) -> None:
    """
    Tell what a draft changes: the meaning of a promise, or only its wording.

    Another meaning needs another version, other wording none; where a draft does it the other way round, the status is
    1. Of each id the newest version of either side is compared.
    """
    from services.cli.drafts import compare  # noqa: PLC0415  (see publish)

    before, after = require(read_documents_of([old])), require(read_documents_of([new]))
    faults = 0
    for line in compare(before, after):
        faults += line.fault
        sys.stdout.write(line.text + "\n")
    if faults:
        raise typer.Exit(1)


@app.command(
    epilog=examples(
        "sqm standards show call-answer",
        "sqm standards show call-answer@1",
        "sqm standards show bank-wait --standards deploy/standards/examples   (of files; no broker needed)",
    )
)
def show(
    name: Annotated[
        str, typer.Argument(metavar="ID[@VERSION]", help="Which one; the newest version if none is named.")
    ],
    *,
    standards: Annotated[
        Path | None, typer.Option(help="A YAML file, or a folder of them, in place of what is published.")
    ] = None,
) -> None:
    """
    Show a document as YAML, with what it demands in words, and who published it when.
    """
    from services.cli import publications, register  # noqa: PLC0415  (see publish)
    from services.sla.shell.catalogue import Catalogue  # noqa: PLC0415

    if standards is not None:
        found = require(read_documents_of([standards]))
        tell_notes(found)
        sys.stdout.write(register.of_files(found, name))
        return
    catalogue = Catalogue(publications.connected(publications.settings_connection()))
    sys.stdout.write(register.as_yaml(catalogue, register.pick(catalogue, name)))


@app.command(
    epilog=examples("sqm standards history call-answer", "sqm standards history call-answer --history var/history")
)
def history(
    name: Annotated[str, typer.Argument(metavar="ID", help="Which document.")],
    *,
    place: Annotated[
        str | None,
        typer.Option(
            "--history",
            metavar="PLACE",
            help="Not the topic: a history service, a folder, or `here`; standards only.",
        ),
    ] = None,
) -> None:
    """
    Tell every version and revision as it was published: by whom, when, and what changed in meaning or in wording.
    """
    from services.cli import publications  # noqa: PLC0415  (see publish)
    from services.cli.editions import editions_of, told_edition  # noqa: PLC0415
    from services.cli.history_door import open_place  # noqa: PLC0415
    from services.cli.register import unknown  # noqa: PLC0415
    from services.cli.told_history import publications_of  # noqa: PLC0415
    from services.sla.shell.catalogue import Catalogue  # noqa: PLC0415

    if place is None:
        published = publications.connected(publications.settings_connection())
    else:
        with open_place(place) as door:
            published = publications_of(door, name)
    editions = list(editions_of(published, name))
    if not editions:
        raise unknown(Catalogue(published), name)
    for edition in editions:
        for line in told_edition(edition):
            sys.stdout.write(line + "\n")


@app.command("list", epilog=examples("sqm standards list"))
def list_() -> None:
    """
    List what is published: standards with versions and objectives, sites, and sources.
    """
    from services.cli import publications, register  # noqa: PLC0415  (see publish)
    from services.cli.terminal import console  # noqa: PLC0415
    from services.sla.shell.catalogue import Catalogue  # noqa: PLC0415

    register.show_all(
        Catalogue(publications.connected(publications.settings_connection())), SystemClock().now_ms(), console()
    )


def _line(word: str, one: Found, more: str = "") -> None:
    sys.stdout.write(f"{word:<10} {one.key}  ({one.place})" + (f"\n           {more}" if more else "") + "\n")
