"""
What a catalogue of one language must be able to do.
"""

from collections.abc import Mapping
from typing import Protocol


class Catalogue(Protocol):
    """
    The sentences of one language by their keys.
    """

    def say(self, key: str, arguments: Mapping[str, str | int]) -> str:
        """
        Say the message of a key; a number chooses the plural. Raises LookupError where there is no such message.
        """
        ...


__all__ = ["Catalogue"]
