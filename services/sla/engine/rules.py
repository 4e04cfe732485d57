"""
Rules: standards compiled for the engine.

A rule is one version of one standard with its conditions turned into look-ups by event type, and its selector into
patterns.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from domain.aims import Aim, among
from domain.catalogue import CLOCKS, RATES, SCORES
from domain.metrics import Counts
from domain.sums import RateCounts, ScoreCounts
from schemas.base import to_millis
from schemas.clocks import PROMISED, Clock
from schemas.conditions import Condition
from schemas.objectives import PERCENTILES
from schemas.presences import Presence
from schemas.rates import Rate
from schemas.scores import Score
from schemas.sequences import Course
from schemas.standards import Standard
from services.sla.engine.events import Attributes
from services.sla.engine.roles import ABANDON, CANCEL, COUNT, OF, PAUSE, RESUME, START, STEP, STOP, Roles
from services.sla.engine.terms import FOR_EVER, TermsOf

Pair = Callable[[Sequence[int], Mapping[int, int]], tuple[int, int]]
"""From the counts and the values of a row to the pair that decides about the objective."""

JOURNEY: Final = "journey"
CUSTOMER: Final = "customer"
PRESENCE: Final = "presence"
"""Whom a rule watches: journeys, the contacts of one customer, or who should report."""


class Way(NamedTuple):
    """One course of a sequence, compiled; step number n has the bit 1 << n."""

    course: Course
    roles: Roles


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One version of one standard, ready to be applied. Durations are milliseconds."""

    key: str
    id: str
    version: int
    kind: str
    """Which kind of standard: a word of ``schemas.standards.KINDS``."""
    watches: str
    """``JOURNEY``, ``CUSTOMER`` or ``PRESENCE``."""
    of: str
    """Of whom a presence asks for signs: source, queue or employee."""
    each: bool
    """Every event stands for itself, with a figure of its own, rather than a cycle of a journey as a whole."""
    effective_from: int
    effective_until: int
    roles: Roles
    role: Callable[[int, Attributes], int]
    """What an event does under this rule, by its rank and attributes, as bits."""
    plain: bool
    """Its clock has no pauses, no calendar, no promise and one turn: what one event does to it can be told at once."""
    repeats: bool
    """It starts again in the same cycle, turn by turn."""
    lasts: bool
    """What comes at or after its end may still matter: it starts again, or was never over."""
    terms: TermsOf
    """The limits that it offers, by the journey's arrival."""
    warn_share: int
    """Basis points of the limit from which on a clock is at risk; 0: never said."""
    promised: bool
    """The limit is the instant that the customer was promised."""
    business_days: int
    """By the close of which business day after its start; 0: it has a limit."""
    pauses: bool
    """Some event may stop its clock for a while."""
    pause_budget: int
    short_abandon: int
    doubts: bool
    """Some value is implausible."""
    shortest: int
    longest: int
    ways: tuple[Way, ...]
    """Of a sequence: the courses that it may take."""
    keeps_values: bool
    """It is held to a percentile, so its rows keep the values that count in it."""
    pair: Pair
    standard: Standard

    def cares_for(self, rank: int) -> bool:
        """Tell whether an event of a rank may do something to a clock of this rule."""
        return self.promised or self.roles.cares_for(rank)


_NOTHING: Final = Clock.model_validate({"start": "journey.arrived", "stop": "journey.called", "limit": "1ms"})
"""For the kinds that have no clock: its parts are never looked at, but for when it is given up."""


def compile_rule(standard: Standard) -> Rule:
    """Turn a validated standard into a rule."""
    clock, meta, rate = standard.clock or _NOTHING, standard.metadata, standard.rate
    until, roles = meta.effective_until, Roles(_conditions(standard))
    by_customer = rate is not None and rate.per == "customer"
    return Rule(
        key=f"{meta.id}@{meta.version}",
        id=meta.id,
        version=meta.version,
        kind=standard.kind_of,
        watches=PRESENCE if standard.presence is not None else CUSTOMER if by_customer else JOURNEY,
        of="" if standard.presence is None else standard.presence.of,
        each=standard.score is not None or (rate is not None and rate.per != "journey"),
        effective_from=to_millis(meta.effective_from),
        effective_until=FOR_EVER if until is None else to_millis(until),
        roles=roles,
        role=roles.of,
        plain=standard.clock is not None
        and not (clock.pause or clock.repeats or clock.calendar)
        and clock.limit != PROMISED,
        repeats=clock.repeats,
        lasts=clock.repeats or standard.clock is None,
        terms=_terms(standard),
        warn_share=clock.warn_at or 0,
        promised=clock.limit == PROMISED,
        business_days=clock.within_business_days or 0,
        pauses=bool(clock.pause),
        pause_budget=FOR_EVER if clock.pause_budget is None else clock.pause_budget,
        short_abandon=clock.short_abandon,
        doubts=clock.validity.shortest > 0 or clock.validity.longest is not None,
        shortest=clock.validity.shortest,
        longest=FOR_EVER if clock.validity.longest is None else clock.validity.longest,
        ways=_ways(standard),
        keeps_values=standard.objective.metric in PERCENTILES,
        pair=_pair(standard),
        standard=standard,
    )


def _conditions(standard: Standard) -> Iterable[tuple[int, Iterable[Condition]]]:
    match standard:
        case Standard(clock=Clock() as clock):
            return (
                (START, clock.start), (STOP, clock.stop), (ABANDON, clock.abandon),
                (CANCEL, clock.cancel), (PAUSE, clock.pause), (RESUME, clock.resume),
            )  # fmt: skip
        case Standard(rate=Rate() as rate):
            return ((COUNT, rate.count or rate.unless), (OF, rate.of))
        case Standard(score=Score() as score):
            return ((COUNT, score.of),)
        case Standard(presence=Presence() as presence):
            return ((START, presence.signs),)
    sequence = standard.sequence
    assert sequence is not None  # noqa: S101 - a standard is of one of the kinds
    steps = (step.shown_by for course in sequence.all_courses() for step in course.steps)
    return (
        (START, sequence.start), (STOP, sequence.end), (ABANDON, sequence.abandon), (CANCEL, sequence.cancel),
        *((STEP, shown_by) for shown_by in steps),
    )  # fmt: skip


def _ways(standard: Standard) -> tuple[Way, ...]:
    courses = () if standard.sequence is None else standard.sequence.all_courses()
    return tuple(
        Way(course, Roles((1 << number, step.shown_by) for number, step in enumerate(course.steps)))
        for course in courses
    )


def _terms(standard: Standard) -> TermsOf:
    if standard.clock is not None:
        return TermsOf(standard.clock)
    if standard.presence is not None:
        asked = {"limit": standard.presence.every + standard.presence.grace, "calendar": standard.presence.calendar}
        return TermsOf(_NOTHING.model_copy(update=asked))
    expires = FOR_EVER if standard.sequence is None else standard.sequence.expires_after
    return TermsOf(_NOTHING.model_copy(update={"expires_after": expires}))


def _pair(standard: Standard) -> Pair:
    metric = standard.objective.metric
    if metric in PERCENTILES:
        aim = Aim.of(metric, standard.objective.target_value)
        return lambda _, values: among(aim, values)
    if standard.clock is not None:
        clocks = CLOCKS[metric].pair
        return lambda counts, _: clocks(Counts._make(counts))
    if standard.score is not None:
        scores = SCORES[metric].pair
        return lambda counts, _: scores(ScoreCounts._make(counts[: len(ScoreCounts._fields)]))
    rates = RATES[metric].pair
    return lambda counts, _: rates(RateCounts(counts[0], counts[1]))
