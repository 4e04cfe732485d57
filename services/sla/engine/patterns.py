"""
Patterns: globs of standards, compiled, and whether a selector covers a journey.
"""

from collections.abc import Callable
from fnmatch import translate
from re import compile as compile_pattern
from typing import Final

from schemas.conditions import Selector
from services.sla.engine.events import ATTRIBUTES, Attributes

Globs = Callable[[str], object]
"""Something true where a value matches one of the globs."""

_SELECTED: Final = ("queue", "channel", "service", "segment", "priority")


def compile_globs(patterns: tuple[str, ...]) -> Globs:
    """Turn globs into one test."""
    return compile_pattern("|".join(f"(?:{translate(glob)})" for glob in patterns)).fullmatch


class Covers:
    """Whether a selector covers a journey, by its site and attributes at arrival."""

    __slots__ = ("_globs", "_site")

    def __init__(self, selector: Selector) -> None:
        """Compile the selector's globs."""
        self._site = None if selector.site is None else compile_globs(selector.site)
        named = ((ATTRIBUTES.index(name), getattr(selector, name)) for name in _SELECTED)
        self._globs = tuple((place, compile_globs(globs)) for place, globs in named if globs is not None)

    def __call__(self, site: str, attributes: Attributes) -> bool:
        """Tell whether every named attribute matches one of its globs."""
        if self._site is not None and not self._site(site):
            return False
        return all((value := attributes[place]) is not None and globs(value) for place, globs in self._globs)
