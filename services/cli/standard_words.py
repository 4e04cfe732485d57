"""
A standard in the words that `sqm explain` uses for it, for every command that shows one.
"""

from datetime import UTC

from domain.explanations import demanded_by
from domain.wording import Voice
from schemas.standards import Standard
from services.cli.languages import spoken

__all__ = ["in_words"]


def in_words(standard: Standard, language: str | None = None) -> list[str]:
    """
    Say what a standard demands: its limit, then its objective; in a language, or that of the environment.
    """
    voice = Voice(spoken(language), UTC)
    return [voice.say(one) for one in demanded_by(standard)]
