"""
Globs: how standards and rules of alerts name many things at once.
"""

from collections.abc import Callable
from fnmatch import translate
from re import compile as compile_pattern

__all__ = ["Globs", "compile_globs"]

Globs = Callable[[str], object]
"""Something true where a value matches one of the globs."""


def compile_globs(patterns: tuple[str, ...]) -> Globs:
    """
    Turn globs into one test: ``*`` stands for anything, ``?`` for one character.
    """
    return compile_pattern("|".join(f"(?:{translate(glob)})" for glob in patterns)).fullmatch
