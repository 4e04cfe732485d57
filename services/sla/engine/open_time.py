"""
Open time: which time of a scope counts for an error budget that is counted in time.

It is that of the calendar that the standard's clocks run in, version by version; where they run round the clock, all
time is open. A wider scope whose sites each have a calendar of their own has no hours in common, so all of it counts.
"""

from typing import NamedTuple

from domain.calendars import FAR
from schemas.clocks import SITE_CALENDAR
from services.sla.engine.book import Book, InForce
from services.sla.engine.objective_rules import ObjectiveRule
from services.sla.engine.scopes import Scope


class OpenTime(NamedTuple):
    """What a calendar says about instants (milliseconds), each by the version that is in force then."""

    versions: tuple[InForce, ...]
    """In the order of time; between them, and before the first, nothing is open."""

    def is_open(self, at: int) -> bool:
        """Tell whether an instant is open."""
        return any(one.begin <= at < one.end and one.hours.is_open(at) for one in self.versions)

    def elapsed(self, begin: int, end: int) -> int:
        """Say how much of a stretch is open."""
        return sum(one.hours.elapsed(max(begin, one.begin), min(end, one.end)) for one in self.versions)

    def after(self, at: int, counted: int) -> int | None:
        """Say when so much open time (more than 0) has passed since an instant; None if not within twenty years."""
        for one in self.versions:
            since = max(at, one.begin)
            if since >= one.end:
                continue
            reached = one.hours.add(since, counted)
            if reached <= one.end:
                return None if reached == FAR else reached
            counted -= one.hours.elapsed(since, one.end)
        return None


def open_time_of(rule: ObjectiveRule, scope: Scope, book: Book) -> OpenTime | None:
    """Return the hours by which a scope's budget is counted; None where all time counts, or it counts journeys."""
    if not rule.in_time or rule.calendar is None or (rule.calendar == SITE_CALENDAR and not scope.site):
        return None
    return OpenTime(book.openings(rule.calendar, scope.site))


__all__ = ["OpenTime", "open_time_of"]
