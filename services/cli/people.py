"""
`sqm history who` and `sqm history erase`: whose a pseudonym is, and to forget somebody.
"""

import asyncio
import os
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from services.cli.examples import examples
from services.cli.history_options import Url
from services.runtime.errors import Misconfigured, Rejected, ServiceError

if TYPE_CHECKING:
    from services.alerts.engine import Role
    from services.cli.history_marks import InHistory
    from services.ingest.app import IngestSettings
    from services.ingest.shell.erasing import Searched
    from services.ingest.shell.identities import Erasure, IdentityStore
    from services.runtime.clickhouse import Database
    from services.runtime.kafka import Connection
    from services.runtime.tokens import Token

app = typer.Typer()

__all__ = ["app"]

TokenFileOption = Annotated[
    Path | None, typer.Option("--token-file", help="File with your token, else SQM_TOKEN: one of a role.")
]
Names = Annotated[list[str], typer.Argument(metavar="IDENTITY…", help="As source systems send it.", show_default=False)]
Pseudonyms = Annotated[
    list[str], typer.Argument(metavar="PSEUDONYM…", help="As it stands in events and outcomes.", show_default=False)
]
_PATIENCE_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.2


@app.command(epilog=examples("sqm history who e-2f0c5a9d7be1460f8a3377d0c1b2a394 --token-file mine.txt"))
def who(pseudonyms: Pseudonyms, *, token_file: TokenFileOption = None) -> None:
    """
    Say whose a pseudonym is: of an employee to whoever is on duty (role operator), of a customer to an administrator.

    The store of identities (SQM_IDENTITIES_FILE) is on the machine of ingest. Status 1: one is not known, since it is
    none of ours, or its owner was erased.
    """
    from services.alerts.engine import Role  # noqa: PLC0415  (help must be quick)
    from services.cli.identity_file import opened_identities  # noqa: PLC0415  (as above)

    unknown = 0
    with opened_identities(os.environ) as store:
        for pseudonym in pseudonyms:
            found = store.who(pseudonym)
            _holder(token_file, Role.OPERATOR if found and found.whose == "employee" else Role.ADMINISTRATOR)
            unknown += found is None
            said = "nobody who is known" if found is None else f"{found.whose} {found.name}"
            sys.stdout.write(f"{pseudonym}  {said}{f' of {found.scope}' if found and found.scope else ''}\n")
    if unknown:
        raise typer.Exit(1)


@app.command(
    epilog=examples(
        "sqm history erase anna@example.org --dry-run --token-file mine.txt",
        "sqm history erase anna@example.org +37120000000 --customer --token-file mine.txt",
        "sqm history erase anna@example.org 'Anna Ozoliņa' --texts --token-file mine.txt",
    )
)
def erase(
    names: Names,
    *,
    customer: Annotated[bool, typer.Option("--customer", help="Only the customer of this name.")] = False,
    employee: Annotated[bool, typer.Option("--employee", help="Only the employee of this name.")] = False,
    texts: Annotated[
        bool, typer.Option("--texts", help="Also put [erased] in place of the names in texts of history, for good.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and stop.")] = False,
    token_file: TokenFileOption = None,
    url: Url = None,
) -> None:
    """
    Forget somebody, while everything runs: the identity and the keys of what names it are destroyed, and what systems
    wrote to Kafka themselves is deleted. Pseudonyms stay, and nobody can link them any more, so every figure stays.

    Where people typed the names into comments and notes, `--texts` marks them in history: whole words only, in the
    database of the settings, which no service may have open if it is a folder. `--dry-run` says how many.

    Who comes again afterwards is a new customer. Needs the role administrator, the store of identities
    (SQM_IDENTITIES_FILE) and Kafka (SQM_KAFKA__…). Done twice it changes nothing. Status 1: something is left, which
    the answer names.
    """
    from services.alerts.engine import Role  # noqa: PLC0415  (help must be quick)
    from services.cli.erasure_words import told  # noqa: PLC0415  (as above)
    from services.cli.identity_file import opened_identities  # noqa: PLC0415  (as above)
    from services.ingest.app import IngestSettings  # noqa: PLC0415  (as above)
    from services.runtime.settings import load_settings  # noqa: PLC0415  (as above)

    if texts and url:
        raise Misconfigured("--texts writes to the database of the settings (SQM_CLICKHOUSE__…); leave out --url")
    if customer and employee:
        raise Misconfigured("--customer and --employee: give one of them, or neither for both")
    blank = next((name for name in names if not name.strip()), None)
    if blank is not None:
        raise Misconfigured(f"{blank!r} is nobody's identity")
    holder = _holder(token_file, Role.ADMINISTRATOR)
    whose = "customer" if customer else "employee" if employee else None
    settings = load_settings(IngestSettings, os.environ)
    with ExitStack() as running:
        store = running.enter_context(opened_identities(os.environ))
        # Before anything is erased: what cannot be marked is better said now.
        database = running.enter_context(closing(_written_history())) if texts and not dry_run else None
        searched, erasure = asyncio.run(_erase(store, settings, names, whose, None if dry_run else holder.name))
        history = _in_history(searched.names, url, database)
    sys.stdout.writelines(f"{line}\n" for line in told(searched, erasure, history))
    if searched.left or history is None or any(one.naming or one.fault for one in history.tables):
        raise typer.Exit(1)


@app.command(epilog=examples("sqm history erasures --token-file mine.txt"))
def erasures(*, token_file: TokenFileOption = None) -> None:
    """
    List the erasures there were: when, by whom, and how much; whose they were nobody can tell any more.

    Needs the role administrator and the store of identities (SQM_IDENTITIES_FILE).
    """
    from schemas.base import format_instant  # noqa: PLC0415  (help must be quick)
    from services.alerts.engine import Role  # noqa: PLC0415  (as above)
    from services.cli.identity_file import opened_identities  # noqa: PLC0415  (as above)

    _holder(token_file, Role.ADMINISTRATOR)
    with opened_identities(os.environ) as store:
        for one in store.erasures():
            sys.stdout.write(f"{one.number}  {format_instant(one.erased_at)}  {one.erased_by}  {one.what}\n")


async def _erase(
    store: "IdentityStore", settings: "IngestSettings", names: list[str], whose: str | None, by: str | None
) -> "tuple[Searched, Erasure | None]":
    from schemas.topics import TOPICS  # noqa: PLC0415  (Kafka is loaded only when asked for)
    from services.cli.topic_copies import STATES  # noqa: PLC0415  (as above)
    from services.cli.topic_records import records_to_end  # noqa: PLC0415  (as above)
    from services.ingest.shell.erasing import erased, search  # noqa: PLC0415  (as above)
    from services.runtime.kafka import ClusterAdmin  # noqa: PLC0415  (as above)

    connection = settings.kafka.connection()
    if by is not None:
        await _until_read(connection, settings)
    async with ClusterAdmin.open(connection) as admin:
        there = await admin.topics()
    every = {**{topic.name: False for topic in TOPICS}, **dict.fromkeys(STATES, True)}
    topics = {topic: packed for topic, packed in every.items() if connection.name(topic) in there}
    searched = await search(store, lambda topic: records_to_end(connection, topic), topics, names, whose, _progress)
    return searched, None if by is None else await erased(store, connection, searched, by)


async def _until_read(connection: "Connection", settings: "IngestSettings") -> None:
    """
    Wait until ingest has read what is there now: what it reads later would bring the identity back.
    """
    from schemas.topics import EVENTS_IN, RAW  # noqa: PLC0415  (as above)
    from services.runtime.kafka import GroupOffsets, LogReader  # noqa: PLC0415  (as above)

    reader = LogReader(connection)
    await reader.start()
    try:
        for topic, group in ((EVENTS_IN, settings.ingest_group), (RAW, settings.ingest_webhook_group)):
            name = connection.name(topic.name)
            wanted = {number: span.stop for number, span in (await reader.spans_of(name)).items() if span}
            offsets = GroupOffsets(connection, group)
            await offsets.start()
            try:
                for _ in range(int(_PATIENCE_SECONDS / _LOOK_SECONDS)):
                    done = await offsets.committed(name, sorted(wanted))
                    if all(done.get(number, 0) >= end for number, end in wanted.items()):
                        break
                    await asyncio.sleep(_LOOK_SECONDS)
                else:
                    raise Rejected(
                        "ingest_is_behind",
                        f"ingest has not read all of {name} (group {connection.name(group)}), and what it reads later "
                        "would bring the identity back: start it, let it catch up, then erase again",
                    )
            finally:
                await offsets.stop()
    finally:
        await reader.stop()


def _progress(topic: str, records: int) -> None:
    sys.stderr.write(f"searched {records:,} records of {topic}\n")


def _written_history() -> "Database":
    from services.cli.history_door import history_settings  # noqa: PLC0415  (help must be quick)
    from services.runtime.clickhouse import open_database  # noqa: PLC0415  (as above)

    settings = history_settings().clickhouse
    if settings.url is None and not settings.folder.exists():
        raise Misconfigured(
            f"--texts: there is no folder {settings.folder}; name the database of history by SQM_CLICKHOUSE__URL or "
            "SQM_CLICKHOUSE__FOLDER"
        )
    return open_database(settings)


def _in_history(names: list[str], url: str | None, database: "Database | None") -> "InHistory | None":
    from services.cli.history_door import open_door  # noqa: PLC0415  (help must be quick)
    from services.cli.history_marks import in_history  # noqa: PLC0415  (as above)

    try:
        if database is not None:
            return in_history(database, names, marking=database)
        with open_door(url) as door:
            return in_history(door, names)
    except ServiceError as error:
        sys.stderr.write(f"history was not searched to its end, erase again: {error}\n")
        return None


def _holder(token_file: Path | None, needed: "Role") -> "Token":
    from services.alerts.engine import may  # noqa: PLC0415  (help must be quick)
    from services.cli.shown_token import read_token  # noqa: PLC0415  (as above)
    from services.ingest.app import IngestSettings  # noqa: PLC0415  (as above)
    from services.runtime.settings import load_settings  # noqa: PLC0415  (as above)
    from services.runtime.token_file import read_tokens  # noqa: PLC0415  (as above)
    from services.runtime.tokens import TokenBook  # noqa: PLC0415  (as above)

    book = TokenBook(read_tokens(load_settings(IngestSettings, os.environ).ingest_tokens_file))
    holder = book.holder(read_token(token_file) or "")
    if holder is None:
        raise Rejected(
            "no_token", f"show a token by --token-file or SQM_TOKEN; `sqm tokens create NAME --role {needed}` makes one"
        )
    if not may(holder.role, needed):
        has = holder.role or "none"
        raise Rejected("not_allowed", f"this needs the role {needed}; the token of {holder.name} has {has}")
    return holder
