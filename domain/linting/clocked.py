"""
The clocks of standards that are linted: what a rule about clocks looks at.
"""

from collections.abc import Iterator
from typing import NamedTuple

from domain.linting.findings import Papers, Written
from schemas.base import to_millis
from schemas.clocks import Clock
from schemas.standards import Standard, Versioned

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
    held = ((written, standard, _clock_of(standard)) for written, standard in papers.written(Standard))
    return (Clocked(written, standard, clock) for written, standard, clock in held if clock is not None)


def _clock_of(standard: Standard) -> Clock | None:
    return standard.clock


def in_force(document: Versioned) -> tuple[int, int]:
    """
    Say from when to when a version says that it holds (ms since the epoch, the end excluded).
    """
    until = document.metadata.effective_until
    return to_millis(document.metadata.effective_from), FOR_EVER if until is None else to_millis(until)


__all__ = ["FOR_EVER", "Clocked", "clocked", "in_force"]
