"""
Trails: the events that a verdict rests on, each with what it did.
"""

from services.sla.engine.clocks import NEVER
from services.sla.engine.courses import place_at
from services.sla.engine.events import REVISION, TYPE_NAMES, Fact, plain_id
from services.sla.engine.journeys import Journey, RunningClock, split_cycles
from services.sla.engine.outcomes import TrailEntry
from services.sla.engine.roles import ABANDON, CANCEL, COUNT, ENDS, OF, PAUSE, RESUME, START, STEP, STOP
from services.sla.engine.rules import CUSTOMER
from services.sla.engine.singles import single_of
from services.sla.engine.terms import FOR_EVER

_BEFORE_START = ((START, "start"), (PAUSE, "pause"), (RESUME, "resume"), (STEP, "step"))
_AFTER_START = ((CANCEL, "cancel"), (STOP, "stop"), (ABANDON, "abandon"), (PAUSE, "pause"), (RESUME, "resume"),
    (STEP, "step"),
)  # fmt: skip
_COUNTED_KINDS = ("rate", "score")
_COUNTED = ((COUNT, "count"), (OF, "of"))


def _name_roles(order: tuple[tuple[int, str], ...]) -> tuple[str, ...]:
    """Name every combination of roles by the first that applies."""
    return tuple(next((name for bit, name in order if mask & bit), "other") for mask in range(512))


_NAME_BEFORE = _name_roles(_BEFORE_START)
_NAME_AFTER = _name_roles(_AFTER_START)
_NAME_COUNTED = _name_roles(_COUNTED)


def trail_of(  # noqa: C901 - one walk over the events
    journey: Journey, clock: RunningClock
) -> list[TrailEntry]:
    """List the events that a verdict rests on: the arrival, and those that do something to the clock up to its end."""
    rule, end = clock.rule, clock.run.ended_at
    if not rule.plain and rule.kind in _COUNTED_KINDS:
        return _counted(journey, clock)
    arrival, role, turn = journey.arrival, rule.role, clock.turn
    until = FOR_EVER if end == NEVER else end
    entries, names = [], _NAME_BEFORE
    facts = facts_of(journey, clock) if journey.reopened else journey.facts
    if turn and not rule.pauses:
        # Of what came before a later turn only the arrival is told.
        begin = place_at(facts, clock.run.started_at)
        facts = [fact for fact in facts[:begin] if fact is arrival] + facts[begin:]
    for fact in facts:
        at, rank, source, ident, attributes = fact
        mask = role(rank, attributes)
        if mask:
            if at > until:
                break
            if turn and names is _NAME_BEFORE and _is_of_an_earlier_turn(clock, mask, at):
                if fact is arrival:
                    entries.append(TrailEntry(at, TYPE_NAMES[rank], source, plain_id(ident), "arrive"))
                continue
            name = plain_id(ident) if REVISION in ident else ident
            entries.append(TrailEntry(at, TYPE_NAMES[rank], source, name, names[mask]))
            if names is _NAME_AFTER:
                if mask & ENDS and rule.kind == "clock":
                    break
            elif mask & START:
                names = _NAME_AFTER
        elif fact is arrival:
            entries.append(TrailEntry(at, TYPE_NAMES[rank], source, plain_id(ident), "arrive"))
    return entries


def _counted(journey: Journey, clock: RunningClock) -> list[TrailEntry]:
    """List the events of a figure: the one that stands for itself, with what followed it, or the first of a cycle."""
    rule, run, missing = clock.rule, clock.run, COUNT | OF
    single = about(journey, clock) if rule.each else None
    facts, since = facts_of(journey, clock), run.started_at
    entries = []
    for fact in facts if single is None else between(facts, since, max(since, run.ended_at)):
        at, rank, source, ident, attributes = fact
        mask = rule.role(rank, attributes)
        if single is None:
            told, missing = mask & missing, missing & ~mask
        else:
            follows = rule.watches == CUSTOMER and mask & COUNT and run.started_at <= at <= run.ended_at
            told = mask if fact is single or follows else 0
        if told:
            entries.append(TrailEntry(at, TYPE_NAMES[rank], source, plain_id(ident), _NAME_COUNTED[told]))
    return entries


def between(facts: list[Fact], begin: int, end: int) -> list[Fact]:
    """Return the events from one instant to another, both included."""
    return facts[place_at(facts, begin) : place_at(facts, end + 1)]


def about(journey: Journey, clock: RunningClock) -> Fact:
    """Return the event that a run is about and counted by: its own where it stands for itself, else the arrival."""
    return single_of(journey.facts, clock.run, clock.turn) if clock.rule.each else journey.arrival


def _is_of_an_earlier_turn(clock: RunningClock, mask: int, at: int) -> bool:
    """Tell whether an event before the start of a later turn did something to an earlier one only; pauses last."""
    return not mask & (PAUSE | RESUME) and not (mask & START and at == clock.run.started_at)


def facts_of(journey: Journey, clock: RunningClock) -> list[Fact]:
    return split_cycles(journey.facts)[clock.cycle] if journey.reopened and not clock.rule.each else journey.facts
