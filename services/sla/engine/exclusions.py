"""
Exclusions compiled for the engine: whether a row of attainment is left out of the figures that decide.
"""

from typing import NamedTuple

from domain.globs import Globs, compile_globs
from schemas.base import to_millis
from schemas.exclusions import Exclusion
from services.sla.engine.book import Book
from services.sla.engine.scopes import region_of


class Excluded(NamedTuple):
    """One agreement, ready to be asked."""

    begin: int
    until: int
    tests: tuple[Globs | None, ...]

    def covers(self, minute: int, names: tuple[str | None, ...]) -> bool:
        """Tell whether it covers a minute of a standard, site, queue and region."""
        return self.begin <= minute < self.until and all(
            globs is None or (name is not None and bool(globs(name)))
            for globs, name in zip(self.tests, names, strict=True)
        )


def exclusions_of(book: Book) -> tuple[Excluded, ...]:
    """Compile the agreements of a book, in the order of their ids."""
    held = [book.documents[key][1] for key in sorted(book.documents) if key.startswith("Exclusion/")]
    return tuple(_compile(one) for one in held if isinstance(one, Exclusion))


def _compile(one: Exclusion) -> Excluded:
    said = one.applies_to
    tests = tuple(
        None if wanted is None else compile_globs(wanted)
        for wanted in (said.standard, said.site, said.queue, said.region)
    )
    return Excluded(to_millis(one.begin), to_millis(one.until), tests)


def names_of(standard: str, site: str, queue: str | None, book: Book) -> tuple[str | None, ...]:
    """What an agreement is asked about: standard, site, queue and region."""
    return standard, site, queue, region_of(book, site)


__all__ = ["Excluded", "exclusions_of", "names_of"]
