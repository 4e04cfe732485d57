"""
Shows the catalogue of published documents to people: one as YAML, or all in tables.
"""

import difflib
from collections.abc import Sequence
from typing import Final

import yaml
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from domain.moments import spoken_duration
from schemas.base import format_instant, to_millis
from schemas.calendars import Calendar
from schemas.exclusions import Exclusion
from schemas.register import Site, Source
from schemas.retirements import Retirement
from schemas.standards import AnyDocument, Published, Standard, Versioned, document_key
from services.cli.standard_words import aim_in_short, in_words
from services.runtime.errors import Rejected
from services.sla.shell.catalogue import Catalogue, with_readable_durations

__all__ = ["as_yaml", "pick", "show_all", "unknown"]

_TITLE: Final = 24
"""Columns that a title needs to be read."""
_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "Standard": ("standard", "objective", "in force", "title", "owner"),
    "Calendar": ("calendar", "zone", "in force", "title", "owner"),
    "Site": ("site", "zone", "region", "title"),
    "Source": ("source", "late by", "title"),
    "Retirement": ("retired", "from", "title"),
    "Exclusion": ("left out", "from", "title"),
}
"""What is shown of each kind of document, in the order of the tables."""


def pick(catalogue: Catalogue, name: str) -> Published:
    """
    Find a document by id, or by id and version; raise Rejected with near matches where there is none.
    """
    wanted, _, version = name.partition("@")
    matching = [
        one
        for one in catalogue.standing.values()
        if one.document.metadata.id == wanted
        and (not version or str(getattr(one.document.metadata, "version", "")) == version)
    ]
    if not matching:
        raise unknown(catalogue, wanted, name)
    return max(matching, key=lambda one: int(getattr(one.document.metadata, "version", 0)))


def unknown(catalogue: Catalogue, wanted: str, name: str = "") -> Rejected:
    """
    Say that nothing has the id `wanted`, with near matches; `name` is how the caller wrote it.
    """
    known = sorted({one.document.metadata.id for one in catalogue.standing.values()})
    near = difflib.get_close_matches(wanted, known, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else "`sqm standards list` shows what is"
    return Rejected("unknown", f"nothing is published as {(name or wanted)[:80]!r}; {hint}")


def as_yaml(catalogue: Catalogue, published: Published) -> str:
    """
    Write a published document as its owner would, with what it demands in words, and its publication, in comments.
    """
    body = with_readable_durations(
        published.document.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    )
    revision = catalogue.revision(document_key(published.document))
    words = in_words(published.document) if isinstance(published.document, Standard) else []
    return (
        "".join(f"# {line}\n" for line in words)
        + f"# published {format_instant(published.published_at)} by {published.published_by}, revision {revision}\n"
        + yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=110)
    )


def show_all(catalogue: Catalogue, now_ms: int, paper: Console) -> None:
    """
    Print tables of standards, calendars, sites and sources, each as wide as the terminal.
    """
    rows: dict[tuple[str, ...], list[tuple[str, ...]]] = {columns: [] for columns in _COLUMNS.values()}
    for _, published in sorted(catalogue.standing.items()):
        document = published.document
        rows[_COLUMNS[document.kind]].append(_row(document, now_ms))
    shown = [_table(columns, held, paper.width) for columns, held in rows.items() if held]
    for place, table in enumerate(shown):
        if place:
            paper.print()
        paper.print(table)
    if not shown:
        paper.print("Nothing is published yet: `sqm standards publish PATH` does it.")


def _row(document: AnyDocument, now_ms: int) -> tuple[str, ...]:
    match document:
        case Standard(metadata=meta):
            title = meta.title if meta.agreement == "customer" else f"{meta.title} ({meta.agreement})"
            return (f"{meta.id}@{meta.version}", aim_in_short(document), _in_force(document, now_ms), title, meta.owner)
        case Calendar(metadata=meta):
            return (f"{meta.id}@{meta.version}", meta.zone, _in_force(document, now_ms), meta.title, meta.owner)
        case Site(metadata=meta):
            return (meta.id, meta.zone, meta.region or "", meta.title)
        case Exclusion(metadata=meta):
            return (meta.id, format_instant(to_millis(document.begin)), meta.reason)
        case Retirement(metadata=meta):
            return (meta.id, format_instant(to_millis(meta.retired_at)), meta.why)
        case Source(metadata=meta):
            return (meta.id, spoken_duration(meta.expected_delay), meta.title)


def _table(columns: Sequence[str], rows: Sequence[tuple[str, ...]], width: int) -> Table:
    """
    What one looks up by stays whole, the title is folded; the owner is left out where there is no room (`show` has it).
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    widths = [max(cell_len(cells[place]) for cells in [columns, *rows]) for place in range(len(columns))]
    room = width - sum(widths[: columns.index("title")]) - 2 * (len(columns) - 1)
    cut = columns.index("owner") if columns[-1] == "owner" and room < widths[-1] + _TITLE else len(columns)
    for column in columns[:cut]:
        table.add_column(column, no_wrap=column != "title")
    for row in rows:
        table.add_row(*row[:cut])
    return table


def _in_force(document: Versioned, now_ms: int) -> str:
    begins = to_millis(document.metadata.effective_from)
    until = document.metadata.effective_until
    if begins > now_ms:
        return f"from {format_instant(begins)[:16]}"
    if until is not None and to_millis(until) <= now_ms:
        return f"ended {format_instant(to_millis(until))[:16]}"
    return f"since {format_instant(begins)[:10]}"
