"""
A standard in the words that `sqm explain` uses for it, for every command that shows one.
"""

from datetime import UTC

from domain.explanations import demanded_by
from domain.wording import Voice
from schemas.objectives import AT_MOST_METRICS
from schemas.standards import Standard
from services.cli.languages import spoken

__all__ = ["aim_in_short", "in_words"]


def aim_in_short(standard: Standard) -> str:
    """
    Write what many together should reach as a column has room for it: ``sl_all_offered ≥ 80%``.
    """
    aim = standard.objective
    return f"{aim.metric} {'≤' if aim.metric in AT_MOST_METRICS else '≥'} {aim.target}"


def in_words(standard: Standard, language: str | None = None) -> list[str]:
    """
    Say what a standard demands: its limit, then its objective; in a language, or that of the environment.
    """
    voice = Voice(spoken(language), UTC)
    return [voice.say(one) for one in demanded_by(standard)]
