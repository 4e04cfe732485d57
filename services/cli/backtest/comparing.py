"""
Comparing: the verdicts of two standards on the same journeys, and those that differ.

Pure: measurements and violations that stand go in, changes come out as soon as both sides have judged a journey. What
is held in between is small, for both hear of the same events.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from services.sla.engine import Measurement, Violation

__all__ = ["Change", "Comparison", "JourneyKey", "Judged", "Swing", "Verdict", "verdicts_of"]


class Verdict(StrEnum):
    """
    What one standard says about one journey.
    """

    KEPT = "kept"
    BROKEN = "broken"
    """A violation of the limit stands."""
    NEITHER = "neither"
    """It ended, but not so that the promise was kept or broken: left or cancelled in time, implausible, or a score that
    has no minimum."""
    COUNTED = "counted"
    """Of a rate: among those that are counted."""
    NOT_COUNTED = "not_counted"
    """Of a rate: counted on the other side alone."""
    UNJUDGED = "unjudged"
    """The standard does not cover it, or has nothing to say of it."""


class JourneyKey(NamedTuple):
    """
    Which clock of which journey: its cycle, and its turn where it starts again for every hand-over, or stands for one
    event. Of presence, whose sign was the last.
    """

    site: str
    journey: str
    cycle: int = 0
    turn: int = 0


class Judged(NamedTuple):
    """
    A verdict and what it rests on. Milliseconds.
    """

    verdict: Verdict
    arrived_at: int
    queue: str | None
    ended_by: str
    """A measurement's word; `running` where it had not ended; of presence `silent`; `unheard`: nothing was said."""
    value_ms: int
    limit_ms: int
    told_at: int | None
    """When the limit passed, so that somebody would have been told."""
    score: int | None = None
    minimum: int | None = None
    """Of scores, in hundredths of a step, or basis points."""
    faults: str | None = None
    """Of sequences: what was wrong with the steps."""


Swing = tuple[Verdict, Verdict]
"""From the old verdict to the new one."""


class Change(NamedTuple):
    """
    A journey whose verdict differs; `pair` is the place of the pair of standards among those compared.
    """

    pair: int
    key: JourneyKey
    old: Judged | None
    new: Judged | None

    @property
    def swing(self) -> Swing:
        return _verdict(self.old), _verdict(self.new)

    @property
    def arrived_at(self) -> int:
        judged = self.new or self.old
        return 0 if judged is None else judged.arrived_at


def verdicts_of(
    measurements: Iterable[Measurement], violations: Iterable[Violation]
) -> Iterator[tuple[str, JourneyKey, Judged]]:
    """
    Yield the verdicts that outcomes which stand amount to: whose, on which journey, and what.

    A measurement and its violation end at one instant and so come together; a violation without a measurement stands
    for what had not ended in the end, or for the silence of somebody who should have reported.
    """
    broken = {(one.standard, _key(one)): one for one in violations if one.kind in {"journey", "presence"}}
    measured: set[tuple[str, JourneyKey]] = set()
    for one in measurements:
        key = _key(one)
        measured.add((one.standard, key))
        violation = broken.get((one.standard, key))
        told_at = violation.opened_at if violation else None
        yield (
            one.standard,
            key,
            Judged(
                _said_by(one, violation is not None), one.arrived_at, one.queue, one.ended_by, one.value_ms,
                one.limit_ms, told_at, one.score, one.minimum, _faults(one),
            ),
        )  # fmt: skip
    for (standard, key), left in broken.items():
        if (standard, key) not in measured:
            yield (
                standard,
                key,
                Judged(
                    Verdict.BROKEN, left.arrived_at, left.queue, "silent" if left.kind == "presence" else "running",
                    left.value_ms, left.limit_ms, left.opened_at, left.score, left.minimum, _faults(left),
                ),
            )  # fmt: skip


class Comparison:
    """
    Compares pairs of standards, each an old and a new one by name; an old one may stand in several. `tell` gets every
    change once.

    Of some pairs, by their places in `unheard`, single verdicts of one sort alone are ever heard of: silences of who
    should report, events that a rate counts. What is said of one side alone then has that verdict on the other.
    """

    def __init__(
        self,
        pairs: Sequence[tuple[str, str]],
        tell: Callable[[Change], None],
        unheard: Mapping[int, Verdict] = MappingProxyType({}),
    ) -> None:
        self.swings: list[Counter[Swing]] = [Counter() for _ in pairs]
        """How often each swing came, those without a change among them."""
        self._tell = tell
        self._unheard = unheard
        self._of: dict[str, list[tuple[int, bool]]] = {}
        for place, (old, new) in enumerate(pairs):
            self._of.setdefault(old, []).append((place, False))
            self._of.setdefault(new, []).append((place, True))
        self._waiting: list[dict[JourneyKey, tuple[Judged | None, Judged | None]]] = [{} for _ in pairs]

    def take(self, standard: str, key: JourneyKey, judged: Judged) -> None:
        """
        Take a verdict that stands; of each standard and journey there is one.
        """
        for place, is_new in self._of.get(standard, ()):
            waiting = self._waiting[place]
            old, new = waiting.pop(key, (None, None))
            pair = (old, judged) if is_new else (judged, new)
            if pair[0] is None or pair[1] is None:
                waiting[key] = pair
            else:
                self._settle(place, key, *pair)

    def finish(self) -> None:
        """
        Tell what only one side has judged.
        """
        for place, waiting in enumerate(self._waiting):
            for key, (old, new) in waiting.items():
                self._settle(place, key, old, new)
            waiting.clear()

    def _settle(self, place: int, key: JourneyKey, old: Judged | None, new: Judged | None) -> None:
        if place in self._unheard:
            old, new = old or _unheard(new, self._unheard[place]), new or _unheard(old, self._unheard[place])
        swing = _verdict(old), _verdict(new)
        self.swings[place][swing] += 1
        if swing[0] is not swing[1]:
            self._tell(Change(place, key, old, new))


def _said_by(measurement: Measurement, violated: bool) -> Verdict:  # noqa: FBT001 - whether there is a violation
    if violated or measurement.met is False:
        return Verdict.BROKEN
    if measurement.met:
        return Verdict.KEPT
    # Of a rate, what is only there to be counted of is not told one by one.
    return Verdict.COUNTED if measurement.kind == "rate" else Verdict.NEITHER


def _faults(outcome: Measurement | Violation) -> str | None:
    if not outcome.faults:
        return None
    return ", ".join(f"{one.step} {one.fault.replace('_', ' ')}" for one in outcome.faults)


def _unheard(other: Judged | None, verdict: Verdict) -> Judged | None:
    return other and other._replace(verdict=verdict, ended_by="unheard", told_at=None)


def _key(outcome: Measurement | Violation) -> JourneyKey:
    return JourneyKey(outcome.site, outcome.journey, outcome.cycle, outcome.turn)


def _verdict(judged: Judged | None) -> Verdict:
    return Verdict.UNJUDGED if judged is None else judged.verdict
