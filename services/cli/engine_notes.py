"""
What the engine noted about events of the past, in words: the same in every report.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from services.sla.engine import Reason

__all__ = ["NOTES", "told_notes"]

NOTES: Final = {
    Reason.DUPLICATE: "came before, and changes nothing",
    Reason.CONFLICT: "an id that came before with another content; the first stands",
    Reason.REVISED: "corrects an event that came before, and stands in its place",
    Reason.OUTDATED: "is corrected by an event that came before",
    Reason.OUT_OF_ORDER: "came after what happened later, and was put in its place",
    Reason.ALREADY_APPLIED: "was judged before",
    Reason.NOT_A_JOURNEY: "has no subject, so no clock hears of it",
    Reason.UNKNOWN_STANDARD: "was judged by a standard that is not here",
    Reason.UNCOVERED: "nothing judges the journey itself; if it should be, compare `applies_to` with its arrival",
    Reason.NO_PROMISE: "held to the time that was promised, and nothing was; in no figure",
    Reason.NO_CALENDAR: "held to the hours of a calendar that was not in force at its arrival; in no figure",
    Reason.OTHER_SCALE: "an answer on another scale than that of the standard; in no figure",
    Reason.TOO_LATE: "too far in the past to be judged",
    Reason.IN_THE_FUTURE: "too far in the future to be believed",
    Reason.SITE_FULL: "the site has more open journeys than are kept",
    Reason.JOURNEY_FULL: "the journey has more events than are kept",
    Reason.TOO_MANY_SITES: "there are more sites than are kept",
}


def told_notes(counts: Mapping[str, int]) -> Iterator[str]:
    """
    Say how often each was noted, by name, with what it means.
    """
    for name, count in sorted(counts.items()):
        yield f"noted: {count:,} × {name} ({NOTES[Reason(name)]})"
