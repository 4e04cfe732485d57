"""
`sqm tokens`: give a system the right to send events, or a person a role; see who has it, and take it back.
"""

import os
import re
import secrets
import sys
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import TypeAdapter, ValidationError

from schemas.base import SLUG, SourceUri, format_instant
from services.alerts.engine.rights import Role
from services.cli.examples import examples
from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured, Rejected
from services.runtime.token_file import DEFAULT_TOKENS_FILE, changed_tokens, read_tokens
from services.runtime.tokens import RANDOM_BYTES, issue
from services.runtime.tokens import revoke as revoked_from

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Create, list and revoke tokens of source systems and of people."
)

__all__ = ["app"]

_VARIABLE: Final = "SQM_INGEST_TOKENS_FILE"
_SOURCE: Final[TypeAdapter[str]] = TypeAdapter(SourceUri)

TokensFile = Annotated[
    Path | None,
    typer.Option("--file", help=f"The file of tokens; else ${_VARIABLE}, else {DEFAULT_TOKENS_FILE}."),
]


@app.command(
    epilog=examples(
        "sqm tokens create berlin-tickets --source /branch/berlin",
        "sqm tokens create acd --source urn:bank:acd --source /bank/ivr",
        "sqm tokens create shift-lead --role operator",
    )
)
def create(
    name: Annotated[str, typer.Argument(help="Which system, or who: small letters, digits, dot, dash.")],
    *,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", help="Beginning of the `source` of a system's events; may be given several times."),
    ] = None,
    role: Annotated[
        Role | None,
        typer.Option("--role", help="What a person may do about alerts; each role may what those before may."),
    ] = None,
    file: TokensFile = None,
) -> None:
    """
    Make a token and show it, this once: only a digest of it is kept.

    A person's token is for the commands of `sqm alerts`; its name stands in the trail of who did what. The name is best
    the id of the person in the configuration of alerts.

    A system may send events whose source is the given one or continues it behind a slash: /branch/berlin covers
    /branch/berlin/till-3 and not /branch/berlin2. A running ingest knows the token within a second. A system may have
    several tokens of one name, so that a new one is in use before the old one is revoked.
    """
    if not re.fullmatch(SLUG, name):
        raise Misconfigured(f"name {name[:80]!r}: use small letters, digits, dots and dashes, at most 64")
    if not source and role is None:
        raise Misconfigured("say what the token is for: --source for a system that sends events, --role for a person")
    for prefix in source or ():
        _check_source(prefix)
    now_ms = SystemClock().now_ms()
    kept, text = issue(name, source or (), secrets.token_bytes(RANDOM_BYTES), now_ms, role.value if role else None)
    path = _path(file)
    with changed_tokens(path) as tokens:
        tokens.append(kept)
    sys.stderr.write(f"token {kept.id} of {name} is kept in {path}; this is the only time that it is shown:\n")
    sys.stdout.write(text + "\n")


@app.command("list", epilog=examples("sqm tokens list", "sqm tokens list --file /etc/sqm/tokens.json"))
def list_tokens(file: TokensFile = None) -> None:
    """
    Show every token by id and name, with its sources or role and whether it is revoked; never the secret.
    """
    tokens = read_tokens(_path(file))
    sys.stdout.write(f"{'token':<8}  {'name':<24}  {'made at':<24}  {'state':<32}  sources or role\n" if tokens else "")
    for token in tokens:
        state = f"revoked {format_instant(token.revoked_at)}" if token.revoked_at is not None else "in force"
        made = format_instant(token.created_at)
        may = " ".join(token.sources) or token.role
        sys.stdout.write(f"{token.id}  {token.name:<24}  {made}  {state:<32}  {may}\n")
    sys.stdout.write(f"{sum(token.revoked_at is None for token in tokens)} in force, {len(tokens)} in all\n")


@app.command(epilog=examples("sqm tokens revoke mfrggzdf", "sqm tokens revoke berlin-tickets"))
def revoke(
    token: Annotated[str, typer.Argument(help="The id of one token, or the name of a system: all its tokens.")],
    *,
    file: TokensFile = None,
) -> None:
    """
    Take a token out of force. A running ingest refuses it within a second.
    """
    path = _path(file)
    read_tokens(path)
    with changed_tokens(path) as tokens:
        kept, revoked = revoked_from(tokens, token, SystemClock().now_ms())
        tokens[:] = kept
    if not revoked:
        raise Rejected("unknown", f"no token in force has the id or name {token[:80]!r}; see `sqm tokens list`")
    for one in revoked:
        sys.stdout.write(f"revoked {one.id} of {one.name}\n")


def _path(file: Path | None) -> Path:
    return file or Path(os.environ.get(_VARIABLE) or DEFAULT_TOKENS_FILE)


def _check_source(prefix: str) -> None:
    try:
        _SOURCE.validate_python(prefix)
    except ValidationError as error:
        raise Misconfigured(
            f"--source {prefix[:80]!r}: expected how a URI reference begins, like /branch/berlin or urn:bank:acd"
        ) from error
