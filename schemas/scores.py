"""
Scores: answers on a scale and checklists of observed behaviour.
"""

import re
from typing import Annotated, Final

from pydantic import Field, model_validator

from schemas.base import Contract, misfit, parse_percent
from schemas.conditions import SomeConditions
from schemas.events import PREFIX, Category

OBSERVED: Final = PREFIX + "observation.recorded"
ANSWERED: Final = (PREFIX + "feedback.received", PREFIX + "staff_survey.answered")
HUNDREDTHS: Final = 100
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,2})?", re.ASCII)


class Score(Contract):
    """
    Which answers, or which checklists, are scored.

    Answers name the ``highest`` score of their scale: an answer on another scale is left out, for its figure means
    another thing. A checklist earns the weight of what was passed, of what applied; a failed critical item fails it
    as a whole. ``categories`` looks at the items of these kinds of behaviour alone. With a ``minimum`` one answer or
    checklist below it is a violation.
    """

    of: SomeConditions
    """Events that are scored: answers, or observations."""
    highest: Annotated[int, Field(ge=1, le=1_000)] | None = None
    """The highest score of the scale; for answers only."""
    lowest: Annotated[int, Field(ge=0, le=999)] = 0
    """The lowest score of the scale; for answers only."""
    reversed: bool = False
    """Whether the lowest score is the best, as where effort is asked for; it is turned round before it counts."""
    categories: Annotated[tuple[Category, ...], Field(max_length=7, strict=False)] = ()
    """Kinds of behaviour; all, if not said. For checklists only."""
    minimum: Annotated[str, Field(max_length=16)] | None = None
    """The lowest score of one answer (like 3), or of one checklist (like 80%), that is no violation."""

    @model_validator(mode="after")
    def _fits(self) -> "Score":
        kinds = {condition.event == OBSERVED for condition in self.of}
        if len(kinds) > 1:
            raise misfit("Score", "of", len(self.of), "answers and checklists are scored by standards of their own")
        if odd := [one.event for one in self.of if one.event not in (*ANSWERED, OBSERVED)]:
            problem = "has no score; feedback.received, staff_survey.answered and observation.recorded have"
            raise misfit("Score", "of", odd[0], f"{odd[0].removeprefix(PREFIX)} {problem}")
        if self.checklists and (self.highest is not None or self.lowest or self.reversed):
            raise misfit("Score", "highest", self.highest, "is for answers; a checklist brings its own weights")
        if not self.checklists and self.highest is None:
            raise misfit("Score", "highest", None, "needs the highest score of the scale, like 5, or 10 for nps")
        if self.highest is not None and self.lowest >= self.highest:
            raise misfit("Score", "lowest", self.lowest, "must be below the highest")
        if self.categories and not self.checklists:
            raise misfit("Score", "categories", len(self.categories), "is for checklists")
        try:
            self.minimum_value  # noqa: B018 - raises where it cannot be read
        except ValueError as error:
            raise misfit("Score", "minimum", self.minimum, str(error)) from error
        return self

    @property
    def checklists(self) -> bool:
        """
        Whether checklists are scored, rather than answers.
        """
        return self.of[0].event == OBSERVED

    @property
    def minimum_value(self) -> int:
        """
        The minimum in hundredths of a step, for a checklist in basis points; 0 where there is none.
        """
        if self.minimum is None:
            return 0
        return parse_percent(self.minimum) if self.checklists else parse_number(self.minimum)


def parse_number(text: str) -> int:
    """
    Read a number such as ``4``, ``4.25`` or ``-10``. Returns hundredths. Raises ValueError that names the form.
    """
    if not _NUMBER.fullmatch(text):
        raise ValueError("a number is written with at most two decimals, like 4 or 4.25")
    whole, _, rest = text.removeprefix("-").partition(".")
    value = int(whole) * HUNDREDTHS + int((rest or "0").ljust(2, "0"))
    return -value if text.startswith("-") else value


__all__ = ["ANSWERED", "OBSERVED", "Score", "parse_number"]
