"""
Silences: when nobody is told of what, once or again and again.
"""

from collections.abc import Iterable

from schemas.alert_routes import Recurrence, Silence
from schemas.base import to_millis
from services.alerts.engine.labels import Fits, Labels
from services.alerts.engine.recurring import Recurring
from services.alerts.engine.rules import NEVER

__all__ = ["Quiet", "recurrence_fault"]


class Quiet:
    """
    Silences, compiled. One that is given later replaces an earlier one of the same id.
    """

    def __init__(self, silences: Iterable[Silence]) -> None:
        self._silences = {silence.id: (Fits(silence.match), _times(silence)) for silence in silences}

    def silencing(self, labels: Labels, at: int) -> str | None:
        """
        The id of the first silence that holds at an instant and fits the labels.
        """
        return next((name for name, (fits, times) in self._silences.items() if fits(labels) and times.hold(at)), None)

    def holding(self, at: int) -> frozenset[str]:
        """
        The ids of the silences that hold at an instant.
        """
        return frozenset(name for name, (_, times) in self._silences.items() if times.hold(at))

    def next_change(self, at: int) -> int:
        """
        The first instant after this one at which a silence begins or ends; NEVER, where none does any more.
        """
        return min((times.next_change(at) for _, times in self._silences.values()), default=NEVER)


class _Once:
    def __init__(self, begin: int, until: int) -> None:
        self._begin, self._until = begin, until

    def hold(self, at: int) -> bool:
        return self._begin <= at < self._until

    def next_change(self, at: int) -> int:
        return min((one for one in (self._begin, self._until) if one > at), default=NEVER)


class _Again:
    """
    The times of a silence that comes again, each from a local time on, for a length of real time.
    """

    def __init__(self, again: Recurrence, begin: int, until: int) -> None:
        self._begins = Recurring(again, begin)
        self._duration = again.duration
        self._until = until
        self._known = (0, 0, False)
        """From when to when was looked at last, and whether it is silent there."""

    def hold(self, at: int) -> bool:
        return self._look(at)[2]

    def next_change(self, at: int) -> int:
        return self._look(at)[1]

    def _look(self, at: int) -> tuple[int, int, bool]:
        """
        Whether it is silent from an instant up to the next one at which one of its times begins or ends.
        """
        if not self._known[0] <= at < self._known[1]:
            change, holds = NEVER, False
            for begin in self._begins.since(at - self._duration + 1):
                if begin >= self._until:
                    break
                if begin > at:
                    change = min(change, begin)
                    break
                end = min(begin + self._duration, self._until)
                if at < end:
                    change, holds = min(change, end), True
            self._known = (at, change, holds)
        return self._known


def recurrence_fault(silence: Silence) -> str | None:
    """
    Say what is wrong with the rule of a silence that comes again; None where nothing is.
    """
    if silence.again is not None and _times(silence).next_change(to_millis(silence.begin) - 1) == NEVER:
        return "never comes between `from` and `until`: there is no such day; write one like FREQ=WEEKLY;BYDAY=SU"
    return None


def _times(silence: Silence) -> _Once | _Again:
    begin = to_millis(silence.begin)
    until = to_millis(silence.until) if silence.until is not None else NEVER
    return _Once(begin, until) if silence.again is None else _Again(silence.again, begin, until)
