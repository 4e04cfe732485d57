"""
Rules: standards compiled for the engine.

A rule is one version of one standard with its conditions turned into look-ups by event type, and its selector into
patterns.
"""

from dataclasses import dataclass
from typing import Final

from schemas.base import to_millis
from schemas.clocks import PROMISED
from schemas.conditions import Condition
from schemas.events import LIFE_ORDER
from schemas.standards import Standard
from services.sla.engine.events import ATTRIBUTES, MORE, RARE, Attributes
from services.sla.engine.terms import FOR_EVER, TermsOf

START: Final = 1
STOP: Final = 2
ABANDON: Final = 4
CANCEL: Final = 8
PAUSE: Final = 16
RESUME: Final = 32
ENDS: Final = CANCEL | STOP | ABANDON

Test = tuple[int, frozenset[str | None]]
Guarded = tuple[int, tuple[Test, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One version of one standard, ready to be applied. Durations are milliseconds."""

    key: str
    id: str
    version: int
    effective_from: int
    effective_until: int
    masks: tuple[int, ...]
    """What an event does by its rank, whatever its attributes."""
    guarded: dict[int, tuple[Guarded, ...]]
    """What it does if its attributes pass the tests."""
    plain: bool
    """Its clock has no pauses, no calendar, no promise and one turn: what one event does to it can be told at once."""
    repeats: bool
    """It starts again in the same cycle, turn by turn."""
    terms: TermsOf
    """The limits that it offers, by the journey's arrival."""
    warn_share: int
    """Basis points of the limit from which on a clock is at risk; 0: never said."""
    promised: bool
    """The limit is the instant that the customer was promised."""
    business_days: int
    """By the close of which business day after its start; 0: it has a limit."""
    pause_budget: int
    short_abandon: int
    doubts: bool
    """Some value is implausible."""
    shortest: int
    longest: int
    standard: Standard

    def cares_for(self, rank: int) -> bool:
        """Tell whether an event of a rank may do something to a clock of this rule."""
        return self.promised or bool(self.masks[rank]) or rank in self.guarded

    def role(self, rank: int, attributes: Attributes) -> int:
        """Tell what an event does to a clock of this rule, as bits."""
        mask = self.masks[rank]
        if self.guarded:
            for bit, tests in self.guarded.get(rank, ()):
                if all(_value(attributes, place) in allowed for place, allowed in tests):
                    mask |= bit
        return mask


def compile_rule(standard: Standard) -> Rule:
    """Turn a validated standard into a rule."""
    clock, meta = standard.clock, standard.metadata
    masks = [0] * len(LIFE_ORDER)
    guarded: dict[int, list[Guarded]] = {}
    for bit, conditions in (
        (START, clock.start), (STOP, clock.stop), (ABANDON, clock.abandon),
        (CANCEL, clock.cancel), (PAUSE, clock.pause), (RESUME, clock.resume),
    ):  # fmt: skip
        for condition in conditions:
            rank, tests = LIFE_ORDER[condition.event], _tests(condition)
            if tests:
                guarded.setdefault(rank, []).append((bit, tests))
            else:
                masks[rank] |= bit
    until = meta.effective_until
    return Rule(
        key=f"{meta.id}@{meta.version}",
        id=meta.id,
        version=meta.version,
        effective_from=to_millis(meta.effective_from),
        effective_until=FOR_EVER if until is None else to_millis(until),
        masks=tuple(masks),
        guarded={rank: tuple(tests) for rank, tests in guarded.items()},
        plain=not (clock.pause or clock.repeats or clock.calendar) and clock.limit != PROMISED,
        repeats=clock.repeats,
        terms=TermsOf(clock),
        warn_share=clock.warn_at or 0,
        promised=clock.limit == PROMISED,
        business_days=clock.within_business_days or 0,
        pause_budget=FOR_EVER if clock.pause_budget is None else clock.pause_budget,
        short_abandon=clock.short_abandon,
        doubts=clock.validity.shortest > 0 or clock.validity.longest is not None,
        shortest=clock.validity.shortest,
        longest=FOR_EVER if clock.validity.longest is None else clock.validity.longest,
        standard=standard,
    )


def _tests(condition: Condition) -> tuple[Test, ...]:
    where = condition.where
    if where is None:
        return ()
    wanted = ((place, getattr(where, name)) for place, name in enumerate((*ATTRIBUTES, *RARE)))
    return tuple((place, _allowed(values)) for place, values in wanted if values is not None)


def _allowed(values: bool | tuple[str, ...]) -> frozenset[str | None]:  # noqa: FBT001 - what the document says
    if isinstance(values, tuple):
        return frozenset(values)
    return frozenset(("true",)) if values else frozenset(("false", None))


def _value(attributes: Attributes, place: int) -> str | None:
    if place < MORE:
        return attributes[place]  # type: ignore[no-any-return] # the rare ones stand behind
    more = attributes[MORE]
    return None if more is None else more[place - MORE]
