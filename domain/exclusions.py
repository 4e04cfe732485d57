"""
Exclusions compiled: whether a minute of a standard, site and queue is left out of the figures that decide.

The live line and history ask the same, so that an agreement that is entered afterwards means the same in both.
"""

from typing import NamedTuple

from domain.patterns import Globs, compile_globs
from schemas.base import to_millis
from schemas.exclusions import Exclusion


class Excluded(NamedTuple):
    """
    One agreement, ready to be asked. Instants are milliseconds; ``until`` is not part of it.
    """

    begin: int
    until: int
    tests: tuple[Globs | None, ...]

    @classmethod
    def of(cls, one: Exclusion) -> "Excluded":
        """
        Compile an agreement.
        """
        said = one.applies_to
        tests = tuple(
            None if wanted is None else compile_globs(wanted)
            for wanted in (said.standard, said.site, said.queue, said.region)
        )
        return cls(to_millis(one.begin), to_millis(one.until), tests)

    def covers(self, minute: int, names: tuple[str | None, ...]) -> bool:
        """
        Tell whether it covers a minute of a standard, site, queue and region; what has no name fits no glob.
        """
        return self.begin <= minute < self.until and all(
            globs is None or (name is not None and bool(globs(name)))
            for globs, name in zip(self.tests, names, strict=True)
        )


__all__ = ["Excluded"]
