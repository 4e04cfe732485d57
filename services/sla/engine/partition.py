"""
Partitions: the state of all sites whose events come through one partition of the log.

A site is split into chunks by a hash of the journey. Chunks that were written before are announced by their headers and
unfolded when their site's first record or timer comes; until then they cost a heap entry.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from heapq import heappush
from operator import add
from typing import Any, Final, NamedTuple
from zlib import crc32

from domain.histogram import merged
from domain.sums import ScoreCounts
from schemas.base import DAY_MS, HOUR_MS, MINUTE_MS
from services.sla.engine.book import Book
from services.sla.engine.chunks import Chunk, Header, UnreadableChunkError, peek
from services.sla.engine.clocks import NEVER
from services.sla.engine.events import Shared
from services.sla.engine.journeys import COUNT_FIELDS, END_OF_OWN, OF_PRESENCE, RowKey
from services.sla.engine.outcomes import Attainment
from services.sla.engine.recent import Recent

SWEEP_MS: Final = 6 * HOUR_MS
"""How often a site is looked through for what is too old; rarer costs memory, oftener costs a replay its speed."""
_FAREWELL_MS: Final = HOUR_MS
"""How long the empty writing of a chunk stands before it is deleted; any later checkpoint would do."""
_FOR_EVER: Final = 1 << 62


class ClockKind(StrEnum):
    """Which time moves the watermark: the broker's and the wall's, or that of the events."""

    WALL = "wall"
    EVENT = "event"


class Policy(NamedTuple):
    """How the engine treats time and bounds memory. Durations are milliseconds."""

    clock: ClockKind = ClockKind.WALL
    lateness_ms: int = 0
    """Event clock only: how far the watermark stays behind the greatest event time."""
    horizon_ms: int = DAY_MS
    """How long an ended journey is remembered; what comes later still is ``too_late``."""
    grace_ms: int = 120_000
    """Wall clock only: where a start is received after its limit passed, how long absence is not judged."""
    late_after_ms: int = 900_000
    """Wall clock only: what was over for so long when it was reported carries ``late``."""
    future_ms: int = 300_000
    """How far an event may lie ahead of the time at which it was written to the log."""
    chunks: int = 8
    """Parts of a site; fixed for the life of the state."""
    chunk_max_bytes: int = 1_300_000
    """A chunk that would grow beyond refuses further journeys as ``site_full``."""
    max_sites: int = 50_000
    """Sites in one partition; further ones are refused as ``too_many_sites``."""


class Gauges(NamedTuple):
    """What operations watch of a partition."""

    open_journeys: int
    oldest_open_at: int | None
    awaited: int
    """Sources, queues and employees that are known and should report."""
    sites: int
    chunks: int
    watermark: int


class Site:
    """A site's chunks by part, and when it is swept next."""

    __slots__ = ("chunks", "id", "sweep_at")

    def __init__(self, site: str) -> None:
        """Begin without chunks: each comes into being with its first journey."""
        self.id = site
        self.chunks: dict[int, Chunk] = {}
        self.sweep_at = NEVER

    def empty(self) -> bool:
        """Tell whether nothing is remembered of it any more."""
        return all(chunk.empty() for chunk in self.chunks.values())


Loader = Callable[[str], Iterable[tuple[int, bytes]]]
ChangedRow = tuple[str, RowKey]
"""(site, row): a sum that is no longer what was said of it."""
Timer = tuple[int, str, str]
"""(instant, site, journey); an empty journey means the site itself: unfold it, sweep it."""


class Partition:
    """All that is remembered of one partition; mutated in place by ``fold`` and ``advance`` only."""

    def __init__(self, policy: Policy, loader: Loader | None = None) -> None:
        """Begin empty. ``loader`` gives the written chunks of a site that was registered."""
        self.policy = policy
        self.chunks = policy.chunks
        self.room_of_new = policy.chunk_max_bytes
        """Bytes of a chunk from which on it takes no further journey."""
        self.room_of_open = policy.chunk_max_bytes + policy.chunk_max_bytes // 2
        """Bytes of a chunk from which on it takes nothing: open journeys may grow further than new ones may begin."""
        self.loader = loader
        self.sites: dict[str, Site] = {}
        self.unloaded: set[str] = set()
        self.timers: list[Timer] = []
        self.watermark = NEVER
        self.saved_until = _FOR_EVER
        """
        How far all of the state is saved, on the event clock: days of events may pass between two checkpoints there,
        and nothing may be forgotten that a successor, who reads on from the last one, still has to count with.
        """
        self.greatest_at = NEVER
        """Greatest plausible event time seen (event clock)."""
        self.offset = -1
        self.rereads = False
        """Some chunks are ahead of the place at which reading went on: their headers do not tell the time."""
        self.ends: dict[str, int] = {}
        """The retirements that its clocks know of."""
        self.changed: set[ChangedRow] = set()
        self.recent = Recent()
        self.shared: Shared = {}
        self.sources: dict[str, str] = {}
        """One copy of each source's name for all events that it reported."""
        self.dirty_chunks: dict[tuple[str, int], Chunk] = {}

    def register(self, site: str, part: int, header: Header) -> None:
        """
        Announce a written chunk without unfolding it. Raises UnreadableChunkError where sites were split otherwise.
        """
        self.unloaded.add(site)
        self._resume(site, part, header)
        forgotten_by = header.watermark + 2 * self.policy.horizon_ms + SWEEP_MS
        heappush(self.timers, (forgotten_by if header.next_timer == NEVER else header.next_timer, site, ""))

    def resume_at(self, next_offset: int) -> None:
        """
        Say, after all chunks were announced, from where the log is read on.

        Where chunks were written when the log had been read further than that (whoever wrote them died before it could
        commit), their time is not that of the records that are read again: it would make these ``too_late``. Time then
        begins with the first of them.
        """
        self.rereads = self.offset >= next_offset
        if self.rereads:
            self.watermark = self.greatest_at = NEVER
            self.offset = next_offset - 1
        self.saved(self.watermark)

    def saved(self, watermark: int) -> None:
        """Say that all of the state was saved as it was when time had come to this watermark."""
        if self.policy.clock is ClockKind.EVENT:
            self.saved_until = watermark

    def _resume(self, site: str, part: int, header: Header) -> None:
        if header.chunks != self.policy.chunks:
            msg = (
                f"chunk {part} of site {site} was written with {header.chunks} chunks a site, the setting says "
                f"{self.policy.chunks}; set it back: the number is fixed for the life of the state"
            )
            raise UnreadableChunkError(msg)
        if self.rereads:
            return
        self.watermark = max(self.watermark, header.watermark)
        self.offset = max(self.offset, header.reached)
        if self.policy.clock is ClockKind.EVENT and self.watermark != NEVER:
            self.greatest_at = max(self.greatest_at, self.watermark + self.policy.lateness_ms)

    def restore(self, site: str, part: int, blob: bytes, book: Book) -> None:
        """Unfold one written chunk. Raises UnreadableChunkError."""
        self._resume(site, part, peek(blob))
        held = self._site(site)
        chunk = held.chunks[part] = Chunk(site, part)
        chunk.restore(blob, book, self.shared)
        for key in chunk.rows:
            self.recent.put(site, key, self.watermark)
        for journey in chunk.journeys.values():
            if journey.timer != NEVER:
                heappush(self.timers, (journey.timer, site, journey.subject))

    def site(self, site: str, book: Book) -> Site | None:
        """Return a site, unfolded; None where there are too many already."""
        held = self.sites.get(site)
        if held is None:
            if site in self.unloaded:
                return self.unfold(site, book)
            if len(self.sites) + len(self.unloaded) >= self.policy.max_sites:
                return None
            held = self._site(site)
        return held

    def unfold(self, site: str, book: Book) -> Site:
        """Read the written chunks of a site that was registered."""
        self.unloaded.discard(site)
        for part, blob in self.loader(site) if self.loader else ():
            self.restore(site, part, blob, book)
        held = self._site(site)
        self.plan_sweep(held)
        # What the last sweep would have forgotten is forgotten, loaded or not.
        self.sweep(held, held.sweep_at - SWEEP_MS, book)
        return held

    def _site(self, site: str) -> Site:
        held = self.sites.get(site)
        if held is None:
            held = self.sites[site] = Site(site)
        return held

    def part_of(self, subject: str) -> int:
        """Say which of its site's chunks a journey belongs to."""
        return crc32(subject.encode()) % self.chunks

    def chunk_for(self, site: Site, subject: str) -> Chunk:
        """Return the chunk that a journey belongs to."""
        part = self.part_of(subject)
        chunk = site.chunks.get(part)
        if chunk is None:
            chunk = site.chunks[part] = Chunk(site.id, part)
        return chunk

    def plan_sweep(self, site: Site) -> None:
        """Set the next instant at which a site forgets what is too old; spread over the hours by the site's name."""
        spread = crc32(site.id.encode()) % SWEEP_MS
        site.sweep_at = self.watermark - (self.watermark - spread) % SWEEP_MS + SWEEP_MS
        heappush(self.timers, (site.sweep_at, site.id, ""))

    def plan_retirements(self, ends: dict[str, int]) -> None:
        """Visit every site when a standard is retired: what began before that was published does not know it."""
        # What lies behind the time that a predecessor wrote down was dealt with by him, or was backdated.
        new = {at for key, at in ends.items() if key not in self.ends and at > self.watermark}
        self.ends = ends
        for site in (*self.sites, *self.unloaded):
            for at in new:
                heappush(self.timers, (at, site, ""))

    def touch(self, chunk: Chunk) -> None:
        """Mark a chunk as changed since its last encoding."""
        if not chunk.dirty:
            chunk.dirty = True
            self.dirty_chunks[chunk.site, chunk.part] = chunk

    def next_timer(self) -> int | None:
        """The next instant at which ``advance`` has something to do, in milliseconds."""
        return self.timers[0][0] if self.timers else None

    def dirty(self) -> list[tuple[str, int]]:
        """List the chunks that changed since they were last encoded."""
        return list(self.dirty_chunks)

    def encode(self, site: str, part: int) -> bytes:
        """
        Write one chunk as bytes and count it as clean.

        A chunk in which nothing is left is written empty once, for its last offset; when that has stood for a while, it
        gives no bytes: what was written of it is to be deleted.
        """
        held = self.dirty_chunks.pop((site, part), None) or self.sites[site].chunks[part]
        held.dirty = False
        empty = held.empty()
        if empty and held.emptied:
            self._drop(site, part)
            return b""
        held.emptied = empty
        if empty:
            heappush(self.timers, (self.watermark + _FAREWELL_MS, site, ""))
        return held.encode(self.watermark, self.policy.chunks, self.offset)

    def _drop(self, site: str, part: int) -> None:
        held = self.sites[site]
        del held.chunks[part]
        if not held.chunks:
            del self.sites[site]

    def sweep(self, site: Site, now: int, book: Book) -> None:
        """
        Forget a site's journeys older than an instant, and the counts that no clock of any of its chunks can change any
        more.
        """
        now = min(now, self.saved_until)
        horizon = self.policy.horizon_ms
        chunks = site.chunks.values()
        swept = [chunk for chunk in chunks if chunk.forget(now, horizon, book)]
        live = {key for chunk in chunks for key, row in chunk.rows.items() if row.refs}
        settled = now - horizon - MINUTE_MS
        for chunk in chunks:
            # A row whose minute may still get a late arrival must go on counting from where it stands.
            over = [key for key in chunk.rows if key[2] < settled and key not in live]
            for key in over:
                if (site.id, key) not in self.changed:
                    chunk.drop(chunk.rows[key])
            if over or chunk.empty():
                self.touch(chunk)
        for chunk in swept:
            self.touch(chunk)

    def gauges(self) -> Gauges:
        """Count what is open. Walks over the open journeys: for every few seconds, not for every record."""
        chunks = [chunk for site in self.sites.values() for chunk in site.chunks.values()]
        # Customers who may come back, and those who should report, are no journeys and wait for days.
        running = [(key, one) for chunk in chunks for key, one in chunk.journeys.items() if one.timer != NEVER]
        arrivals = [one.arrival[0] for key, one in running if key >= END_OF_OWN]
        awaited = sum(key.startswith(OF_PRESENCE) and bool(one.clocks) for key, one in running)
        sites = len(self.sites) + len(self.unloaded)
        return Gauges(len(arrivals), min(arrivals, default=None), awaited, sites, len(chunks), self.watermark)


def changed_rows(state: Partition) -> list[ChangedRow]:
    """Name what `drain_attainment` would sum up now, in its order, for who wants to do it in pieces."""
    return sorted(state.changed, key=lambda one: (one[0], one[1][0], one[1][1] or "", one[1][2]))


def drain_attainment(state: Partition, book: Book, only: Iterable[ChangedRow] | None = None) -> list[Attainment]:
    """
    Sum up what changed since the last call: a site's figure is the sum of its chunks.

    Call it with every checkpoint, before encoding, and at the end. The order is that of site, standard, queue and
    minute. With ``only``, no more than these, in their order, if they still wait to be summed up.
    """
    found, changed = [], state.changed
    for one in changed_rows(state) if only is None else only:
        if one in changed:
            changed.discard(one)
            site, key = one
            found.append(_attainment(state.sites[site], key, book))
            state.recent.put(site, key, state.watermark)
    state.recent.forget(state.watermark)
    return found


def _attainment(site: Site, key: RowKey, book: Book) -> Attainment:
    rule_key, queue, minute = key
    rows = [chunk.rows[key] for chunk in site.chunks.values() if key in chunk.rows]
    counts: Sequence[int] = rows[0].counts
    rev_offset, rev_watermark = rows[0].rev_offset, rows[0].rev_watermark
    for row in rows[1:]:
        counts = [*map(add, counts, row.counts)]
        # Each by itself: what time changes in one chunk has an older offset than what records changed in another, and
        # must still outrank what was said before.
        rev_offset, rev_watermark = max(rev_offset, row.rev_offset), max(rev_watermark, row.rev_watermark)
    rule = book.rules[rule_key]
    values = merged(row.values for row in rows if row.values)
    good, total = rule.pair(counts, values)
    # The fields of a row are those of its standard's kind; nothing of another kind is counted in it.
    clocks = counts if rule.kind == "clock" else (0,) * COUNT_FIELDS
    scores = counts[: len(ScoreCounts._fields)] if rule.kind == "score" else ()
    sums: tuple[Any, ...] = (*clocks, *scores)
    made = Attainment(
        f"a:{rule_key}:{minute}:{site.id}:{queue or ''}", rule.id, rule.version, rev_offset, rev_watermark,
        site.id, queue, minute, rule.standard.objective.metric, good, total, *sums,
    )  # fmt: skip
    if values:
        made.distribution = tuple(sorted(values.items()))
    return made
