"""
Shows the catalogue of published documents to people: one as YAML, or all in tables.
"""

from collections.abc import Sequence
from typing import Final, Literal

import yaml
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from domain.moments import spoken_duration
from schemas.base import format_instant, to_millis
from schemas.calendars import Calendar
from schemas.corrective_actions import CorrectiveAction
from schemas.exclusions import Exclusion
from schemas.register import Site, Source
from schemas.retirements import Retirement
from schemas.spelling import meant
from schemas.standards import AnyDocument, Published, Standard, Versioned, document_key
from services.cli.standard_words import aim_in_short, in_words
from services.runtime.errors import Rejected
from services.sla.shell.catalogue import Catalogue, readable
from services.sla.shell.documents import Found

__all__ = ["as_yaml", "of_files", "pick", "show_all", "unknown"]

_TITLE: Final = 24
"""Columns that a title needs to be read."""
_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "Standard": ("standard", "objective", "in force", "title", "owner"),
    "Calendar": ("calendar", "zone", "in force", "title", "owner"),
    "Site": ("site", "zone", "region", "title"),
    "Source": ("source", "late by", "title"),
    "Retirement": ("retired", "from", "title"),
    "Exclusion": ("left out", "from", "title"),
    "CorrectiveAction": ("action", "about", "state", "title", "owner"),
}
"""What is shown of each kind of document, in the order of the tables."""


def of_files(found: Sequence[Found], name: str) -> str:
    """
    Write a document that stands in files and may not be published, like `as_yaml`; raise Rejected as `pick` does.
    """
    places = {one.key: one.place for one in found}
    written = Catalogue(Published(document=one.document, published_at=0, published_by="nobody") for one in found)
    document = pick(written, name, "written").document
    return _written(document, f"from {places[document_key(document)]}, published or not")


def pick(catalogue: Catalogue, name: str, where: Literal["published", "written"] = "published") -> Published:
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
        raise _no_such_version(catalogue, wanted, version, where) or unknown(catalogue, wanted, where)
    return max(matching, key=lambda one: int(getattr(one.document.metadata, "version", 0)))


def _no_such_version(catalogue: Catalogue, wanted: str, version: str, where: str) -> Rejected | None:
    """
    Say which versions there are of what is known, but not by the version that was asked for.
    """
    held = [one.document.metadata for one in catalogue.standing.values() if one.document.metadata.id == wanted]
    if not held:
        return None
    versions = sorted(getattr(meta, "version", 0) for meta in held)
    fix = f"{where} is version {', '.join(map(str, versions))}" if all(versions) else "it is not versioned"
    return Rejected("unknown", f"{wanted} has no version {version[:20]!r}; {fix}")


def unknown(catalogue: Catalogue, wanted: str, where: str = "published") -> Rejected:
    """
    Say that nothing has the id `wanted`, with near matches.
    """
    known = {one.document.metadata.id for one in catalogue.standing.values()}
    listed = "`sqm standards list` shows what is" if where == "published" else "`sqm standards validate` lists what is"
    return Rejected("unknown", f"nothing is {where} as {wanted[:80]!r}; {meant(wanted, known, listed)}")


def as_yaml(catalogue: Catalogue, published: Published) -> str:
    """
    Write a published document as its owner would, with what it demands in words, and its publication, in comments.
    """
    revision = catalogue.revision(document_key(published.document))
    at = format_instant(published.published_at)
    return _written(published.document, f"published {at} by {published.published_by}, revision {revision}")


def _written(document: AnyDocument, remark: str) -> str:
    body = readable(document.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True))
    words = in_words(document) if isinstance(document, Standard) else []
    return "".join(f"# {line}\n" for line in [*words, remark]) + yaml.safe_dump(
        body, sort_keys=False, allow_unicode=True, width=110
    )


def show_all(catalogue: Catalogue, now_ms: int, paper: Console) -> None:
    """
    Print tables of standards, calendars, sites and sources, each as wide as the terminal.
    """
    rows: dict[tuple[str, ...], list[tuple[str, ...]]] = {columns: [] for columns in _COLUMNS.values()}
    for _, published in sorted(catalogue.standing.items()):
        document = published.document
        rows[_COLUMNS[document.kind]].append(_row(document, now_ms, _retired_at(catalogue, document.metadata.id)))
    shown = [_table(columns, held, paper.width) for columns, held in rows.items() if held]
    for place, table in enumerate(shown):
        if place:
            paper.print()
        paper.print(table)
    if not shown:
        paper.print("Nothing is published yet: `sqm standards publish PATH` does it.")


def _row(document: AnyDocument, now_ms: int, retired_at: int | None) -> tuple[str, ...]:
    match document:
        case Standard(metadata=meta):
            title = meta.title if meta.agreement == "customer" else f"{meta.title} ({meta.agreement})"
            span = _in_force(document, now_ms, retired_at)
            return (f"{meta.id}@{meta.version}", aim_in_short(document), span, title, meta.owner)
        case Calendar(metadata=meta):
            return (f"{meta.id}@{meta.version}", meta.zone, _in_force(document, now_ms), meta.title, meta.owner)
        case Site(metadata=meta):
            return (meta.id, meta.zone, meta.region or "", meta.title)
        case Exclusion(metadata=meta):
            return (meta.id, format_instant(to_millis(document.begin)), meta.reason)
        case CorrectiveAction(metadata=meta):
            return (meta.id, document.applies_to.standard or "", _stands(document, now_ms), meta.title, meta.owner)
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


def _retired_at(catalogue: Catalogue, standard: str) -> int | None:
    held = catalogue.standing.get(f"Retirement/{standard}")
    return to_millis(held.document.metadata.retired_at) if held and isinstance(held.document, Retirement) else None


def _stands(one: CorrectiveAction, now_ms: int) -> str:
    """
    How far a corrective action is: what is next, and what is overdue.
    """
    if one.review.done is not None:
        return "worked" if one.review.done.worked else "did not work"
    name, at = ("due", one.metadata.due) if one.taken_at is None else ("review", one.review.planned_at)
    return f"{name} {format_instant(to_millis(at))[:10]}" + (", overdue" if to_millis(at) < now_ms else "")


def _in_force(document: Versioned, now_ms: int, retired_at: int | None = None) -> str:
    begins = to_millis(document.metadata.effective_from)
    said = document.metadata.effective_until
    ends = [] if said is None else [to_millis(said)]
    if retired_at is not None and begins < retired_at:
        ends.append(retired_at)
    if begins > now_ms:
        return f"from {format_instant(begins)[:16]}"
    if ends:
        return f"{'ended' if min(ends) <= now_ms else 'until'} {format_instant(min(ends))[:16]}"
    return f"since {format_instant(begins)[:10]}"
