"""
Standing outcomes: of everything that was said about one id, what holds in the end.

What the engine can no longer correct (older than its horizon) is settled and leaves memory.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from services.cli.revisions import supersedes
from services.sla.engine import Attainment, Measurement, Violation

__all__ = ["Standing"]

T = TypeVar("T", Measurement, Violation, Attainment)
Settle = Callable[[list[Measurement], list[Violation], list[Attainment]], None]


class Standing:
    """
    Keeps the last revision of each outcome until it is settled; `settle` gets those that stand, in the order of time.
    """

    def __init__(self, settle: Settle) -> None:
        self._settle = settle
        self._measurements: dict[str, Measurement] = {}
        self._violations: dict[str, Violation] = {}
        self._attainment: dict[str, Attainment] = {}

    def take(self, outcomes: Iterable[Measurement | Violation | Attainment]) -> None:
        """
        Take outcomes; of two with one id the later revision holds, whichever comes first.
        """
        for outcome in outcomes:
            if type(outcome) is Measurement:
                _keep(self._measurements, outcome)
            elif type(outcome) is Violation:
                _keep(self._violations, outcome)
            elif type(outcome) is Attainment:
                _keep(self._attainment, outcome)

    def settle_before(self, instant: int | None) -> None:
        """
        Settle what ended before an instant; everything, if None.
        """
        measurements = _ripe(self._measurements, lambda one: one.ended_at, instant)
        violations = _ripe(self._violations, lambda one: one.closed_at, instant)
        attainment = _ripe(self._attainment, lambda one: one.minute, instant)
        measurements.sort(key=lambda one: (one.ended_at, one.id))
        violations.sort(key=lambda one: (one.opened_at, one.id))
        attainment.sort(key=lambda one: (one.minute, one.id))
        self._settle(
            [one for one in measurements if one.state == "standing"],
            [one for one in violations if one.state != "retracted"],
            attainment,
        )


def _keep(held: dict[str, T], outcome: T) -> None:
    if supersedes(outcome, held.get(outcome.id)):
        held[outcome.id] = outcome


def _ripe(held: dict[str, T], ended: Callable[[T], int | None], instant: int | None) -> list[T]:
    if instant is None:
        ripe = list(held.values())
        held.clear()
        return ripe
    names = [name for name, one in held.items() if (at := ended(one)) is not None and at < instant]
    return [held.pop(name) for name in names]
