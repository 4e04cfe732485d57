"""
Steps: how the events of a journey keep to the courses of a sequence, and which step was missing, late, repeated or out
of order.
"""

from collections.abc import Sequence
from typing import Final

from services.sla.engine.clocks import ABANDONED, CANCELLED, EXPIRED, NEVER, RETIRED, RUNNING, STOPPED, Run
from services.sla.engine.events import Fact
from services.sla.engine.roles import CANCEL, ENDS, START, STOP
from services.sla.engine.rules import Rule, Way
from services.sla.engine.terms import FOR_EVER, Terms

MISSING: Final = "missing"
LATE: Final = "late"
REPEATED: Final = "repeated"
OUT_OF_ORDER: Final = "out_of_order"

Fault = tuple[str, str, int]
"""(step, what is wrong with it, since when)."""


def follow(rule: Rule, terms: Terms, facts: Sequence[Fact], until: int, known: "Path | None") -> "Path | None":
    """
    Follow the steps of one cycle of a journey up to its last event. None where it never began.

    ``until`` is the instant at which the standard is retired. A path that is ``known`` is gone on with where its events
    still are the first ones of these, so that a long journey costs no more by the event than a short one.
    """
    if known is None or not known.fits(facts, until):
        began = next((place for place, one in enumerate(facts) if rule.role(one[1], one[4]) & START), None)
        if began is None or facts[began][0] >= until:
            return None
        known = Path(rule, facts[began][0], began, terms.expires, until)
    known.go_on(rule, facts)
    return known


class Path:
    """How far the events of one cycle were followed, along every course: a memory that can be made anew from them."""

    __slots__ = ("_courses", "_ended", "_ended_at", "_expiry", "_last", "_next", "_started", "_until")

    def __init__(self, rule: Rule, started: int, began: int, expires: int, until: int) -> None:
        """Begin with the event in the place ``began``, which is to be followed first."""
        self._started, self._until, self._expiry = started, until, started + expires
        self._next = began
        self._last: Fact | None = None
        self._ended, self._ended_at = RUNNING, NEVER
        self._courses = [_Course(way, started) for way in rule.ways]

    def fits(self, facts: Sequence[Fact], until: int) -> bool:
        """Tell whether nothing was put before the last event that it followed, and it ends when it did."""
        return until == self._until and self._next <= len(facts) and facts[self._next - 1] is self._last

    def go_on(self, rule: Rule, facts: Sequence[Fact]) -> None:
        """Follow the events that came since."""
        cap = min(self._expiry, self._until)
        for place in range(self._next, len(facts)):
            fact = facts[place]
            # Clocks of tills are coarse: what is reported of the very instant of the end still belongs to it.
            if fact[0] > (self._ended_at if self._ended else cap):
                return
            for course in self._courses:
                course.see(fact)
            mask = rule.role(fact[1], fact[4])
            if mask & ENDS and not self._ended and self._last is not None:
                self._ended = CANCELLED if mask & CANCEL else STOPPED if mask & STOP else ABANDONED
                self._ended_at = fact[0]
            self._next, self._last = place + 1, fact

    def look(self, rule: Rule, seen: int) -> Run:
        """
        Say how it stands, looked at up to an instant. Of several courses the one with the fewest faults holds, the
        first of equals.
        """
        ended, ended_at, cap = self._ended, self._ended_at, min(self._expiry, self._until)
        if ended == RUNNING and seen >= cap:
            ended, ended_at = (EXPIRED if self._expiry <= self._until else RETIRED), cap
        rests = [course.rest(ended, ended_at if ended else seen) for course in self._courses]
        counts = [len(course.faults) + len(rest) for course, (rest, _) in zip(self._courses, rests, strict=True)]
        place = counts.index(min(counts))
        rest, next_due = rests[place]
        faults = tuple(sorted([*self._courses[place].faults, *rest], key=lambda fault: fault[2]))
        breach = faults[0][2] if faults else NEVER
        name = rule.ways[place].course.name
        value, wake = (ended_at - self._started, NEVER) if ended else (0, min(next_due + 1, cap))
        more = (value, next_due, NEVER, name, faults)
        return Run(self._started, ended, ended_at, 0, breach, False, wake, 0, more)  # noqa: FBT003 - a field


class _Course:
    """One course along which events are followed: which steps were taken when, and what was wrong with them."""

    __slots__ = ("_furthest", "_started", "_taken", "_way", "faults")

    def __init__(self, way: Way, started: int) -> None:
        self._way, self._started = way, started
        self._taken: dict[int, int] = {}
        self._furthest = -1
        self.faults: list[Fault] = []

    def see(self, fact: Fact) -> None:
        """Take the step that an event shows, if it shows one: the first of those that were not taken."""
        at, rank, _, _, attributes = fact
        shown, taken = self._way.roles.of(rank, attributes), self._taken
        if not shown:
            return
        steps = self._way.course.steps
        matching = [number for number in range(shown.bit_length()) if shown >> number & 1]
        number = next((one for one in matching if one not in taken), matching[0])
        step = steps[number]
        if number in taken:
            if not step.repeats:
                self.faults.append((step.name, REPEATED, at))
            return
        before = max((done for one, done in taken.items() if one < number), default=self._started)
        if number < self._furthest:
            self.faults.append((step.name, OUT_OF_ORDER, at))
        elif step.within is not None and at > before + step.within:
            self.faults.append((step.name, LATE, before + step.within))
        taken[number] = at
        self._furthest = max(self._furthest, number)

    def rest(self, ended: int, seen: int) -> tuple[list[Fault], int]:
        """
        Judge the steps that were not taken, up to the end or the instant up to which absence is judged, and say by when
        the next one must be: missing once it ended, late where one was awaited for too long.

        Who leaves, or is no longer promised anything, is owed no further step; one that was late by then stays late.
        """
        faults: list[Fault] = []
        before, awaited, next_due = self._started, True, FOR_EVER
        for number, step in enumerate(self._way.course.steps):
            done = self._taken.get(number)
            if done is not None:
                before = max(before, done)
                continue
            if step.optional:
                continue
            due = before + step.within if step.within is not None and awaited else FOR_EVER
            awaited = False
            if ended in (STOPPED, EXPIRED):
                faults.append((step.name, MISSING, min(due, seen)))
            elif seen > due:
                faults.append((step.name, LATE, due))
            else:
                next_due = min(next_due, due)
        return faults, next_due


__all__ = ["LATE", "MISSING", "OUT_OF_ORDER", "REPEATED", "Fault", "Path", "follow"]
