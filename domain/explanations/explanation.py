"""
The explanation of a verdict as a value without a language: what a page, an alert, an API or a command renders.
"""

from dataclasses import dataclass

from domain.explanations.statements import Statement


@dataclass(frozen=True, slots=True)
class Step:
    """
    Something that was reported, and what it did to the clock. ``at`` is milliseconds since the epoch.
    """

    at: int
    what: Statement
    effect: Statement
    source: str
    event: str
    """Id of the event within its source."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    A stretch of the clock, whether it counted, and why. Milliseconds since the epoch.
    """

    begins_at: int
    ends_at: int
    counts: bool
    why: Statement


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Why one verdict is what it is. ``domain.wording.told`` makes text of it in any language that has a catalogue.
    """

    id: str
    headline: Statement
    about: tuple[Statement, ...]
    """Whom it is about: the journey first, then each fact of it that is known."""
    standard: tuple[Statement, ...]
    """The standard and its limit; then its objective and its calendar, where they are known."""
    why: str | None
    """Why the standard exists, in its owner's words."""
    steps: tuple[Step, ...]
    stretches: tuple[Stretch, ...]
    judgement: tuple[Statement, ...]
    """How the value came about, against what it was held, and where it is counted."""
    remedies: tuple[Statement, ...]
    """What would have kept the standard."""
    corrections: tuple[Statement, ...]
    """What was said before under the same id, the earliest first."""
    remarks: tuple[Statement, ...]


__all__ = ["Explanation", "Step", "Stretch"]
