"""
Scopes: what a figure is about. A row of attainment counts in its queue, in its site and wherever the site belongs.
"""

from typing import Final, NamedTuple

from schemas.register import Site
from services.sla.engine.book import Book

ORGANISATION: Final = "organisation"


class Scope(NamedTuple):
    """A queue of a site, a site, a region or the organisation."""

    name: str
    """Readable, and the same wherever the scope is named: `site:harbour`."""
    site: str = ""
    queue: str | None = None


def scopes_of(wanted: tuple[str, ...], site: str, queue: str | None, book: Book) -> list[Scope]:
    """Name the scopes of the wanted kinds that a row of a site and queue counts in, from narrow to wide."""
    found = []
    if "queue" in wanted and queue is not None:
        found.append(Scope(f"queue:{site}/{queue}", site, queue))
    if "site" in wanted:
        found.append(Scope(f"site:{site}", site))
    if "region" in wanted:
        steps = (region_of(book, site) or "").split("/")
        paths = ["/".join(steps[:depth]) for depth in range(len(steps), 0, -1)]
        found += [Scope(f"region:{path}") for path in paths if path]
    if ORGANISATION in wanted:
        found.append(Scope(ORGANISATION))
    return found


def register_of(book: Book, site: str) -> Site | None:
    """Return the register's entry of a site."""
    held = book.documents.get(f"Site/{site}")
    return held[1] if held is not None and isinstance(held[1], Site) else None


def region_of(book: Book, site: str) -> str | None:
    """Say where a site belongs, from wide to narrow."""
    entry = register_of(book, site)
    return None if entry is None else entry.metadata.region


def zone_of(book: Book, scope: Scope) -> str:
    """Name the time zone of a scope: that of its site; UTC where it has several or the register knows none."""
    entry = register_of(book, scope.site) if scope.site else None
    return "UTC" if entry is None else entry.metadata.zone


__all__ = ["Scope", "region_of", "register_of", "scopes_of", "zone_of"]
