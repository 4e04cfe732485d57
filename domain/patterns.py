"""
Patterns: the globs by which documents name standards, sites and queues, compiled into one test.
"""

from collections.abc import Callable
from fnmatch import translate
from re import compile as compile_pattern

Globs = Callable[[str], object]
"""Something true where a value matches one of the globs."""


def compile_globs(patterns: tuple[str, ...]) -> Globs:
    """
    Turn globs into one test.
    """
    return compile_pattern("|".join(f"(?:{translate(glob)})" for glob in patterns)).fullmatch


__all__ = ["Globs", "compile_globs"]
