"""
The clocks of standards that are linted: what a rule about clocks looks at.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from domain.linting.findings import Papers, Written
from schemas.base import to_millis
from schemas.clocks import Clock
from schemas.retirements import Retirement
from schemas.standards import Standard, Versioned, document_key

FOR_EVER = 1 << 62
"""An instant after all others."""


class Clocked(NamedTuple):
    """
    A standard that measures with a clock.
    """

    written: Written
    standard: Standard
    clock: Clock


def clocked(papers: Papers) -> Iterator[Clocked]:
    """
    Give the standards that have a clock.
    """
    return (
        Clocked(written, standard, standard.clock)
        for written, standard in papers.written(Standard)
        if standard.clock is not None
    )


def stretches(papers: Papers) -> dict[str, tuple[int, int]]:
    """
    Say from when to when each version of each standard holds, by its key: to its own end, to the beginning of the next
    version, or to its retirement.
    """
    retired = {one.metadata.id: to_millis(one.metadata.retired_at) for one in papers.known(Retirement)}
    families: defaultdict[str, list[Standard]] = defaultdict(list)
    for standard in papers.known(Standard):
        families[standard.metadata.id].append(standard)
    found = {}
    for ident, family in families.items():
        begins = sorted({in_force(one)[0] for one in family})
        for one in family:
            begin, end = in_force(one)
            following = next((at for at in begins if at > begin), FOR_EVER)
            leaves = retired.get(ident, FOR_EVER)
            found[document_key(one)] = begin, min(end, following, leaves if leaves > begin else FOR_EVER)
    return found


def in_force(document: Versioned) -> tuple[int, int]:
    """
    Say from when to when a version says that it holds (ms since the epoch, the end excluded).
    """
    until = document.metadata.effective_until
    return to_millis(document.metadata.effective_from), FOR_EVER if until is None else to_millis(until)


__all__ = ["FOR_EVER", "Clocked", "clocked", "in_force", "stretches"]
