"""
The paper that commands write tables on: the terminal as wide as it is, a file or a pipe as wide as the table.
"""

import sys
from typing import Final, TextIO

from rich.console import Console

__all__ = ["console"]

_UNCUT: Final = 400
"""Columns where there is no terminal: nothing may be cut or folded at an imagined width."""


def console(file: TextIO | None = None, *, stderr: bool = False) -> Console:
    """
    Return where tables are written: stdout, or a file, without guesses about what in a text is markup, a number or the
    name of a picture (`:calendar:` is a part of ids).

    With `stderr`, where programs that read stdout do not take words for figures.
    """
    paper = file or (sys.stderr if stderr else sys.stdout)
    width = None if paper.isatty() else _UNCUT
    return Console(file=file, width=width, markup=False, emoji=False, highlight=False, stderr=stderr)
