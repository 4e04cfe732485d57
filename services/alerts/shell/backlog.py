"""
The backlog: what was written while nobody worked. It is read up to its end, in the order in which it was written,
before the clock on the wall counts: whoever acknowledged meanwhile has done so before what was due meanwhile is done.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from schemas.base import Millis
from services.runtime.kafka import Place, Record

__all__ = ["PATIENCE_MS", "Backlog", "Written"]

PATIENCE_MS: Final = 10_000
"""So long without a record, and what lacks is waited for no more: a partition may have nobody who serves it."""

Written = tuple[Millis, Record]
"""A record, and when it was written; of one partition never earlier than the one before."""


class Backlog:
    """
    Records of several partitions on their way into one order. `ends` are by place the first offset that is no part of
    it, `positions` the first that was not read; `now` is by the clock that never runs backwards.
    """

    def __init__(self, ends: Mapping[Place, int], positions: Mapping[Place, int], now: Millis) -> None:
        self._ends = ends
        self._reached = {place: 0 for place, end in ends.items() if positions[place] < end}
        """By place that has not been read to its end: when the last record of it was written."""
        self._latest: dict[Place, Millis] = {}
        self._waiting: list[Written] = []
        self._heard_at = now

    @property
    def is_whole(self) -> bool:
        """
        Whether all of it has been read.
        """
        return not self._reached

    def is_stuck(self, now: Millis) -> bool:
        """
        Whether something lacks that seems not to come.
        """
        return not self.is_whole and now - self._heard_at >= PATIENCE_MS

    def give_up(self) -> None:
        """
        Wait for nothing more: what has come is all of it.
        """
        self._reached.clear()

    def add(self, records: Iterable[Record], now: Millis) -> None:
        """
        Take records as they come; those beyond the end, too.
        """
        for record in records:
            self._heard_at = now
            place = record.topic, record.partition
            at = self._latest[place] = max(record.timestamp, self._latest.get(place, 0))
            self._waiting.append((at, record))
            if place in self._reached:
                self._reached[place] = at
                if record.offset + 1 >= self._ends[place]:
                    del self._reached[place]

    def ready(self) -> list[Written]:
        """
        Take out those before which nothing can come any more, in the order in which they were written.
        """
        until = min(self._reached.values(), default=None)
        found = sorted((one for one in self._waiting if until is None or one[0] < until), key=_in_order)
        self._waiting = [] if until is None else [one for one in self._waiting if one[0] >= until]
        return found


def _in_order(one: Written) -> tuple[Millis, str, int, int]:
    at, record = one
    return at, record.topic, record.partition, record.offset
