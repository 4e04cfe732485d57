"""
Which language a command speaks: the one that was asked for, else the reader's own, else English.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from domain.wording import LANGUAGES
from services.runtime.errors import Misconfigured

if TYPE_CHECKING:
    from services.runtime.catalogues import FluentCatalogue

__all__ = ["language_of", "spoken"]

_VARIABLES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system says what its reader reads, the strongest first."""
_PACKAGE: Final = "domain.wording"


def spoken(language: str | None) -> "FluentCatalogue":
    """
    Load the catalogue of a language that was asked for, or else of the environment's.
    """
    from services.runtime.catalogues import load_catalogue  # noqa: PLC0415  (heavy, and help must be quick)

    if language is not None and language not in LANGUAGES:
        raise Misconfigured(f"--language {language[:60]}: there are no words for it; write {', '.join(LANGUAGES)}")
    return load_catalogue(_PACKAGE, language or language_of(os.environ))


def language_of(environment: Mapping[str, str]) -> str:
    """
    Find the language in an environment: of ``ru_RU.UTF-8`` the ``ru``; ``en`` where none of ours is named.

    The first variable that is set decides, as everywhere; LANGUAGE may name several, the best first.
    """
    said = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    for name in said.split(":"):
        short = name[:2].lower()
        if short in LANGUAGES and not name[2:3].isalpha():
            return short
    return LANGUAGES[0]
