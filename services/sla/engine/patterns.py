"""
Patterns of a journey's attributes, and whether a selector covers it.
"""

from domain.patterns import Globs, compile_globs
from schemas.conditions import AtArrival, Selector
from services.sla.engine.events import ATTRIBUTES, Attributes

Tests = tuple[tuple[int, Globs], ...]
"""Places among a journey's attributes, each with what its value must match."""


def compile_tests(wanted: AtArrival) -> Tests:
    """Compile the globs of the attributes that are named."""
    named = ((ATTRIBUTES.index(name), getattr(wanted, name)) for name in AtArrival.model_fields)
    return tuple((place, compile_globs(globs)) for place, globs in named if globs is not None)


def fits(tests: Tests, attributes: Attributes) -> bool:
    """Tell whether every named attribute is there and matches one of its globs."""
    return all((value := attributes[place]) is not None and globs(value) for place, globs in tests)


class Covers:
    """Whether a selector covers a journey, by its site and attributes at arrival."""

    __slots__ = ("_site", "_tests")

    def __init__(self, selector: Selector) -> None:
        """Compile the selector's globs."""
        self._site = None if selector.site is None else compile_globs(selector.site)
        self._tests = compile_tests(selector)

    def __call__(self, site: str, attributes: Attributes) -> bool:
        """Tell whether site and attributes match."""
        return (self._site is None or bool(self._site(site))) and fits(self._tests, attributes)
