"""
Rules: standards compiled for the engine.

A rule is one version of one standard with its conditions turned into look-ups by event type, and its selector into
patterns.
"""

from dataclasses import dataclass
from fnmatch import translate
from re import Pattern
from re import compile as compile_pattern
from typing import Final

from schemas.base import BASIS_POINTS, to_millis
from schemas.conditions import Condition, Selector
from schemas.events import LIFE_ORDER
from schemas.standards import Standard
from services.sla.engine.events import ATTRIBUTES, Attributes

START: Final = 1
STOP: Final = 2
ABANDON: Final = 4
CANCEL: Final = 8
PAUSE: Final = 16
RESUME: Final = 32
ENDS: Final = CANCEL | STOP | ABANDON

_SELECTED: Final = ("queue", "channel", "service", "segment", "priority")
_FOR_EVER: Final = 1 << 62

Test = tuple[int, frozenset[str]]
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
    pausable: bool
    """Some event may pause its clock."""
    limit: int
    warn: int
    """From which counted time on a clock is at risk; 0: never said."""
    short_abandon: int
    doubts: bool
    """Some value is implausible."""
    shortest: int
    longest: int
    expires_after: int
    standard: Standard

    def cares_for(self, rank: int) -> bool:
        """Tell whether an event of a rank may do something to a clock of this rule."""
        return bool(self.masks[rank]) or rank in self.guarded

    def role(self, rank: int, attributes: Attributes) -> int:
        """Tell what an event does to a clock of this rule, as bits."""
        mask = self.masks[rank]
        if self.guarded:
            for bit, tests in self.guarded.get(rank, ()):
                if all(attributes[place] in allowed for place, allowed in tests):
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
        effective_until=_FOR_EVER if until is None else to_millis(until),
        masks=tuple(masks),
        guarded={rank: tuple(tests) for rank, tests in guarded.items()},
        pausable=bool(clock.pause),
        limit=clock.limit,
        warn=clock.limit * (clock.warn_at or 0) // BASIS_POINTS,
        short_abandon=clock.short_abandon,
        doubts=clock.validity.shortest > 0 or clock.validity.longest is not None,
        shortest=clock.validity.shortest,
        longest=_FOR_EVER if clock.validity.longest is None else clock.validity.longest,
        expires_after=clock.expires_after,
        standard=standard,
    )


def _tests(condition: Condition) -> tuple[Test, ...]:
    where = condition.where
    if where is None:
        return ()
    wanted = ((place, getattr(where, name)) for place, name in enumerate(ATTRIBUTES))
    return tuple((place, frozenset(values)) for place, values in wanted if values is not None)


class Covers:
    """Whether a selector covers a journey, by its site and attributes at arrival."""

    __slots__ = ("_globs", "_site")

    def __init__(self, selector: Selector) -> None:
        """Compile the selector's globs."""
        self._site = _globs(selector.site)
        named = ((ATTRIBUTES.index(name), _globs(getattr(selector, name))) for name in _SELECTED)
        self._globs = tuple((place, globs) for place, globs in named if globs is not None)

    def __call__(self, site: str, attributes: Attributes) -> bool:
        """Tell whether every named attribute matches one of its globs."""
        if self._site is not None and not self._site.fullmatch(site):
            return False
        return all(
            (value := attributes[place]) is not None and globs.fullmatch(value) is not None
            for place, globs in self._globs
        )


def _globs(patterns: tuple[str, ...] | None) -> Pattern[str] | None:
    return None if patterns is None else compile_pattern("|".join(f"(?:{translate(glob)})" for glob in patterns))
