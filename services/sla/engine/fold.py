"""
Fold and advance: the two ways in which the state of a partition moves, by events and by the passing of time.

Both are deterministic: the same events at the same places of the log, with the same book, give the same decisions,
whether taken in one piece, in many, or continued from written chunks.
"""

from bisect import insort
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import Final
from zlib import crc32

from schemas.base import EPOCH, MILLISECOND
from schemas.events import LIFE_ORDER
from services.sla.engine.book import Book
from services.sla.engine.chunks import CLOCK_BYTES, Chunk
from services.sla.engine.clocks import NEVER, RUNNING
from services.sla.engine.duty import STATE_CHANGED, duty_key
from services.sla.engine.events import (
    LAST_OF_LIFE,
    WITH_RARE,
    Event,
    EventFacts,
    Fact,
    rare_of,
    share,
    share_source,
)  # fmt: skip
from services.sla.engine.journeys import END_OF_OWN, MOST_EVENTS, OF_CUSTOMER, OF_EVENT, OF_PRESENCE, Journey, own_key
from services.sla.engine.judging import begin_journey, take, wake
from services.sla.engine.moment import Moment
from services.sla.engine.outcomes import Decision, Reason
from services.sla.engine.partition import ClockKind, Partition, Site
from services.sla.engine.rules import PRESENCE

Record = tuple[int, int, Event]
"""(offset, timestamp of the log in milliseconds, event)."""

_KNOWN: Final = frozenset((Reason.DUPLICATE, Reason.CONFLICT, Reason.ALREADY_APPLIED))
"""What makes an event no news, and no dead letter."""


def fold(  # noqa: C901, PLR0912, PLR0915 - the loop over all records, read top down
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
    on_event_time, watching = policy.clock is ClockKind.EVENT, moment.watching
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
        rank, subject, data = LIFE_ORDER.get(event.type), event.subject, event.data
        if rank is None:
            decision.note(Reason.NOT_A_JOURNEY)
            continue
        attributes = (
            data.queue, data.channel, data.service, data.segment, data.priority, data.employee, data.team, data.actor,
            data.outcome, data.milestone, data.reason,
            None if data.promised_at is None and rank not in WITH_RARE else rare_of(data),
        )  # fmt: skip
        shared = state.shared.get(attributes) or share(state.shared, attributes)
        source, ident = state.sources.get(event.source) or share_source(state.sources, event.source), event.id
        fact = (at, rank, source, ident, shared[0])
        weight = shared[1] + len(source) + (len(ident) if ident.isascii() else 4 * len(ident))
        keys: tuple[str, ...] = ()
        # Who serves is always watched.
        moment.watching = watching or rank == STATE_CHANGED
        if moment.watching:
            keys, moment.fresh = _watching(book, data, fact), ()
            refused = _no_room(state, moment, offset, at, data.site, keys)
            if refused is not None:
                decision.rejected.append((offset, refused))
                continue
        if rank > LAST_OF_LIFE or subject is None or subject < END_OF_OWN:
            refused = _take_loose(state, moment, offset, event, fact, weight)
        else:
            refused = _put(state, moment, offset, data.site, subject, fact, weight)
        if refused is not None:
            if refused not in _KNOWN:
                decision.rejected.append((offset, refused))
                continue
            decision.note(refused)
            if refused is not Reason.ALREADY_APPLIED:
                continue
        for key in keys:
            _tell(state, moment, offset, data.site, key, fact, weight)
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


def _take_loose(state: Partition, moment: Moment, offset: int, event: Event, fact: Fact, weight: int) -> Reason | None:
    """Take an event that is said about a journey, or stands for itself, if some rule asks for it."""
    subject, rank, book = event.subject, fact[1], moment.book
    if subject is not None and subject < END_OF_OWN:
        moment.decision.note(Reason.NOT_A_JOURNEY)
        return None
    if rank in book.loose:
        key = own_key(OF_EVENT, event.source, event.id) if subject is None else subject
        return _put(state, moment, offset, event.data.site, key, fact, weight)
    if rank not in book.signs and not (rank == STATE_CHANGED and event.data.employee):
        moment.decision.note(Reason.NOT_A_JOURNEY)
    return None


def _put(
    state: Partition, moment: Moment, offset: int, site_id: str, subject: str, fact: Fact, weight: int
) -> Reason | None:
    """Take an event into the journey that it is of, or say why not."""
    chunk = _chunk_for(state, moment, offset, fact[0], site_id, subject)
    if isinstance(chunk, Reason):
        if chunk is not Reason.ALREADY_APPLIED or not moment.watching:
            return chunk
        # Those who watch may not contain it yet, and must not hear of what was refused.
        held = state.chunk_for(state.sites[site_id], subject)
        return Reason.CONFLICT if held.contradicts(subject, fact) else chunk
    journey = chunk.journeys.get(subject)
    roused = journey is None and subject in chunk.resting
    if roused:
        journey = chunk.rouse(subject, moment.book, state.shared)
    if journey is None:
        if chunk.size() >= state.policy.chunk_max_bytes:
            return Reason.SITE_FULL
        journey = chunk.journeys[subject] = Journey(subject, [fact], fact)
    else:
        odd = _insert(journey, fact)
        if odd is Reason.OUT_OF_ORDER:
            moment.decision.note(odd)
        elif odd is not None:
            if roused:
                chunk.rest(journey)
            return odd
    _judge(state, moment, chunk, journey, fact, weight, offset)
    return None


def _watching(book: Book, data: EventFacts, fact: Fact) -> tuple[str, ...]:
    """Name those who watch and whom an event concerns: a customer by its contacts, who serves, or who should report."""
    rank = fact[1]
    contact = (own_key(OF_CUSTOMER, "", data.customer),) if data.customer and rank in book.contacts else ()
    duty = (duty_key(data.employee),) if rank == STATE_CHANGED and data.employee else ()
    names = {"source": fact[2], "queue": data.queue, "employee": data.employee}
    signs = sorted(book.signs.get(rank, ()))
    return (*contact, *duty, *(own_key(OF_PRESENCE, of, name) for of in signs if (name := names[of])))


def _no_room(
    state: Partition, moment: Moment, offset: int, at: int, site_id: str, keys: tuple[str, ...]
) -> Reason | None:
    """Say why those who watch could not take an event. Then nobody does: whoever sends it again finds it new."""
    for key in keys:
        chunk = _chunk_for(state, moment, offset, at, site_id, key)
        if isinstance(chunk, Reason):
            if chunk is not Reason.ALREADY_APPLIED:
                return chunk
        elif chunk.is_full_for(key, state.policy.chunk_max_bytes):
            return Reason.SITE_FULL
    return None


def _tell(state: Partition, moment: Moment, offset: int, site_id: str, key: str, fact: Fact, weight: int) -> None:
    """
    Tell of an event to one who watches. What is odd about it was noted when its own journey took it.
    """
    chunk = state.chunk_for(state.sites[site_id], key)
    if offset <= chunk.last_offset and chunk not in moment.fresh:
        return
    roused = key in chunk.resting
    journey = chunk.rouse(key, moment.book, state.shared) if roused else chunk.journeys.get(key)
    if journey is None:
        journey = chunk.journeys[key] = Journey(key, [fact], fact)
    elif journey.watched == PRESENCE:
        if fact[:4] <= journey.facts[0][:4]:
            # Of another content under the same id the first stands; attributes have no order.
            return
        journey.facts[0] = fact
        chunk.open_bytes, journey.weight = chunk.open_bytes - journey.weight, 0
    else:
        chunk.let_go(journey, state.watermark - state.policy.horizon_ms)
        odd = _insert(journey, fact)
        if odd is not None and odd is not Reason.OUT_OF_ORDER:
            if roused:
                chunk.rest(journey)
            if odd is Reason.JOURNEY_FULL:
                # Its own journey has taken it, so it is no dead letter.
                moment.decision.note(odd)
            return
    _judge(state, moment, chunk, journey, fact, weight, offset)


def _chunk_for(state: Partition, moment: Moment, offset: int, at: int, site_id: str, subject: str) -> Chunk | Reason:
    """Find the chunk that an event belongs to, or say why it cannot, or need not, take it."""
    policy = state.policy
    if at < state.watermark - policy.horizon_ms:
        return Reason.TOO_LATE
    site = state.sites.get(site_id) or state.site(site_id, moment.book)
    if site is None:
        return Reason.TOO_MANY_SITES
    if site.sweep_at == NEVER:
        state.plan_sweep(site)
    chunk = site.chunks.get(crc32(subject.encode()) % policy.chunks) or state.chunk_for(site, subject)
    if offset <= chunk.last_offset and chunk not in moment.fresh:
        return Reason.ALREADY_APPLIED
    # Open journeys may grow beyond what is refused to new ones, by half.
    most = policy.chunk_max_bytes
    return Reason.SITE_FULL if chunk.open_bytes + chunk.resting_bytes >= most + most // 2 else chunk


def _judge(
    state: Partition, moment: Moment, chunk: Chunk, journey: Journey, fact: Fact, weight: int, offset: int
) -> None:
    """Judge a journey in which an event has just been put in its place."""
    chunk.open_bytes += weight
    journey.weight += weight
    chunk.last_offset = offset
    if moment.watching:
        moment.fresh += (chunk,)
    if not chunk.dirty:
        state.touch(chunk)
    before, clocks = journey.timer, len(journey.clocks)
    moment.offset, moment.watermark = offset, state.watermark
    if len(journey.facts) == 1:
        begin_journey(moment, chunk, journey)
    elif journey.coverage.matters[fact[1]] or fact is journey.facts[0]:
        take(moment, chunk, journey, fact)
    else:
        return
    if len(journey.clocks) > clocks:
        weight = CLOCK_BYTES * (len(journey.clocks) - clocks)
        chunk.open_bytes += weight
        journey.weight += weight
    timer = journey.timer
    if timer not in (before, NEVER):
        heappush(state.timers, (timer, chunk.site, journey.subject))


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
    wake(moment, chunk, journey, at)
    state.touch(chunk)
    parts = moment.decision.timed_parts
    parts += [chunk.part] * (len(moment.decision.timed) - len(parts))
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
