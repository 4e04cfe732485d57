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

from schemas.base import DAY_MS, EPOCH
from schemas.events import LIFE_ORDER
from services.sla.engine.book import Book
from services.sla.engine.chunks import CLOCK_BYTES, Chunk
from services.sla.engine.clocks import NEVER, RUNNING
from services.sla.engine.duty import STATE_CHANGED, duty_key, replace_sign
from services.sla.engine.events import (
    LAST_OF_LIFE,
    REVISION,
    WITH_RARE,
    Event,
    Fact,
    rare_of,
    revised_id,
    revisions_of,
    share,
    share_source,
)  # fmt: skip
from services.sla.engine.journeys import END_OF_OWN, MOST_EVENTS, OF_CUSTOMER, OF_EVENT, OF_PRESENCE, Journey, own_key
from services.sla.engine.judging import begin_journey, revise, take, wake, watch
from services.sla.engine.moment import Moment
from services.sla.engine.outcomes import Decision, Reason
from services.sla.engine.partition import ClockKind, Partition, Site
from services.sla.engine.rules import PRESENCE

Record = tuple[int, int, Event]
"""(offset, timestamp of the log in milliseconds, event)."""

_KNOWN: Final = frozenset((Reason.DUPLICATE, Reason.CONFLICT, Reason.OUTDATED, Reason.ALREADY_APPLIED))
"""What makes an event no news, and no dead letter."""
_TAKEN: Final = (Reason.OUT_OF_ORDER, Reason.REVISED)
"""What is odd about an event that is taken all the same."""
_OF_OTHERS: Final = (None, Reason.OUTDATED)
"""What keeps an event from nobody who watches: whom an outdated revision names would have it, had it come in time."""


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
    on_event_time, future_ms, horizon_ms = policy.clock is ClockKind.EVENT, policy.future_ms, policy.horizon_ms
    watching = bool(book.contacts or book.signs)
    sites, known, sources, rejected = state.sites, state.shared, state.sources, decision.rejected
    offset, watermark, timers, late_after_ms = state.offset, state.watermark, state.timers, policy.late_after_ms
    for offset, timestamp, event in records:
        # What dividing by MILLISECOND gives, in two thirds of its time.
        since = event.time - EPOCH
        at = since.days * DAY_MS + since.seconds * 1_000 + since.microseconds // 1_000
        if on_event_time:
            if state.greatest_at < at <= timestamp + future_ms:
                state.greatest_at = at
            now = state.greatest_at - policy.lateness_ms
        else:
            now = timestamp
        if now > watermark:
            if timers and timers[0][0] <= now:
                if watermark == NEVER:
                    state.watermark = now
                _fire(state, moment, now)
                moment.timed = False
            state.watermark = moment.watermark = watermark = now
            if not on_event_time:
                moment.late_before = now - late_after_ms
        if at > timestamp + future_ms:
            rejected.append((offset, Reason.IN_THE_FUTURE))
            continue
        rank, subject, data = LIFE_ORDER.get(event.type), event.subject, event.data
        if rank is None:
            decision.note(Reason.NOT_A_JOURNEY)
            continue
        keys: tuple[str, ...] = ()
        if watching or rank > LAST_OF_LIFE or subject is None or subject < END_OF_OWN:
            subject, keys = _concerned(moment, event, rank)
            if subject is None and not keys:
                continue
        if at < watermark - horizon_ms:
            rejected.append((offset, Reason.TOO_LATE))
            continue
        site = sites.get(data.site) or state.site(data.site, book)
        if site is None:
            rejected.append((offset, Reason.TOO_MANY_SITES))
            continue
        if site.sweep_at == NEVER:
            state.plan_sweep(site)
        attributes = (
            data.queue, data.channel, data.service, data.segment, data.priority, data.employee, data.team, data.actor,
            data.outcome, data.milestone, data.reason,
            None if data.promised_at is None and rank not in WITH_RARE else rare_of(data),
        )  # fmt: skip
        shared = known.get(attributes) or share(known, attributes)
        source = sources.get(event.source) or share_source(sources, event.source)
        ident = revised_id(event.id, event.revision) if event.revision else event.id
        fact = (at, rank, source, ident, shared[0])
        weight = shared[1] + len(source) + (len(ident) if ident.isascii() else 4 * len(ident))
        if keys or subject is None:
            refused = _put_and_tell(state, moment, offset, site, subject, keys, fact, weight)
        else:
            refused = _put(state, moment, offset, site, subject, fact, weight)
        if refused is None:
            continue
        if refused in _KNOWN:
            decision.note(refused)
        else:
            rejected.append((offset, refused))
    state.offset = offset
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
    moment.watermark = state.watermark
    if not on_event_time:
        moment.late_before = state.watermark - state.policy.late_after_ms
    return moment


def _concerned(moment: Moment, event: Event, rank: int) -> tuple[str | None, tuple[str, ...]]:
    """
    Name the journey of an event, if it has one, and those who watch and whom it concerns.
    """
    subject, book = event.subject, moment.book
    if rank > LAST_OF_LIFE or subject is None or subject < END_OF_OWN:
        subject = _loose(moment, event, rank)
    # Who serves is always watched.
    watched = book.contacts or book.signs or rank == STATE_CHANGED
    return subject, _watching(book, event, rank) if watched else ()


def _loose(moment: Moment, event: Event, rank: int) -> str | None:
    """
    Name the journey of an event that is said about one, or stands for itself, if some rule asks for it.
    """
    subject, book = event.subject, moment.book
    if subject is not None and subject < END_OF_OWN:
        moment.decision.note(Reason.NOT_A_JOURNEY)
        return None
    if rank in book.loose:
        return own_key(OF_EVENT, event.source, event.id) if subject is None else subject
    if rank not in book.signs and not (rank == STATE_CHANGED and event.data.employee):
        moment.decision.note(Reason.NOT_A_JOURNEY)
    return None


def _put(  # noqa: C901, PLR0912 - the one path of every event, read top down
    state: Partition,
    moment: Moment,
    offset: int,
    site: Site,
    subject: str,
    fact: Fact,
    weight: int,
    watcher: Chunk | None = None,
) -> Reason | None:
    """
    Take an event into the journey that it is of, or into that of one who watches, in whose chunk there is room; or say
    why not. What is odd about it is noted when its own journey takes it.
    """
    if watcher is None:
        chunk = site.chunks.get(crc32(subject.encode()) % state.chunks) or state.chunk_for(site, subject)
        if offset <= chunk.last_offset:
            return Reason.ALREADY_APPLIED
        if chunk.open_bytes + chunk.resting_bytes >= state.room_of_open:
            return Reason.SITE_FULL
    else:
        chunk = watcher
    journey = chunk.journeys.get(subject)
    moment.offset = offset
    if journey is None and subject not in chunk.resting:
        if watcher is None and chunk.size() >= state.room_of_new:
            return Reason.SITE_FULL
        journey = chunk.journeys[subject] = Journey(subject, [fact], fact)
        before = NEVER
        if watcher is None:
            begin_journey(moment, chunk, journey)
        else:
            watch(moment, chunk, journey, fact)
        weight += CLOCK_BYTES * len(journey.clocks)
    else:
        roused = journey is None
        if journey is None:
            journey = chunk.rouse(subject, moment.book, state.shared)
        if watcher is not None:
            chunk.let_go(journey, state.watermark - state.policy.horizon_ms)
        signs = watcher is not None and journey.watched == PRESENCE
        before, clocks = journey.timer, journey.clocks
        odd = replace_sign(chunk, journey, fact) if signs else _insert(journey, fact)
        if odd is not None:
            if odd not in _TAKEN:
                if roused:
                    chunk.rest(journey)
                return odd
            if watcher is None:
                moment.decision.note(odd)
        if odd is Reason.REVISED:
            # It takes the room of the one before.
            weight = 0
            revise(moment, chunk, journey, fact)
        elif watcher is not None:
            watch(moment, chunk, journey, fact)
        elif journey.coverage.matters[fact[1]] or fact is journey.facts[0]:
            take(moment, chunk, journey, fact)
        if journey.clocks is not clocks and len(journey.clocks) > len(clocks):
            weight += CLOCK_BYTES * (len(journey.clocks) - len(clocks))
    chunk.last_offset = offset
    if not chunk.dirty:
        state.touch(chunk)
    chunk.open_bytes += weight
    journey.weight += weight
    timer = journey.timer
    if timer != before and timer != NEVER:  # noqa: PLR1714 - a tuple costs more
        heappush(state.timers, (timer, chunk.site, subject))
    return None


def _put_and_tell(
    state: Partition,
    moment: Moment,
    offset: int,
    site: Site,
    subject: str | None,
    keys: tuple[str, ...],
    fact: Fact,
    weight: int,
) -> Reason | None:
    """
    Take an event into its journey, if it has one, and tell those of it who watch, or say why not.
    """
    watchers = _watchers(state, offset, site, keys)
    if watchers is None:
        return Reason.SITE_FULL
    refused = None
    if subject is not None:
        refused = _put(state, moment, offset, site, subject, fact, weight)
        if refused is Reason.ALREADY_APPLIED:
            # Those who watch may not contain it yet, and must not hear of what was refused.
            if state.chunk_for(site, subject).contradicts(subject, fact):
                return Reason.CONFLICT
        elif refused not in _OF_OTHERS:
            return refused
    for key, chunk in watchers:
        if _put(state, moment, offset, site, key, fact, weight, chunk) is Reason.JOURNEY_FULL:
            # Its own journey has taken it, so it is no dead letter.
            moment.decision.note(Reason.JOURNEY_FULL)
    return refused


def _watching(book: Book, event: Event, rank: int) -> tuple[str, ...]:
    """Name those who watch and whom an event concerns: a customer by its contacts, who serves, or who should report."""
    data = event.data
    contact = (own_key(OF_CUSTOMER, "", data.customer),) if data.customer and rank in book.contacts else ()
    duty = (duty_key(data.employee),) if rank == STATE_CHANGED and data.employee else ()
    names = {"source": event.source, "queue": data.queue, "employee": data.employee}
    signs = sorted(book.signs.get(rank, ()))
    return (*contact, *duty, *(own_key(OF_PRESENCE, of, name) for of in signs if (name := names[of])))


def _watchers(state: Partition, offset: int, site: Site, keys: tuple[str, ...]) -> list[tuple[str, Chunk]] | None:
    """
    Find those who watch and have not been told of an event yet.

    None where one has no room. Then nobody takes it: whoever sends it again finds it new.
    """
    told = []
    for key in keys:
        chunk = state.chunk_for(site, key)
        if offset > chunk.last_offset:
            held = chunk.open_bytes + chunk.resting_bytes
            if held >= state.room_of_open or chunk.is_full_for(key, state.room_of_new):
                return None
            told.append((key, chunk))
    return told


def _insert(journey: Journey, fact: Fact) -> Reason | None:
    """Put an event in its place among the journey's; name what is odd about it."""
    facts = journey.facts
    _, _, source, ident, _ = fact
    for known in facts:
        if known[3] == ident and known[2] == source:
            return Reason.DUPLICATE if known == fact else Reason.CONFLICT
    if REVISION in ident and (earlier := next(revisions_of(facts, fact), None)):
        if earlier[1] != fact[1]:
            return Reason.CONFLICT
        return Reason.OUTDATED if earlier[3] > ident else Reason.REVISED
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
