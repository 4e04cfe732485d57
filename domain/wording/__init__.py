"""
Wording: explanations in the language of whoever reads them.

The catalogues, one for each language, lie beside this file as Fluent resources (``en.ftl`` and so on). Reading them is
a service's business; here a catalogue is an argument.
"""

from typing import Final

from domain.wording.catalogue import Catalogue
from domain.wording.durations import duration
from domain.wording.telling import Voice, told
from domain.wording.vocabulary import WORDING

LANGUAGES: Final = ("en", "ru", "lv")
"""The languages that have a catalogue."""

__all__ = ["LANGUAGES", "WORDING", "Catalogue", "Voice", "duration", "told"]
