"""
Stretches: a run that ended, told as stretches of time, each with whether it counted and why not.
"""

from collections.abc import Sequence

from services.sla.engine.clocks import Run
from services.sla.engine.events import Fact
from services.sla.engine.outcomes import Segment
from services.sla.engine.rules import PAUSE, RESUME, START, Rule


def segments(rule: Rule, facts: Sequence[Fact], run: Run) -> tuple[Segment, ...]:
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
    return tuple(
        Segment(begin, end, counts, None if counts else "paused")
        for begin, end, counts in _within_budget(found, rule.pause_budget)
    )


def _within_budget(stretches: list[tuple[int, int, bool]], budget: int) -> list[tuple[int, int, bool]]:
    """Let count what goes beyond the time that pauses may take."""
    found: list[tuple[int, int, bool]] = []
    for begin, end, counts in stretches:
        cut = begin if counts else min(end, begin + budget)
        budget -= cut - begin
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
