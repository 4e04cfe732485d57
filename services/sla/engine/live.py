"""
The present of a partition: who waits now, since when, what the service level is with them, how long the next one will
wait, and what a forecast has to know.

For pages that somebody looks at: valid at the instant at which one looked. Sites whose state has not been unfolded
since a restart are not in it yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import add
from typing import Final, NamedTuple

from domain.expected_waits import ExpectedWait, wait_by_last_answered, wait_by_position
from domain.forecasts import Load
from domain.metrics import Counts
from domain.sums import LiveCounts
from schemas.events import PREFIX
from services.sla.engine.book import Book
from services.sla.engine.chunks import Chunk
from services.sla.engine.clocks import NEVER, RUNNING, due_of
from services.sla.engine.duty import NOBODY_ON_DUTY, Duty, on_duty
from services.sla.engine.partition import Partition, Site
from services.sla.engine.recent import LOOK_BACK_MS
from services.sla.engine.rules import Rule

_ARRIVAL: Final = f"{PREFIX}journey.arrived"
_TURNS: Final = (f"{PREFIX}journey.called", f"{PREFIX}service.started")
_HANDLING: Final = "aht"

Line = tuple[str, str, str | None]
"""(rule, site, queue): those who wait for the same."""


class Waiting(NamedTuple):
    """Who waits in a line now, for how long at most, and how many of them beyond the limit."""

    journeys: int
    beyond: int
    oldest_ms: int
    lately: int
    """Of these, who came within the last hour."""
    lately_ms: int
    """How long those have waited together."""

    def with_others(self, other: "Waiting") -> "Waiting":
        """Return two lines as one."""
        journeys, beyond, oldest_ms, lately, lately_ms = other
        return Waiting(
            self.journeys + journeys,
            self.beyond + beyond,
            max(self.oldest_ms, oldest_ms),
            self.lately + lately,
            self.lately_ms + lately_ms,
        )


class Live(NamedTuple):
    """A queue of a site under a standard, as it is at an instant; whatever its version."""

    standard: str
    site: str
    queue: str | None
    counts: LiveCounts
    """Those of the last hour, and who waits."""
    by_position: ExpectedWait
    by_last_answered: ExpectedWait
    load: Load
    """Of the last hour, for forecasts."""


class LiveSite(NamedTuple):
    """A site as it is at an instant: its lines, and who is on duty by queue."""

    site: str
    lines: list[Live]
    duty: dict[str | None, Duty]


NOBODY: Final = Waiting(0, 0, 0, 0, 0)


def waiting(state: Partition, now: int) -> dict[Line, Waiting]:
    """Count who waits in each line: clocks that run. Walks over the open journeys: for every few seconds."""
    return _waiting((chunk for site in state.sites.values() for chunk in site.chunks.values()), now)


def live(state: Partition, book: Book, now: int) -> Iterator[LiveSite]:
    """
    Say site by site how every line is that has somebody waiting or to which somebody came within the last hour.

    A line is told of under standards whose clock runs from the arrival until the customer's turn. How long one customer
    takes is known where a standard with the metric ``aht`` covers the same site and queue. What ended since attainment
    was last drained is not counted yet. Between two sites the state may change.
    """
    rules = {key: rule for key, rule in book.rules.items() if _runs_until_turn(rule)}
    handling = {key for key, rule in book.rules.items() if rule.standard.objective.metric == _HANDLING}
    for site in list(state.sites.values()):
        chunks = site.chunks.values()
        gathered = _Lines(rules, handling)
        for (rule_key, _, queue), waits in _waiting(chunks, now).items():
            gathered.wait(rule_key, queue, waits)
        for key in state.recent.rows(site.id, now):
            _count(gathered, site, key)
        duty = on_duty(chunks, now - state.policy.horizon_ms)
        yield LiveSite(site.id, gathered.told(site.id, duty), duty)


def _waiting(chunks: Iterable[Chunk], now: int) -> dict[Line, Waiting]:
    found: defaultdict[Line, Waiting] = defaultdict(lambda: NOBODY)
    since = now - LOOK_BACK_MS
    for chunk in chunks:
        for journey in chunk.journeys.values():
            for clock in journey.clocks:
                run = clock.run
                if run.ended == RUNNING and run.started_at <= now:
                    line = (clock.rule.key, chunk.site, journey.arrival[4][0])
                    journeys, beyond, oldest, lately, lately_ms = found[line]
                    late, waited = run.breach_at != NEVER or now > due_of(run), now - run.started_at
                    if run.started_at >= since:
                        lately, lately_ms = lately + 1, lately_ms + waited
                    found[line] = Waiting(journeys + 1, beyond + late, max(oldest, waited), lately, lately_ms)
    return dict(found)


def _count(gathered: "_Lines", site: Site, key: tuple[str, str | None, int]) -> None:
    """Sum up one minute of one line over the chunks of its site."""
    rule_key, queue, minute = key
    if gathered.wants(rule_key):
        rows = [chunk.rows[key] for chunk in site.chunks.values() if key in chunk.rows]
        sums = [0] * len(Counts._fields)
        for row in rows:
            sums = [*map(add, sums, row.counts)]
        gathered.count(rule_key, queue, minute, Counts(*sums), sum(row.left_ms for row in rows))


class _Held:
    """What is gathered of one line."""

    __slots__ = ("left_ms", "minutes", "rule", "waits")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.waits = NOBODY
        self.minutes: defaultdict[int, list[Counts]] = defaultdict(list)
        self.left_ms = 0


class _Lines:
    """The lines of a site while they are gathered, by standard and queue: the newest version says the limit."""

    def __init__(self, rules: Mapping[str, Rule], handling: set[str]) -> None:
        self._rules = rules
        self._handling = handling
        self._held: dict[tuple[str, str | None], _Held] = {}
        self._handled: defaultdict[str | None, tuple[int, int]] = defaultdict(lambda: (0, 0))

    def wants(self, rule_key: str) -> bool:
        """Tell whether a rule says something about lines."""
        return rule_key in self._rules or rule_key in self._handling

    def _of(self, rule: Rule, queue: str | None) -> _Held:
        held = self._held.setdefault((rule.id, queue), _Held(rule))
        if rule.version > held.rule.version:
            held.rule = rule
        return held

    def wait(self, rule_key: str, queue: str | None, waits: Waiting) -> None:
        """Add who waits under one version of a standard."""
        rule = self._rules.get(rule_key)
        if rule is not None:
            held = self._of(rule, queue)
            held.waits = held.waits.with_others(waits)

    def count(self, rule_key: str, queue: str | None, minute: int, counts: Counts, left_ms: int) -> None:
        """Add what one minute counted under one version of a standard."""
        rule = self._rules.get(rule_key)
        if rule is not None:
            held = self._of(rule, queue)
            held.minutes[minute].append(counts)
            held.left_ms += left_ms
        if rule_key in self._handling:
            handled, handled_ms = self._handled[queue]
            self._handled[queue] = (handled + counts.answered, handled_ms + counts.answered_wait_ms)

    def told(self, site: str, duty: Mapping[str | None, Duty]) -> list[Live]:
        """Say how each line is."""
        return [
            self._tell(standard, site, queue, held, duty.get(queue, NOBODY_ON_DUTY))
            for (standard, queue), held in sorted(self._held.items(), key=lambda one: (one[0][0], one[0][1] or ""))
        ]

    def _tell(self, standard: str, site: str, queue: str | None, held: _Held, duty: Duty) -> Live:
        waits = held.waits
        minutes = [Counts.total(held.minutes[minute]) for minute in sorted(held.minutes, reverse=True)]
        past = Counts.total(minutes) if minutes else Counts()
        ended = past.answered + past.abandoned + past.implausible + past.cancelled + past.expired + past.retired
        load = Load(
            ended + waits.lately,
            LOOK_BACK_MS,
            past.answered_wait_ms + held.left_ms + waits.lately_ms,
            past.abandoned,
            *self._handled[queue],
            duty.agents,
            _single_limit(held.rule),
        )
        place = 0 if duty.free and not waits.journeys else waits.journeys + 1
        return Live(
            standard, site, queue,
            LiveCounts(past.answered, past.answered_within, past.abandoned, *waits[:3]),
            wait_by_position(place, load.aht_ms, load.agents),
            wait_by_last_answered((counts.answered, counts.answered_wait_ms) for counts in minutes),
            load,
        )  # fmt: skip


def _runs_until_turn(rule: Rule) -> bool:
    """Tell whether a rule's clock measures the wait in a line, from the arrival to the customer's turn."""
    clock = rule.standard.clock
    return (
        clock is not None
        and any(one.event == _ARRIVAL for one in clock.start)
        and any(one.event in _TURNS for one in clock.stop)
    )


def _single_limit(rule: Rule) -> int | None:
    """Return the limit of all journeys; None where it depends on the journey."""
    clock = rule.standard.clock
    own = None if clock is None or clock.limits else clock.limit
    return own if isinstance(own, int) else None


__all__ = ["NOBODY", "Line", "Live", "LiveSite", "Waiting", "live", "waiting"]
