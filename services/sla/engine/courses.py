"""
Courses: how a clock runs over the events of one cycle of a journey.

``measure`` is a function of the events and of the instant up to which absence has been judged, and of nothing else:
events that come late or in another order lead to the same run once they are all there.

In the hours of a calendar only open time counts. A limit that is a length of open time is passed when more open time
than that has counted, so whoever answers after closing, with the limit just used up, has kept it. The close of a
business day is an instant: beyond it every millisecond counts, open or not.
"""

from bisect import bisect_left
from collections.abc import Sequence
from operator import itemgetter

from schemas.base import BASIS_POINTS
from services.sla.engine.clocks import (
    ABANDONED,
    CANCELLED,
    ENDED_BY_TIME,
    EXPIRED,
    NEVER,
    RETIRED,
    RUNNING,
    STOPPED,
    Run,
)
from services.sla.engine.events import Fact, promised_at
from services.sla.engine.roles import CANCEL, ENDS, PAUSE, RESUME, START, STOP
from services.sla.engine.rules import Rule
from services.sla.engine.terms import FOR_EVER, Terms


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


class _Course:
    """A clock in the course of its events: since when it runs, and what has counted."""

    __slots__ = (
        "_budget", "_by_the_day", "_counted", "_limit", "_paused", "_paused_since", "_since", "_terms", "_warn",
        "_warn_share", "breach", "due", "expiry", "started",
    )  # fmt: skip

    def __init__(self, rule: Rule, terms: Terms) -> None:
        self._terms, self._limit = terms, terms.limit
        self._by_the_day = rule.business_days
        self._budget, self._warn_share = rule.pause_budget, rule.warn_share
        self._since = self._paused_since = self._warn = NEVER
        self._counted = self._paused = 0
        self.started = self.due = self.breach = self.expiry = NEVER

    def start(self, rule: Rule, at: int, facts: Sequence[Fact], *, paused: bool) -> bool:
        """Start at an instant; tell whether there is a limit to hold it to."""
        terms = self._terms
        if rule.promised:
            promise = promised_limit(facts, at)
            if promise is None:
                return False
            self._limit = promise
        elif self._by_the_day and terms.hours is not None:
            self._limit = terms.elapsed(at, terms.hours.close_of_business_day(at, self._by_the_day))
        self.started, self.expiry = at, terms.after(at, max(terms.expires, self._limit + 1))
        self._run(at)
        if paused:
            self.pause(at)
        return True

    def _run(self, at: int) -> None:
        self._since = at
        if self.breach != NEVER:
            return
        terms, left = self._terms, self._limit - self._counted
        self.due = terms.after(at, left)
        if terms.hours is not None and not self._by_the_day:
            # Nothing more counts before the next opening, so whoever answers until then has kept it.
            self.due = terms.hours.next_opening(self.due)
        if self._warn_share:
            warn = self._limit * self._warn_share // BASIS_POINTS
            self._warn = terms.after(at, warn - self._counted) if warn > self._counted else at + warn - self._counted

    def pause(self, at: int) -> None:
        """Stop counting, unless it stands already or its pauses are used up."""
        self._spend(at)
        if self._paused_since == NEVER and self._paused < self._budget:
            self._count_to(at)
            self._paused_since = at

    def resume(self, at: int) -> None:
        """Count again, if it stood still."""
        self._spend(at)
        if self._paused_since != NEVER:
            self._stand_to(at)
            self._paused_since = NEVER
            self._run(at)

    def _overtime(self) -> bool:
        """Tell whether it counts round the clock because the close of its day is over."""
        return bool(self._by_the_day) and self.breach != NEVER

    def _count_to(self, at: int) -> None:
        if at > self.due and self.breach == NEVER:
            self.breach = self.due
            if self._by_the_day:
                self._counted += self._terms.elapsed(self._since, self.due)
                self._since = self.due
        self._counted += at - self._since if self._overtime() else self._terms.elapsed(self._since, at)

    def _stand_to(self, at: int) -> None:
        since = self._paused_since
        self._paused += at - since if self._overtime() else self._terms.elapsed(since, at)

    def _spend(self, at: int) -> None:
        """Where its pauses are used up before an instant, let it count again from there, whatever the journey says."""
        if self._paused_since != NEVER and at > (used_up := self._used_up_at()):
            self._paused, self._paused_since = self._budget, NEVER
            self._run(used_up)

    def _used_up_at(self) -> int:
        left = self._budget - self._paused
        if left >= self._terms.expires or self._overtime():
            return self._paused_since + left
        return self._terms.after(self._paused_since, left)

    def finish(self, ended: int, at: int) -> Run:
        """End it."""
        self._spend(at)
        if self._paused_since != NEVER:
            self._stand_to(at)
        else:
            self._count_to(at)
        return Run(
            self.started, ended, at, self._paused, self.breach, False, NEVER, self._limit,  # noqa: FBT003 - a field
            self._more(self._counted),
        )  # fmt: skip

    def _more(self, counted: int) -> tuple[int, int, int] | None:
        return None if self._terms.hours is None else (counted, self.due, self._warn)

    def go_on(self, seen: int, until: int) -> Run:
        """Say how it stands while it runs, looked at up to an instant."""
        cap = min(self.expiry, until)
        if self._paused_since != NEVER and self._used_up_at() < cap:
            # It will be running again by itself before anything else happens to it.
            self._spend(FOR_EVER)
        if self.breach != NEVER or self._paused_since != NEVER:
            return self._running(self.breach, cap)
        if seen > self.due:
            return self._running(self.due, cap)
        if self._warn_share and seen < self._warn:
            return self._running(NEVER, min(self._warn, cap))
        return self._running(NEVER, min(self.due + 1, cap), warned=bool(self._warn_share))

    def _running(self, breach: int, wake_at: int, *, warned: bool = False) -> Run:
        return Run(
            self.started, RUNNING, NEVER, self._paused, breach, warned, wake_at, self._limit, self._more(0)
        )  # fmt: skip


def measure(  # noqa: C901, PLR0912 - one state machine
    rule: Rule, terms: Terms, facts: Sequence[Fact], seen: int, until: int = FOR_EVER, place: int = 0
) -> Run | None:
    """
    Run the clock of one rule over the events of one cycle, in their order.

    ``seen`` is the instant up to which absence has been judged, ``until`` the one at which the standard is retired. Of
    a clock that repeats, a later turn begins at the event in a ``place`` beyond the first. Returns None where the clock
    never started, or where nothing was promised that it could be held to.
    """
    course, paused = _Course(rule, terms), rule.pauses and _stands(rule, facts[:place])
    for at, rank, _, _, attributes in facts[place:] if place else facts:
        mask = rule.role(rank, attributes)
        if not mask:
            continue
        if course.started == NEVER:
            # Pauses belong to the journey's timeline: one that began before the clock still stands.
            if mask & START:
                if at >= until or not course.start(rule, at, facts, paused=paused):
                    return None
            elif mask & CANCEL and place:
                return None
            elif mask & (PAUSE | RESUME):
                paused = bool(mask & PAUSE)
            continue
        if at > course.expiry or at > until:
            break
        if mask & ENDS:
            return course.finish(CANCELLED if mask & CANCEL else STOPPED if mask & STOP else ABANDONED, at)
        if mask & PAUSE:
            course.pause(at)
        elif mask & RESUME:
            course.resume(at)
    if course.started == NEVER:
        return None
    if seen >= min(course.expiry, until):
        return course.finish(EXPIRED, course.expiry) if course.expiry <= until else course.finish(RETIRED, until)
    return course.go_on(seen, until)


def _stands(rule: Rule, facts: Sequence[Fact]) -> bool:
    """Tell whether work stands still after these events."""
    for _, rank, _, _, attributes in reversed(facts):
        mask = rule.role(rank, attributes)
        if mask & (PAUSE | RESUME):
            return bool(mask & PAUSE)
    return False


def place_at(facts: Sequence[Fact], at: int) -> int:
    """Say in which place the first event at or after an instant lies."""
    return bisect_left(facts, at, key=itemgetter(0))


def next_place(rule: Rule, facts: Sequence[Fact], run: Run, place: int) -> int | None:
    """
    Say from which event on a clock that repeats may start its next turn; None while this one runs.

    ``place`` is that from which on this one might start; only of a turn without a length does it matter.

    An event that ends one turn and starts the next does both. What was called off, or goes on as another journey,
    has no next turn until it is opened again.
    """
    if run.ended in (RUNNING, CANCELLED):
        return None
    if run.started_at < run.ended_at:
        after = place_at(facts, run.ended_at)
    else:
        # What lies at the same instant as a turn of no length, but before its start, did not end it.
        later = range(place, len(facts))
        after = 1 + next(number for number in later if rule.role(facts[number][1], facts[number][4]) & START)
    for number in range(after, len(facts)):
        at, rank, _, _, attributes = facts[number]
        if run.ended in ENDED_BY_TIME:
            if at > run.ended_at:
                return number
        elif at == run.ended_at and (mask := rule.role(rank, attributes)) & ENDS:
            return number if mask & START else number + 1
    return None
