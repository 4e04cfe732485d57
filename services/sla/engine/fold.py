"""
Fold and advance: the two ways in which the state of a partition moves, by events and by the passing of time.

Both are deterministic: the same events at the same places of the log, with the same book, give the same decisions,
whether taken in one piece, in many, or continued from written chunks.
"""

from bisect import insort
from collections.abc import Iterable
from heapq import heappop, heappush
from zlib import crc32

from schemas.base import EPOCH, MILLISECOND
from schemas.events import LIFE_ORDER
from services.sla.engine.book import Book
from services.sla.engine.chunks import Chunk
from services.sla.engine.clocks import NEVER, RUNNING
from services.sla.engine.duty import STATE_CHANGED, duty_key
from services.sla.engine.events import (
    LAST_OF_LIFE,
    WITH_RARE,
    Event,
    Fact,
    rare_of,
    share,
    share_source,
)  # fmt: skip
from services.sla.engine.journeys import END_OF_OWN, MOST_EVENTS, OF_CUSTOMER, OF_EVENT, OF_PRESENCE, Journey
from services.sla.engine.judging import begin_journey, take, wake
from services.sla.engine.moment import Moment
from services.sla.engine.outcomes import Decision, Reason
from services.sla.engine.partition import ClockKind, Partition, Site

Record = tuple[int, int, Event]
"""(offset, timestamp of the log in milliseconds, event)."""


def fold(  # noqa: C901, PLR0912 - the loop over all records, read top down
    state: Partition, records: Iterable[Record], book: Book
) -> Decision:
    """
    Take records in the order of their offsets.

    Before each, time advances to the record's own: to its timestamp in the log, or on the event clock to the greatest
    plausible event time less the allowed lateness.
    """
    decision = Decision.empty()
    moment = _moment(state, book, decision)
    policy = state.policy
    on_event_time, watching = policy.clock is ClockKind.EVENT, bool(book.contacts or book.signs)
    for offset, timestamp, event in records:
        at = (event.time - EPOCH) // MILLISECOND
        if on_event_time:
            if state.greatest_at < at <= timestamp + policy.future_ms:
                state.greatest_at = at
            now = state.greatest_at - policy.lateness_ms
        else:
            now = timestamp
        if now > state.watermark:
            if state.timers and state.timers[0][0] <= now:
                if state.watermark == NEVER:
                    state.watermark = now
                _fire(state, moment, now)
                moment.timed = False
            state.watermark = now
            if not on_event_time:
                moment.late_before = now - policy.late_after_ms
        state.offset = offset
        if at > timestamp + policy.future_ms:
            decision.rejected.append((offset, Reason.IN_THE_FUTURE))
            continue
        rank, subject, moment.fresh = LIFE_ORDER.get(event.type), event.subject, ()
        if rank is None or rank > LAST_OF_LIFE or subject is None or subject < END_OF_OWN:
            refused = _take_loose(state, moment, offset, at, event, rank)
        else:
            refused = _put(state, moment, offset, at, event, rank, subject)
        if watching and refused is None and rank is not None:
            refused = _tell_others(state, moment, offset, at, event, rank)
        if refused is not None:
            decision.rejected.append((offset, refused))
    return decision


def advance(state: Partition, book: Book, now: int) -> Decision:
    """Let time pass up to ``now`` (milliseconds) with nothing heard; time never goes back."""
    decision = Decision.empty()
    moment = _moment(state, book, decision)
    if now > state.watermark:
        if state.timers and state.timers[0][0] <= now:
            _fire(state, moment, now)
        state.watermark = now
    return decision


def _moment(state: Partition, book: Book, decision: Decision) -> Moment:
    if book.ends is not state.ends:
        state.plan_retirements(book.ends)
    on_event_time = state.policy.clock is ClockKind.EVENT
    moment = Moment(
        book, decision, state.changed, 0 if on_event_time else state.policy.grace_ms, on_event_time=on_event_time
    )
    if not on_event_time:
        moment.late_before = state.watermark - state.policy.late_after_ms
    return moment


def _take_loose(
    state: Partition, moment: Moment, offset: int, at: int, event: Event, rank: int | None
) -> Reason | None:
    """Take an event that is said about a journey, or stands for itself, if some rule asks for it; or who is on duty."""
    subject, book = event.subject, moment.book
    if subject is not None and subject < END_OF_OWN:
        moment.decision.note(Reason.NOT_A_JOURNEY)
        return None
    employee = event.data.employee if rank == STATE_CHANGED else None
    refused = None
    if rank is not None and rank in book.loose:
        key = f"{OF_EVENT}{event.source}\n{event.id}" if subject is None else subject
        refused = _put(state, moment, offset, at, event, rank, key)
    elif employee is None and rank not in book.signs and rank not in book.contacts:
        moment.decision.note(Reason.NOT_A_JOURNEY)
    if employee is not None and refused is None:
        refused = _put(state, moment, offset, at, event, STATE_CHANGED, duty_key(employee))
    return refused


def _tell_others(state: Partition, moment: Moment, offset: int, at: int, event: Event, rank: int) -> Reason | None:
    """Tell of an event to those who watch the contacts of a customer, or who should report."""
    data, book = event.data, moment.book
    if data.customer and rank in book.contacts:
        refused = _put(state, moment, offset, at, event, rank, f"{OF_CUSTOMER}\n{data.customer}")
        if refused is not None:
            return refused
    for of in sorted(book.signs.get(rank, ())):
        name = event.source if of == "source" else data.queue if of == "queue" else data.employee
        if name:
            refused = _put(state, moment, offset, at, event, rank, f"{OF_PRESENCE}{of}\n{name}")
            if refused is not None:
                return refused
    return None


def _put(  # noqa: C901, PLR0912, PLR0915 - the one path of every event, read top down
    state: Partition, moment: Moment, offset: int, at: int, event: Event, rank: int, subject: str
) -> Reason | None:
    decision, policy = moment.decision, state.policy
    if at < state.watermark - policy.horizon_ms:
        return Reason.TOO_LATE
    data = event.data
    site = state.sites.get(data.site) or state.site(data.site, moment.book)
    if site is None:
        return Reason.TOO_MANY_SITES
    if site.sweep_at == NEVER:
        state.plan_sweep(site)
    chunk = site.chunks.get(crc32(subject.encode()) % policy.chunks) or state.chunk_for(site, subject)
    own = subject < END_OF_OWN and subject[1] != "e"
    """It is told a second time, to those who watch: what is odd about it has been noted."""
    if offset <= chunk.last_offset and chunk not in moment.fresh:
        if not own:
            decision.note(Reason.ALREADY_APPLIED)
        return None
    most = policy.chunk_max_bytes
    if chunk.open_bytes + chunk.resting_bytes >= most + most // 2:
        return Reason.SITE_FULL
    journey = chunk.journeys.get(subject)
    roused = journey is None and subject in chunk.resting
    if roused:
        journey = chunk.rouse(subject, moment.book, state.shared)
    attributes = (
        data.queue, data.channel, data.service, data.segment, data.priority, data.employee, data.team, data.actor,
        data.outcome, data.milestone, data.reason,
        None if data.promised_at is None and rank not in WITH_RARE else rare_of(data),
    )  # fmt: skip
    shared = state.shared.get(attributes) or share(state.shared, attributes)
    source = state.sources.get(event.source) or share_source(state.sources, event.source)
    fact = (at, rank, source, event.id, shared[0])
    if journey is None:
        if chunk.size() >= most:
            return Reason.SITE_FULL
        journey = chunk.journeys[subject] = Journey(subject, [fact], fact)
    elif own and subject[1] == "p":
        if fact[:4] <= journey.facts[0][:4]:
            # Of another content under the same id the first stands; attributes have no order.
            return None
        journey.facts[0] = fact
        chunk.open_bytes, journey.weight = chunk.open_bytes - journey.weight, 0
    else:
        if own:
            chunk.let_go(journey, state.watermark - policy.horizon_ms)
        odd = _insert(journey, fact)
        if odd is not None:
            if odd is not Reason.OUT_OF_ORDER and roused:
                chunk.rest(journey)
            if odd is Reason.JOURNEY_FULL and not own:
                return odd
            if not own or odd is Reason.JOURNEY_FULL:
                # Its own journey has taken it, so it is no dead letter.
                decision.note(odd)
            if odd is not Reason.OUT_OF_ORDER:
                return None
    weight = shared[1] + len(source) + (len(event.id) if event.id.isascii() else 4 * len(event.id))
    journey.weight += weight
    chunk.open_bytes += weight
    chunk.last_offset, moment.fresh = offset, (*moment.fresh, chunk)
    if not chunk.dirty:
        state.touch(chunk)
    before = journey.timer
    if len(journey.facts) == 1:
        moment.offset, moment.watermark = offset, state.watermark
        begin_journey(moment, chunk, journey)
    elif not journey.coverage.matters[rank] and fact is not journey.facts[0]:
        return None
    else:
        moment.offset, moment.watermark = offset, state.watermark
        take(moment, chunk, journey, fact)
    timer = journey.timer
    if timer not in (before, NEVER):
        heappush(state.timers, (timer, chunk.site, subject))
    return None


def _insert(journey: Journey, fact: Fact) -> Reason | None:
    """Put an event in its place among the journey's; name what is odd about it."""
    facts = journey.facts
    _, _, source, ident, _ = fact
    for known in facts:
        if known[3] == ident and known[2] == source:
            return Reason.DUPLICATE if known == fact else Reason.CONFLICT
    if len(facts) >= MOST_EVENTS:
        return Reason.JOURNEY_FULL
    if fact > facts[-1]:
        facts.append(fact)
        return None
    insort(facts, fact)
    return Reason.OUT_OF_ORDER


def _fire(state: Partition, moment: Moment, now: int) -> None:
    """Visit every instant up to ``now`` at which something is due, in order."""
    timers = state.timers
    moment.timed = True
    while timers and timers[0][0] <= now:
        at, site_id, subject = heappop(timers)
        site = state.sites.get(site_id)
        if site is None:
            if site_id not in state.unloaded:
                continue
            site = state.unfold(site_id, moment.book)
        state.watermark = max(state.watermark, at)
        if not subject:
            _retire(state, moment.book, site, at)
            _sweep(state, moment.book, site, at)
            continue
        chunk = state.chunk_for(site, subject)
        journey = chunk.journeys.get(subject)
        if journey is None or journey.timer != at:
            continue
        _wake(state, moment, chunk, journey, at)


def _wake(state: Partition, moment: Moment, chunk: Chunk, journey: Journey, at: int) -> None:
    """Judge a journey because an instant came."""
    moment.offset, moment.watermark = chunk.last_offset, max(at, state.watermark)
    if not moment.on_event_time:
        moment.late_before = moment.watermark - state.policy.late_after_ms
    said = len(moment.decision.timed)
    wake(moment, chunk, journey, at)
    state.touch(chunk)
    if len(moment.decision.timed) > said:
        moment.decision.timed_chunks.add((chunk.site, chunk.part))
    if journey.timer != NEVER:
        heappush(state.timers, (journey.timer, chunk.site, journey.subject))


def _retire(state: Partition, book: Book, site: Site, at: int) -> None:
    """Look at the clocks of a site whose standards are retired at an instant."""
    ends = book.ends
    for chunk in site.chunks.values() if ends else ():
        for journey in chunk.journeys.values():
            over = [c for c in journey.clocks if c.run.ended == RUNNING and ends.get(c.rule.key, at + 1) <= at]
            for clock in over:
                clock.wake = at
            if over and journey.timer != at:
                # In the order of journeys, as if they had known of it from the start.
                journey.timer = at
                heappush(state.timers, (at, site.id, journey.subject))


def _sweep(state: Partition, book: Book, site: Site, at: int) -> None:
    """
    Forget what is older than the horizon, where it is the site's turn; an older turn may still stand among the timers.

    A site of which nothing is left has no further turns until its next event: the sweep marks what was written of it
    for a last writing, and that for its deletion.
    """
    if site.sweep_at in (at, NEVER):
        state.sweep(site, at, book)
        if site.empty():
            site.sweep_at = NEVER
        else:
            state.plan_sweep(site)
