"""
Options that several commands of `sqm history` share.
"""

from collections.abc import Sequence
from typing import Annotated

import typer

from services.cli.instants import read_instant
from services.runtime.errors import Misconfigured

__all__ = ["From", "Until", "Url", "chosen", "chosen_one", "read_span"]


Url = Annotated[
    str | None,
    typer.Option(help="Address of a history service; by default the one on this machine, else the database itself."),
]
From = Annotated[str | None, typer.Option("--from", help="Journeys that arrived at this instant or later.")]
Until = Annotated[str | None, typer.Option(help="Journeys that arrived before this instant.")]


def read_span(since: str | None, until: str | None) -> tuple[int | None, int | None]:
    """
    Read the instants of a span in milliseconds. Raises Misconfigured where it ends before it begins.
    """
    from_ms, until_ms = read_instant(since, "--from"), read_instant(until, "--until")
    if from_ms is not None and until_ms is not None and from_ms >= until_ms:
        raise Misconfigured(f"--until {until}: must lie after --from {since}")
    return from_ms, until_ms


def chosen_one(text: str, allowed: Sequence[str], option: str) -> str:
    """
    Read one name. Raises Misconfigured where it is none of the allowed.
    """
    if text not in allowed:
        raise Misconfigured(f"{option} {text[:80]!r} is none of {', '.join(allowed)}")
    return text


def chosen(text: str, allowed: Sequence[str], option: str) -> list[str]:
    """
    Read names between commas. Raises Misconfigured where one is none of the allowed.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    return list(dict.fromkeys(chosen_one(name, allowed, option) for name in names))
