"""
Notes on documents: what their owner should know before they are in force, though nothing is wrong with them.
"""

import sys
from collections.abc import Iterable

from services.sla.shell.documents import Found

__all__ = ["tell_notes"]


def tell_notes(found: Iterable[Found]) -> None:
    """
    Write the notes beside what a command answers, so that a program that reads the answer does not meet them.
    """
    for one in found:
        for note in one.notes:
            sys.stderr.write(f"note: {one.place}: {note}\n")
