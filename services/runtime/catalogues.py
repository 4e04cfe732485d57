"""
Catalogues of messages: sentences of one language as Fluent resources, which know plurals and forms.

Files lie in the package whose sentences they are, so that they are found from a checkout and from an installed wheel.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

from fluent.runtime import FluentBundle, FluentResource

__all__ = ["FluentCatalogue", "load_catalogue"]


_REMEMBERED: Final = 4_096
"""Sentences of a language that are kept as they were last said: labels, days and lengths come again and again."""


class FluentCatalogue:
    """
    The messages of one language, out of the text of a Fluent resource.
    """

    def __init__(self, language: str, text: str) -> None:
        # No marks around what is put in: terminals show them, and all of our languages run from left to right.
        self._bundle = FluentBundle([language], use_isolating=False)
        self._bundle.add_resource(FluentResource(text))
        self.language = language
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._said)

    def say(self, key: str, arguments: Mapping[str, str | int]) -> str:
        """
        Say the message of a key; raises LookupError where it is missing or wants another argument, which is a bug.
        """
        return self._remembered(key, tuple(arguments.items()))

    def _said(self, key: str, arguments: tuple[tuple[str, str | int], ...]) -> str:
        pattern = self._bundle.get_message(key).value
        if pattern is None:
            problem = f"{self.language}: the message {key} says nothing"
            raise LookupError(problem)
        said, errors = self._bundle.format_pattern(pattern, dict(arguments))
        if errors:
            problem = f"{self.language}: the message {key} cannot be said: {errors[0]}"
            raise LookupError(problem)
        return str(said)


def load_catalogue(package: str, language: str) -> FluentCatalogue:
    """
    Read the catalogue of a language from the package that has it.
    """
    return FluentCatalogue(language, files(package).joinpath(f"{language}.ftl").read_text(encoding="utf-8"))
