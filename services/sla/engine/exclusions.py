"""
Exclusions in the book: which agreements there are, and what they are asked about.
"""

from domain.exclusions import Excluded
from schemas.exclusions import Exclusion
from services.sla.engine.book import Book
from services.sla.engine.scopes import region_of


def exclusions_of(book: Book) -> tuple[Excluded, ...]:
    """Compile the agreements of a book, in the order of their ids."""
    held = [book.documents[key][1] for key in sorted(book.documents) if key.startswith("Exclusion/")]
    return tuple(Excluded.of(one) for one in held if isinstance(one, Exclusion))


def names_of(standard: str, site: str, queue: str | None, book: Book) -> tuple[str | None, ...]:
    """What an agreement is asked about: standard, site, queue and region."""
    return standard, site, queue, region_of(book, site)


__all__ = ["Excluded", "exclusions_of", "names_of"]
