"""
Silences: when nobody is told of what, once or again and again.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from domain.openings import first_instant
from schemas.alert_routes import Recurrence, Silence
from schemas.base import from_millis, to_millis
from services.alerts.engine.labels import Fits, Labels
from services.alerts.engine.rules import NEVER

__all__ = ["Quiet", "recurrence_fault"]

_MARGIN: Final = timedelta(days=2)
"""More than any two clocks on a wall differ, so that no time is missed that begins just before or after."""


class Quiet:
    """
    Silences, compiled. One that is given later replaces an earlier one of the same id.
    """

    def __init__(self, silences: Iterable[Silence]) -> None:
        self._silences = {silence.id: (silence, Fits(silence.match), _times(silence)) for silence in silences}

    def silencing(self, labels: Labels, at: int) -> str | None:
        """
        The id of the first silence that holds at an instant and fits the labels.
        """
        return next(
            (name for name, (_, fits, times) in self._silences.items() if fits(labels) and times.hold(at)), None
        )

    def holding(self, at: int) -> tuple[str, ...]:
        """
        The ids of the silences that hold at an instant.
        """
        return tuple(name for name, (_, _, times) in self._silences.items() if times.hold(at))

    def next_change(self, at: int) -> int:
        """
        The first instant after this one at which a silence begins or ends; NEVER, where none does any more.
        """
        return min((times.next_change(at) for _, _, times in self._silences.values()), default=NEVER)


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
        self._zone = ZoneInfo(again.zone)
        self._duration = again.duration
        self._begin, self._until = begin, until
        self._rule = _rule(again, from_millis(begin).astimezone(self._zone).replace(tzinfo=None))

    def hold(self, at: int) -> bool:
        return any(begin <= at < end for begin, end in self._around(at, at))

    def next_change(self, at: int) -> int:
        found = [edge for span in self._around(at, at) for edge in span if edge > at]
        following = self._rule.after(self._local(at) + _MARGIN)
        if following is not None:
            found.append(first_instant(following, self._zone))
        return min((edge for edge in found if edge < NEVER), default=NEVER)

    def _around(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """
        The times that may touch a stretch, clipped to the silence's end.
        """
        earliest = self._local(begin - self._duration) - _MARGIN
        for local in self._rule.between(earliest, self._local(end) + _MARGIN, inc=True):
            starts = first_instant(local, self._zone)
            if self._begin <= starts < self._until:
                yield starts, min(starts + self._duration, self._until)

    def _local(self, at: int) -> datetime:
        return from_millis(at).astimezone(self._zone).replace(tzinfo=None)


def recurrence_fault(again: Recurrence) -> str | None:
    """
    Say what is wrong with a rule of recurrence; None where nothing is.
    """
    try:
        _rule(again, datetime(2000, 1, 1))  # noqa: DTZ001 - a local time
    except ValueError as error:
        return f"is no rule of RFC 5545 ({error}); write one like FREQ=WEEKLY;BYDAY=SU"
    return None


def _times(silence: Silence) -> _Once | _Again:
    begin = to_millis(silence.begin)
    until = to_millis(silence.until) if silence.until is not None else NEVER
    return _Once(begin, until) if silence.again is None else _Again(silence.again, begin, until)


def _rule(again: Recurrence, begin: datetime) -> rrule | rruleset:
    return rrulestr(again.rule, dtstart=begin, cache=True)
