"""
Steps: how the events of a journey keep to the courses of a sequence, and which step was missing, late, repeated or out
of order.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

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


class _Kept(NamedTuple):
    """How a course was kept: what is wrong, and by when the next step must be taken."""

    faults: tuple[Fault, ...]
    next_due: int


def measure_steps(rule: Rule, terms: Terms, facts: Sequence[Fact], seen: int, until: int = FOR_EVER) -> Run | None:
    """
    Follow the steps of one cycle of a journey, looked at up to an instant. None where it never began.

    Of several courses the one with the fewest faults holds, the first of equals.
    """
    began = next((place for place, one in enumerate(facts) if rule.role(one[1], one[4]) & START), None)
    if began is None or facts[began][0] >= until:
        return None
    started, taken = facts[began][0], []
    expiry = started + terms.expires
    last = min(expiry, until)
    ended, ended_at = RUNNING, NEVER
    for fact in facts[began:]:
        # Clocks of tills are coarse: what is reported of the very instant of the end still belongs to it.
        if fact[0] > (ended_at if ended else last):
            break
        taken.append(fact)
        mask = rule.role(fact[1], fact[4])
        if mask & ENDS and not ended and fact is not facts[began]:
            ended = CANCELLED if mask & CANCEL else STOPPED if mask & STOP else ABANDONED
            ended_at = fact[0]
    if ended == RUNNING and seen >= last:
        ended, ended_at = (EXPIRED if expiry <= until else RETIRED), last
    kept = [_follow(way, started, taken, ended, ended_at if ended else seen) for way in rule.ways]
    place = min(range(len(kept)), key=lambda one: len(kept[one].faults))
    faults, next_due = kept[place]
    name = rule.ways[place].course.name
    breach = min((at for _, _, at in faults), default=NEVER)
    if ended == RUNNING:
        wake = min(next_due + 1, last)
        return Run(started, RUNNING, NEVER, 0, breach, False, wake, 0, (0, next_due, NEVER, name, faults))  # noqa: FBT003 - a field
    value = ended_at - started
    return Run(started, ended, ended_at, 0, breach, False, NEVER, 0, (value, next_due, NEVER, name, faults))  # noqa: FBT003 - as above


def _follow(way: Way, started: int, facts: Sequence[Fact], ended: int, seen: int) -> _Kept:
    """Follow one course; ``seen`` is the end, or up to when absence is judged while it runs."""
    steps, faults = way.course.steps, []
    taken: dict[int, int] = {}
    furthest = -1
    for at, rank, _, _, attributes in facts:
        shown = way.roles.of(rank, attributes)
        if not shown:
            continue
        matching = [number for number in range(len(steps)) if shown >> number & 1]
        number = next((one for one in matching if one not in taken), matching[0])
        step = steps[number]
        if number in taken:
            if not step.repeats:
                faults.append((step.name, REPEATED, at))
            continue
        before = max((done for one, done in taken.items() if one < number), default=started)
        if number < furthest:
            faults.append((step.name, OUT_OF_ORDER, at))
        elif step.within is not None and at > before + step.within:
            faults.append((step.name, LATE, before + step.within))
        taken[number] = at
        furthest = max(furthest, number)
    return _judge_rest(way, started, taken, faults, ended, seen)


def _judge_rest(way: Way, started: int, taken: dict[int, int], faults: list[Fault], ended: int, seen: int) -> _Kept:
    """Judge the steps that were not taken: missing at the end, late while the next one is awaited."""
    next_due = FOR_EVER
    for number, step in enumerate(way.course.steps):
        if number in taken or step.optional:
            continue
        before = max((done for one, done in taken.items() if one < number), default=started)
        awaited = all(one in taken or earlier.optional for one, earlier in enumerate(way.course.steps[:number]))
        due = before + step.within if step.within is not None and awaited else FOR_EVER
        if ended in (STOPPED, EXPIRED):
            faults.append((step.name, MISSING, min(due, seen)))
        elif ended == RUNNING and seen > due:
            faults.append((step.name, LATE, due))
        else:
            next_due = min(next_due, due)
    return _Kept(tuple(sorted(faults, key=lambda fault: fault[2])), next_due)


__all__ = ["LATE", "MISSING", "OUT_OF_ORDER", "REPEATED", "Fault", "measure_steps"]
