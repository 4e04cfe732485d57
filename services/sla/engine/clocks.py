"""
Clocks: what the events of one cycle of a journey say about one rule.

``measure`` is a function of the events and of the instant up to which absence has been judged, and of nothing else:
events that come late or in another order lead to the same run once they are all there.

::

    start        pause   resume           due      stop
      |------------|.......|---------------+--------|      counts: ---   does not: ...   breach: from due on
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from schemas.base import BASIS_POINTS
from services.sla.engine.events import Fact, promised_at
from services.sla.engine.rules import ABANDON, CANCEL, PAUSE, RESUME, START, STOP, Rule
from services.sla.engine.terms import Terms

RUNNING: Final = 0
STOPPED: Final = 1
ABANDONED: Final = 2
CANCELLED: Final = 3
EXPIRED: Final = 4
ENDED_BY: Final = ("running", "stopped", "abandoned", "cancelled", "expired")

NEVER: Final = -(1 << 62)
"""An instant before all others: absence has not been judged yet, or the thing did not happen."""


class Run(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A clock as the events tell it: instants in milliseconds, ``NEVER`` where it did not happen."""

    started_at: int
    ended: int
    """One of RUNNING, STOPPED, ABANDONED, CANCELLED, EXPIRED."""
    ended_at: int
    paused_ms: int
    breach_at: int
    """The instant at which the counted time reached the limit, if it is known to have passed it."""
    warned: bool
    """Still running, within the limit, and known to have used the share from which it is at risk."""
    wake_at: int
    """The next instant at which the passing of time alone changes this run; NEVER once it ended."""
    limit: int
    """The longest value that keeps the promise, in milliseconds."""

    @property
    def value(self) -> int:
        """Counted milliseconds of a clock that ended."""
        return self.ended_at - self.started_at - self.paused_ms

    def says_the_same(self, other: "Run") -> bool:
        """Tell whether two runs lead to the same measurement and violation; warnings and wake-ups aside."""
        return (
            self.ended_at == other.ended_at
            and self.ended == other.ended
            and self.breach_at == other.breach_at
            and self.started_at == other.started_at
            and self.paused_ms == other.paused_ms
            and self.limit == other.limit
        )


def begin(terms: Terms, at: int) -> Run:
    """Start the clock of a journey whose first event starts it and whose limit is known: what ``measure`` would say."""
    return Run(at, RUNNING, NEVER, 0, NEVER, False, at + (terms.warn or terms.limit + 1), terms.limit)  # noqa: FBT003 - a field


def end(run: Run, ended: int, at: int) -> Run:
    """
    End a running clock that knows no pauses: what ``measure`` would say, at once. ``at`` is not beyond its expiry.
    """
    due = run.started_at + run.limit
    return Run(run.started_at, ended, at, 0, due if at > due else NEVER, False, NEVER, run.limit)  # noqa: FBT003 - a field


def promised_limit(facts: Sequence[Fact], at: int) -> int | None:
    """
    Say how long a clock that starts at an instant may run up to the first promise that its journey's events tell.

    None where nothing was promised; 0 where the promised time had passed already.
    """
    for fact in facts:
        due = promised_at(fact[4])
        if due is not None:
            return max(due - at, 0)
    return None


def measure(  # noqa: C901, PLR0912, PLR0915 - one state machine
    rule: Rule, terms: Terms, facts: Sequence[Fact], seen: int
) -> Run | None:
    """
    Run the clock of one rule over the events of one cycle, in their order.

    ``seen`` is the instant up to which absence has been judged. Returns None where the clock never started, or where
    nothing was promised that it could be held to.
    """
    limit, warn, budget = terms.limit, terms.warn, rule.pause_budget
    started = paused_since = runs_again = NEVER
    paused_ms = 0
    due = expiry = ended_at = breach = NEVER
    ended = RUNNING
    for at, rank, _, _, attributes in facts:
        mask = rule.role(rank, attributes)
        if not mask:
            continue
        if started == NEVER:
            # Pauses belong to the journey's timeline: one that began before the clock still stands.
            if mask & START:
                if rule.promised:
                    promise = promised_limit(facts, at)
                    if promise is None:
                        return None
                    limit, warn = promise, promise * rule.warn_share // BASIS_POINTS
                started, expiry = at, at + max(terms.expires, limit + 1)
                due = at + limit
                if paused_since != NEVER:
                    paused_since, runs_again = at, at + budget
            elif mask & PAUSE:
                paused_since = at
            elif mask & RESUME:
                paused_since = NEVER
            continue
        if at > expiry:
            break
        if mask & (CANCEL | STOP | ABANDON):
            ended = CANCELLED if mask & CANCEL else STOPPED if mask & STOP else ABANDONED
            ended_at = at
            break
        if mask & PAUSE:
            if paused_since == NEVER and paused_ms < budget:
                if at > due and breach == NEVER:
                    breach = due
                # When the pauses are used up time counts again, whatever the journey says.
                paused_since, runs_again = at, at + budget - paused_ms
        elif mask & RESUME and paused_since != NEVER:
            stood = min(at, runs_again) - paused_since
            paused_ms, due, paused_since = paused_ms + stood, due + stood, NEVER
    if started == NEVER:
        return None
    if ended == RUNNING and seen >= expiry:
        ended, ended_at = EXPIRED, expiry
    if paused_since != NEVER and (ended != RUNNING or runs_again < expiry):
        # It was still paused at its end, or will be running again by itself before anything else happens to it.
        stood = (runs_again if ended == RUNNING else min(ended_at, runs_again)) - paused_since
        paused_ms, due, paused_since = paused_ms + stood, due + stood, NEVER
    if ended != RUNNING:
        if ended_at > due and breach == NEVER:
            breach = due
        return Run(started, ended, ended_at, paused_ms, breach, False, NEVER, limit)  # noqa: FBT003 - a tuple's field
    if breach != NEVER or paused_since != NEVER:
        return Run(started, RUNNING, NEVER, paused_ms, breach, False, expiry, limit)  # noqa: FBT003 - as above
    if seen > due:
        return Run(started, RUNNING, NEVER, paused_ms, due, False, expiry, limit)  # noqa: FBT003 - as above
    warn_at = due - limit + warn
    if warn and seen < warn_at:
        return Run(started, RUNNING, NEVER, paused_ms, NEVER, False, min(warn_at, expiry), limit)  # noqa: FBT003 - as above
    return Run(started, RUNNING, NEVER, paused_ms, NEVER, bool(warn), min(due + 1, expiry), limit)


def segments(rule: Rule, facts: Sequence[Fact], run: Run) -> list[tuple[int, int, bool]]:
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
            if mask & START:
                begun = True
            elif mask & (PAUSE | RESUME):
                counting = not mask & PAUSE
            continue
        if mask & (PAUSE | RESUME) and counting == bool(mask & PAUSE):
            if at > mark:
                _lengthen(found, mark, at, counting)
            mark, counting = at, not counting
    _lengthen(found, mark, run.ended_at, counting)
    return _within_budget(found, rule.pause_budget)


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
