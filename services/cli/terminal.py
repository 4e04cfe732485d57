"""
The paper that commands write tables on: the terminal as wide as it is, a file or a pipe as wide as the table.
"""

import sys
from typing import Final

from rich.console import Console

__all__ = ["console"]

_UNCUT: Final = 400
"""Columns where there is no terminal: nothing may be cut or folded at an imagined width."""


def console(*, stderr: bool = False) -> Console:
    """
    Return where tables are written: stdout, without guesses about what in a text is markup or a number.

    With `stderr`, where programs that read stdout do not take words for figures.
    """
    paper = sys.stderr if stderr else sys.stdout
    return Console(width=None if paper.isatty() else _UNCUT, markup=False, highlight=False, stderr=stderr)
