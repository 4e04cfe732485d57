"""
The present of a partition: who waits now, since when, what the service level is with them, and how long the next one
will wait.

For pages that somebody looks at: valid at the instant at which one looked. Sites whose state has not been unfolded
since a restart are not in it yet.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from domain.expected_waits import ExpectedWait, wait_by_position, wait_by_sums
from domain.metrics import Counts
from domain.sums import LiveCounts
from services.sla.engine.book import Book
from services.sla.engine.chunks import Chunk
from services.sla.engine.clocks import NEVER, RUNNING
from services.sla.engine.partition import Partition

_WINDOW_MS: Final = 3_600_000
"""What is looked back on where the objective has no rolling window."""

Line = tuple[str, str, str | None]
"""(rule, site, queue): those who wait for the same."""


class Duty(NamedTuple):
    """Who serves a line: how many, and how long one customer takes them (milliseconds; None where nobody knows)."""

    agents: int
    aht_ms: int | None


class Waiting(NamedTuple):
    """Who waits in a line now, for how long at most, and how many of them beyond the limit."""

    journeys: int
    beyond: int
    oldest_ms: int


class Live(NamedTuple):
    """A queue of a site under one version of a standard, as it is at an instant."""

    standard: str
    version: int
    site: str
    queue: str | None
    counts: LiveCounts
    by_position: ExpectedWait
    by_last_answered: ExpectedWait


NOBODY: Final = Waiting(0, 0, 0)
_UNKNOWN: Final = Duty(0, None)


def waiting(state: Partition, now: int) -> dict[Line, Waiting]:
    """Count who waits in each line: clocks that run. Walks over the open journeys: for every few seconds."""
    found: defaultdict[Line, Waiting] = defaultdict(lambda: NOBODY)
    for chunk in _chunks(state):
        for journey in chunk.journeys.values():
            for clock in journey.clocks:
                run = clock.run
                if run.ended == RUNNING and run.started_at <= now:
                    line = (clock.rule.key, chunk.site, journey.arrival[4][0])
                    journeys, beyond, oldest = found[line]
                    late = run.breach_at != NEVER or now > run.due_at
                    found[line] = Waiting(journeys + 1, beyond + late, max(oldest, now - run.started_at))
    return dict(found)


def live(
    state: Partition, book: Book, now: int, duty: Mapping[tuple[str, str | None], Duty] | None = None
) -> list[Live]:
    """
    Say how every line is that has somebody waiting or has counted somebody in its objective's first rolling window.

    ``duty`` says for a site and queue who serves it. Walks over all minutes that are held: for who asks, not for all.
    """
    waits, minutes = waiting(state, now), _minutes(state)
    said = []
    for line in sorted(waits.keys() | minutes.keys(), key=lambda one: (one[0], one[1], one[2] or "")):
        rule_key, site, queue = line
        rule = book.rules.get(rule_key)
        if rule is None:
            continue
        begin = now - next((w.rolling for w in rule.standard.objective.all_windows if w.rolling), _WINDOW_MS)
        held, waits_now = minutes.get(line, {}), waits.get(line, NOBODY)
        inside = Counts.total(counts for minute, counts in held.items() if begin <= minute < now)
        if waits_now.journeys or any(inside):
            counts = LiveCounts(
                inside.answered, inside.answered_within, inside.abandoned, waits_now.journeys, waits_now.beyond,
                waits_now.oldest_ms,
            )  # fmt: skip
            agents, aht_ms = (duty or {}).get((site, queue), _UNKNOWN)
            by_position = wait_by_position(waits_now.journeys + 1, aht_ms, agents)
            latest = (held[minute] for minute in sorted(held, reverse=True) if minute < now)
            by_last = wait_by_sums((counts.answered, counts.answered_wait_ms) for counts in latest)
            said.append(Live(rule.id, rule.version, site, queue, counts, by_position, by_last))
    return said


def _minutes(state: Partition) -> dict[Line, dict[int, Counts]]:
    """Sum up every line's minutes over the chunks of its site."""
    found: defaultdict[Line, dict[int, Counts]] = defaultdict(dict)
    for chunk in _chunks(state):
        for (rule_key, queue, minute), row in chunk.rows.items():
            held = found[rule_key, chunk.site, queue]
            counts = Counts(*row.counts)
            held[minute] = Counts.total((held[minute], counts)) if minute in held else counts
    return dict(found)


def _chunks(state: Partition) -> Iterator[Chunk]:
    for site in state.sites.values():
        yield from site.chunks.values()


__all__ = ["NOBODY", "Duty", "Line", "Live", "Waiting", "live", "waiting"]
