"""
What somebody may have meant who wrote a word that is not known.

Files, options and commands are written by hand; whoever refuses a word says which known one is nearest to it,
everywhere in the same words.
"""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["meant"]

_LONGEST = 80
"""Characters that are compared: nobody misspells more, and comparing takes the square of them."""


def meant(written: str, known: Iterable[str], otherwise: str = "") -> str:
    """
    Ask ``did you mean 'this'?`` of the known word that is nearest; `otherwise` where none is near.
    """
    near = get_close_matches(written[:_LONGEST], sorted(known), n=1)
    return f"did you mean {near[0]!r}?" if near else otherwise
