"""
Presence: who should report and does not.

Of a source, a queue or an employee only the last sign is kept. What is said is live: silence opens a violation, the
next sign closes it, and nothing is retracted.
"""

from schemas.base import SECOND_MS
from services.sla.engine.chunks import Chunk, row_key
from services.sla.engine.clocks import EXPIRED, NEVER, RETIRED, RUNNING, STOPPED, Run
from services.sla.engine.events import Fact
from services.sla.engine.journeys import VIOLATION_NONE, VIOLATION_OPEN, Journey, RunningClock, parts_of
from services.sla.engine.moment import Moment
from services.sla.engine.outcomes import Reason
from services.sla.engine.roles import START
from services.sla.engine.rules import Rule
from services.sla.engine.telling import tell_presence
from services.sla.engine.terms import Terms


def hear(moment: Moment, chunk: Chunk, journey: Journey, fact: Fact) -> None:
    """Take a sign: whoever was silent reports again, and is awaited anew from here on."""
    at, rank, _, _, attributes = journey.arrival = fact
    book, (of, _) = moment.book, parts_of(journey.subject)
    journey.coverage = book.coverage(chunk.site, attributes, at, journey.watched)
    held = {clock.rule.id: clock for clock in journey.clocks}
    kept = []
    for rule in journey.coverage.rules:
        if rule.of != of:
            continue
        clock = held.pop(rule.id, None)
        if not rule.role(rank, attributes) & START:
            # A sign for another standard; this one goes on waiting for its own.
            kept += [] if clock is None else [clock]
            continue
        terms = book.terms(rule, chunk.site, attributes, at)
        if terms is None:
            moment.decision.note(Reason.NO_CALENDAR)
            continue
        run = _watch(rule, terms, at, NEVER, book.retired_at(rule))
        if clock is None:
            key = row_key(rule, fact)
            row = chunk.row(key)
            row.refs += 1
            clock = RunningClock(rule, 0, terms, row, run)
        else:
            _close(moment, chunk, journey, clock, STOPPED, at, "reported_again")
            clock.rule, clock.terms, clock.run, clock.seen = rule, terms, run, NEVER
        kept.append(clock)
    for clock in held.values():
        _close(moment, chunk, journey, clock, STOPPED, at, "reported_again")
        clock.row.refs -= 1
    journey.clocks = tuple(kept)


def miss(moment: Moment, chunk: Chunk, journey: Journey, now: int) -> None:
    """Look whether those who are awaited have been silent for too long, because an instant came."""
    for clock in journey.clocks:
        if clock.wake == NEVER or clock.wake > now:
            continue
        clock.seen = now - moment.delay(journey)
        before = clock.run
        run = clock.run = _watch(
            clock.rule, clock.terms, before.started_at, clock.seen, moment.book.retired_at(clock.rule)
        )
        if run.breach_at != NEVER and clock.violation != VIOLATION_OPEN:
            clock.violation, clock.turn = VIOLATION_OPEN, run.started_at // SECOND_MS
            if not run.ended:
                # What is over by the time that it is noticed is said once: no two verdicts share a revision.
                moment.emit_violation(tell_presence(moment, chunk.site, journey, clock, "opened", "silent"))
        if run.ended:
            reason = "forgotten" if run.ended == EXPIRED else "standard_retired"
            _close(moment, chunk, journey, clock, run.ended, run.ended_at, reason)
            clock.row.refs -= 1
    journey.clocks = tuple(clock for clock in journey.clocks if not clock.run.ended)


def _watch(rule: Rule, terms: Terms, at: int, seen: int, until: int) -> Run:
    """Say how it stands with one whose last sign came at an instant, looked at up to another."""
    presence = rule.standard.presence
    due, gone = terms.after(at, terms.limit), at + (presence.forgotten_after if presence else 0)
    if terms.hours is not None:
        due = terms.hours.next_opening(due)
    last = min(gone, until)
    more = (0, due, NEVER)
    breach = due if seen > due and due < last else NEVER
    if seen >= last:
        return Run(at, EXPIRED if gone <= until else RETIRED, last, 0, breach, False, NEVER, terms.limit, more)  # noqa: FBT003 - a field
    wake = last if breach != NEVER else min(due + 1, last)
    return Run(at, RUNNING, NEVER, 0, breach, False, wake, terms.limit, more)  # noqa: FBT003 - as above


def _close(
    moment: Moment, chunk: Chunk, journey: Journey, clock: RunningClock, ended: int, at: int, reason: str
) -> None:
    if clock.violation == VIOLATION_OPEN:
        run = clock.run
        clock.run = Run(run.started_at, ended, at, 0, run.breach_at, False, NEVER, run.limit, run.more)  # noqa: FBT003 - as above
        moment.emit_violation(tell_presence(moment, chunk.site, journey, clock, "closed", reason))
        clock.violation = VIOLATION_NONE
