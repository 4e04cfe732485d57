"""
Stretches: a run that ended, told as stretches of time, each with whether it counted and why not.
"""

from collections.abc import Sequence

from domain.calendars import OpenHours
from services.sla.engine.clocks import NEVER, Run
from services.sla.engine.events import Fact
from services.sla.engine.outcomes import Segment
from services.sla.engine.roles import PAUSE, RESUME, START
from services.sla.engine.rules import Rule
from services.sla.engine.terms import FOR_EVER, Terms


def segments(rule: Rule, terms: Terms, facts: Sequence[Fact], run: Run) -> tuple[Segment, ...]:
    """
    Explain a run that ended as stretches of time: from, to, and whether it counted.

    The counted ones add up to the run's value; neighbours touch, and the whole runs from start to end.
    """
    found: list[tuple[int, int, bool]] = []
    mark, counting, begun = run.started_at, True, False
    for at, rank, _, _, attributes in facts:
        mask = rule.role(rank, attributes)
        if at > run.ended_at or (begun and at == run.ended_at):
            break
        if not begun:
            if mask & START and at == run.started_at:
                begun = True
            elif mask & (PAUSE | RESUME):
                counting = not mask & PAUSE
            continue
        if mask & (PAUSE | RESUME) and counting == bool(mask & PAUSE):
            if at > mark:
                _lengthen(found, mark, at, counting)
            mark, counting = at, not counting
    _lengthen(found, mark, run.ended_at, counting)
    told: list[Segment] = []
    for begin, end, counts in _within_budget(found, rule.pause_budget, terms):
        told += _counted(rule, terms, run, begin, end) if counts else [Segment(begin, end, False, "paused")]  # noqa: FBT003 - a field
    # What ended where it started is one stretch of no length.
    return tuple(told) or (Segment(run.started_at, run.ended_at, True),)  # noqa: FBT003 - a segment's field


def _counted(rule: Rule, terms: Terms, run: Run, begin: int, end: int) -> list[Segment]:
    """Tell what counts of a stretch without pauses; after the close of its business day every millisecond does."""
    if terms.hours is None:
        return [Segment(begin, end, True)]  # noqa: FBT003 - a segment's field
    closed = min(end, run.breach_at) if rule.business_days and run.breach_at != NEVER else end
    over = [Segment(max(begin, closed), end, True)] if end > closed else []  # noqa: FBT003 - as above
    return _by_hours(terms.hours, begin, closed) + over


def _by_hours(hours: OpenHours, begin: int, end: int) -> list[Segment]:
    return [
        Segment(one.from_at, one.to_at, True)  # noqa: FBT003 - as above
        if one.open
        else Segment(one.from_at, one.to_at, False, "holiday" if one.name else "closed", one.name)  # noqa: FBT003
        for one in hours.segments(begin, end)
    ]


def _within_budget(stretches: list[tuple[int, int, bool]], budget: int, terms: Terms) -> list[tuple[int, int, bool]]:
    """Let count what goes beyond the time that pauses may take."""
    found: list[tuple[int, int, bool]] = []
    for begin, end, counts in stretches:
        cut = begin if counts else end if budget >= FOR_EVER else min(end, terms.after(begin, budget))
        budget -= 0 if budget >= FOR_EVER else terms.elapsed(begin, cut)
        if cut > begin:
            _lengthen(found, begin, cut, counting=False)
        if counts or end > cut:
            _lengthen(found, cut, end, counting=True)
    return found


def _lengthen(found: list[tuple[int, int, bool]], begin: int, end: int, counting: bool) -> None:  # noqa: FBT001 - a field
    """Add a stretch; where nothing lay between it and the last of its kind, they are one."""
    if found and found[-1][2] == counting:
        begin = found.pop()[0]
    found.append((begin, end, counting))
