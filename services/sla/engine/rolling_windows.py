"""
Rolling windows: the last so-and-so long, and what it holds as time moves on.

A rolling window reaches back from now and moves with every minute; its far end moves in steps that grow with its
length, so that a long one is summed from hours or days. It is never shorter than was said.
"""

from typing import Any, Final, NamedTuple

from schemas.base import DAY_MS, HOUR_MS, MINUTE_MS
from services.sla.engine.buckets import Buckets, Delta, Sums, add, nothing

_BY_MINUTE_UP_TO: Final = 2 * DAY_MS
_BY_HOUR_UP_TO: Final = 35 * DAY_MS


class Rolling(NamedTuple):
    """The last so-and-so many milliseconds."""

    label: str
    length_ms: int

    @property
    def step_ms(self) -> int:
        """In which steps its far end moves."""
        if self.length_ms <= _BY_MINUTE_UP_TO:
            return MINUTE_MS
        return HOUR_MS if self.length_ms <= _BY_HOUR_UP_TO else DAY_MS

    def begin(self, now: int) -> int:
        """Where it begins."""
        return (now - self.length_ms) // self.step_ms * self.step_ms


class RollingState:
    """What a rolling window holds now."""

    __slots__ = ("_length", "_step", "begin", "changed", "sums", "window")

    def __init__(self, window: Rolling, now: int) -> None:
        """Begin empty."""
        self.window = window
        self._length, self._step = window.length_ms, window.step_ms
        self.begin = window.begin(now)
        self.sums: Sums = nothing()
        self.changed = False

    def correct(self, minute: int, delta: Delta) -> None:
        """Take a change of a minute that it has reached."""
        if minute >= self.begin:
            add(self.sums, delta)
            self.changed = True

    def move(self, now: int, buckets: Buckets) -> None:
        """Move on by a minute: take in the one that ended, and let go of what lies too far back."""
        entering = buckets.minutes.get(now - MINUTE_MS)
        if entering is not None:
            add(self.sums, entering)
            self.changed = True
        begin, step = (now - self._length) // self._step * self._step, self._step
        while self.begin < begin:
            leaving = buckets.at(step, self.begin)
            if leaving is not None:
                add(self.sums, leaving, -1)
                self.changed = True
            self.begin += step

    def empty(self) -> bool:
        """Tell whether nothing is counted in it."""
        return not any(self.sums)

    def written(self) -> list[Any]:
        """Return all that is remembered."""
        return [self.begin, self.sums, self.changed]

    def restore(self, written: list[Any]) -> None:
        """Take back what was written."""
        self.begin, sums, self.changed = written
        self.sums = list(sums)


__all__ = ["Rolling", "RollingState"]
