"""
Which of several outcomes with one id holds: the one with the greater revision, whichever comes first.

Of two with the same revision the later one holds, which says the same. History's tables keep to this rule in SQL.
"""

from typing import Protocol

__all__ = ["Revised", "revision_of", "supersedes"]


class Revised(Protocol):
    """
    An outcome as the contract has it, or a part of one that kept its revision.
    """

    @property
    def rev_offset(self) -> int: ...
    @property
    def rev_watermark(self) -> int: ...


def revision_of(outcome: Revised) -> tuple[int, int]:
    return outcome.rev_offset, outcome.rev_watermark


def supersedes(outcome: Revised, held: Revised | None) -> bool:
    """
    Say whether an outcome takes the place of the one that is held under its id, if one is.
    """
    return held is None or revision_of(held) <= revision_of(outcome)
