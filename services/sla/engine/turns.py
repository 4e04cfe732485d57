"""
Turns: one rule's clocks in one journey, each judged by the events that it runs over.

Only what an event can touch is judged again: turns and cycles that were over before it, and contacts that another one
had decided already, stand as they are.
"""

from typing import NamedTuple

from services.sla.engine.chunks import Chunk, row_key
from services.sla.engine.clocks import NEVER, RUNNING, Run
from services.sla.engine.courses import measure, next_place
from services.sla.engine.events import REOPENINGS, Fact
from services.sla.engine.journeys import Journey, RunningClock, split_cycles
from services.sla.engine.moment import Moment
from services.sla.engine.outcomes import Reason
from services.sla.engine.roles import PAUSE, RESUME
from services.sla.engine.rules import JOURNEY, Rule
from services.sla.engine.saying import count, say, withdraw
from services.sla.engine.singles import is_elsewhere, measure_share, measure_single, single_of, touched, turn_of
from services.sla.engine.steps import follow
from services.sla.engine.terms import FOR_EVER, Terms
from services.sla.engine.trails import facts_of

_Held = dict[tuple[int, int], RunningClock]
"""The clocks of one rule by cycle and turn."""


def judge(moment: Moment, chunk: Chunk, journey: Journey, rule: Rule, fact: Fact) -> None:
    """Judge the clocks of one rule again because of one event that has been put in its place among the others."""
    held = {(clock.cycle, clock.turn): clock for clock in journey.clocks if clock.rule is rule}
    if rule.each:
        _judge_singles(moment, chunk, journey, rule, held, fact)
        return
    cycles = split_cycles(journey.facts) if journey.reopened else [journey.facts]
    known = bool(held) and not _moved(held)
    for cycle, facts in enumerate(cycles):
        if known and cycle + 1 < len(cycles) and cycles[cycle + 1][0] < fact:
            # The journey had been opened again by then.
            continue
        _judge_cycle(moment, chunk, journey, held, _Turn(rule, cycle, 0, 0, facts), fact)


def judge_again(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock) -> None:
    """Judge one clock again because time passed and nothing was heard."""
    rule, facts = clock.rule, facts_of(journey, clock)
    if rule.each:
        single = single_of(facts, clock.run, clock.turn)
        _judge_turn(moment, chunk, journey, clock, _Turn(rule, 0, clock.turn, 0, facts, single), None)
        return
    held = {(one.cycle, one.turn): one for one in journey.clocks if one.rule is rule}
    _judge_cycle(moment, chunk, journey, held, _Turn(rule, clock.cycle, 0, 0, facts), None)


def terms_of(moment: Moment, chunk: Chunk, journey: Journey, rule: Rule) -> Terms | None:
    """Choose what a journey's clock is held to, by its arrival; None where its calendar is not in force."""
    arrival = journey.arrival
    return moment.book.terms(rule, chunk.site, arrival[4], arrival[0])


class _Turn(NamedTuple):
    """Where one turn of a clock lies in its journey, or which of its events stands for itself."""

    rule: Rule
    cycle: int
    turn: int
    place: int
    """From which event of the cycle on it may start."""
    facts: list[Fact]
    single: Fact | None = None

    def measure(self, terms: Terms, clock: RunningClock | None, until: int) -> Run | None:
        """Work out its run as far as absence was judged, for a standard that is retired at an instant."""
        rule, seen = self.rule, NEVER if clock is None else clock.seen
        if self.single is not None:
            return measure_single(rule, self.facts, self.single, seen, until)
        match rule.kind:
            case "clock":
                return measure(rule, terms, self.facts, seen, until, self.place)
            case "sequence":
                path = follow(rule, terms, self.facts, until, None if clock is None else clock.path)
                if path is None:
                    return None
                run = path.look(rule, seen)
                if clock is not None:
                    clock.path = None if run.ended else path
                return run
        return measure_share(rule, self.facts)


def _moved(held: _Held) -> bool:
    return True in [clock.moved for clock in held.values()]


def _judge_cycle(moment: Moment, chunk: Chunk, journey: Journey, held: _Held, first: _Turn, fact: Fact | None) -> None:
    rule, cycle, facts = first.rule, first.cycle, first.facts
    if not rule.repeats:
        _judge_turn(moment, chunk, journey, held.get((cycle, 0)), first, fact)
        return
    turn, place = _from_where(held, first, FOR_EVER if fact is None else fact[0])
    while place is not None:
        where = _Turn(rule, cycle, turn, place, facts)
        run = _judge_turn(moment, chunk, journey, held.get((cycle, turn)), where, fact)
        place = None if run is None else next_place(rule, facts, run, place)
        turn += 1
    for (of, number), clock in held.items():
        if of == cycle and number >= turn:
            _drop(moment, chunk, journey, clock)


def _from_where(held: _Held, first: _Turn, at: int) -> tuple[int, int | None]:
    """Find the last turn before which nothing changes by an event at an instant, and from which event on it starts."""
    rule, cycle, facts = first.rule, first.cycle, first.facts
    if rule.promised or _moved(held):
        return 0, 0
    turn = max([number for of, number in held if of == cycle], default=0)
    for number in range(turn, 0, -1):
        run = held[cycle, number - 1].run
        # Of turns without a length several may lie at one instant: where such a one began is not told by its start.
        if run.ended_at < at and run.started_at < run.ended_at:
            return number, next_place(rule, facts, run, 0)
    return 0, 0


def _judge_singles(moment: Moment, chunk: Chunk, journey: Journey, rule: Rule, held: _Held, fact: Fact) -> None:
    """Judge the events that stand for themselves and that a new one may touch."""
    facts = journey.facts
    if not _moved(held) and (rule.watches != JOURNEY or held):
        ones = tuple(touched(rule, facts, fact))
    elif rule.watches == JOURNEY:
        ones = tuple(facts)
    else:
        # A contact was corrected. Those that were decided long ago have no clock any more, and stand.
        followed = (one for one in facts if (0, turn_of(one)) in held)
        ones = tuple(dict.fromkeys((*touched(rule, facts, fact), *followed)))
    for one in ones:
        if rule.role(one[1], one[4]) and is_the_version_of(moment, chunk, rule, one):
            turn = turn_of(one)
            clock = held.get((0, turn))
            if clock is None and is_elsewhere(rule, one):
                moment.decision.note(Reason.OTHER_SCALE)
            _judge_turn(moment, chunk, journey, clock, _Turn(rule, 0, turn, 0, journey.facts, one), fact)


def is_the_version_of(moment: Moment, chunk: Chunk, rule: Rule, fact: Fact) -> bool:
    """Tell whether a contact of a customer is judged by this version; a journey's events by that of its arrival."""
    if rule.watches == JOURNEY:
        return True
    return rule in moment.book.coverage(chunk.site, fact[4], fact[0], rule.watches).rules


def _judge_turn(
    moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock | None, where: _Turn, fact: Fact | None
) -> Run | None:
    rule = where.rule
    if clock is not None and clock.seen != NEVER:
        # Absence was judged before, so it is judged up to now: a due time that moves retracts nothing.
        clock.seen = max(clock.seen, moment.watermark - moment.delay(journey))
    terms = terms_of(moment, chunk, journey, rule) if clock is None else clock.terms
    if terms is None:
        moment.decision.note(Reason.NO_CALENDAR)
        return None
    until = moment.book.retired_at(rule)
    run = where.measure(terms, clock, until)
    if clock is None:
        if run is None:
            return None
        key = row_key(rule, where.single or journey.arrival)
        row = chunk.row(key)
        row.refs += 1
        clock = RunningClock(rule, where.cycle, terms, row, run, turn=where.turn)
        journey.clocks += (clock,)
        if run.ended == RUNNING and run.breach_at == NEVER:
            return run
    else:
        if run is None:
            _drop(moment, chunk, journey, clock)
            return None
        moved = clock.moved or (fact is not None and run.ended != RUNNING and _is_told_of(run, fact, where))
        settle(moment, chunk, journey, clock, run, moved=moved)
        return run
    count(moment, chunk, journey, clock, run)
    say(moment, chunk, journey, clock, changed=True)
    return run


def settle(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock, run: Run, *, moved: bool) -> None:
    """Put a clock's run as it is now known in the place of the one before, and say what differs."""
    before = clock.run
    if run == before and not moved:
        return
    clock.run = run
    count(moment, chunk, journey, clock, before, -1)
    count(moment, chunk, journey, clock, run)
    changed = moved or not run.says_the_same(before)
    if run.ended == RUNNING and not moved:
        # Of a violation that is open only its due instant is told, and a pause that came after does not move it.
        changed = run.breach_at != before.breach_at or run.tells() != before.tells()
    clock.moved = False
    say(moment, chunk, journey, clock, changed=changed)


def _drop(moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock) -> None:
    withdraw(moment, chunk, journey, clock)
    journey.clocks = tuple(c for c in journey.clocks if c is not clock)


def _is_told_of(run: Run, fact: Fact, where: _Turn) -> bool:
    """
    Tell whether an event belongs into the trail of a clock that ended: it must be told again, even if nothing moved.
    """
    if fact[1] in REOPENINGS and where.single is None and fact[0] <= run.ended_at:
        # It cut off events that may have been told as of this cycle.
        return True
    mask = where.rule.role(fact[1], fact[4])
    if where.single is not None or not mask or fact[0] > run.ended_at:
        return False
    # Attributes have no order, and two events never have all the rest in common.
    if not where.facts[0][:4] <= fact[:4] <= where.facts[-1][:4]:
        return False
    return not where.turn or fact[0] >= run.started_at or bool(mask & (PAUSE | RESUME))
