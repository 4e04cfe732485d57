"""
How far this machine's clock is from the server's, by the time that ingest's answers tell.

As in Cristian's "Probabilistic clock synchronization" (1989): the server's reading lies between sending and receiving,
so the middle is wrong by half of the round trip at most, and the shortest round trip knows best. What was measured
ages, since clocks drift.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from schemas.base import Millis

__all__ = ["ClockCheck", "Skew"]

_REMEMBERED: Final = 16
_DRIFT: Final = 10_000
"""A quartz is off by less than one in so many: 100 parts per million."""


class Skew(NamedTuple):
    """
    This machine's clock minus the server's; negative where it is behind. True within ``error_ms`` either way.
    """

    ms: Millis
    error_ms: Millis


class _Sample(NamedTuple):
    at: Millis
    server_ahead: Millis
    """The server's time minus the reading of the clock here that only goes forward."""
    error: Millis

    def error_by(self, now: Millis) -> Millis:
        return self.error + (now - self.at) // _DRIFT


@dataclass(slots=True)
class ClockCheck:
    """
    Compares clocks. ``monotonic`` readings are of a clock that only goes forward, so that the skew is right at once
    also when somebody sets this machine's clock.
    """

    _samples: deque[_Sample] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def heard(self, server_ms: Millis, *, sent: Millis, received: Millis) -> None:
        """
        Take the time of an answer; `sent` and `received` are monotonic readings around it.
        """
        # One more: readings are whole milliseconds, here and there.
        sample = _Sample(received, server_ms - (sent + received) // 2, (received - sent) // 2 + 1)
        best = self._best(received)
        if best is not None and abs(sample.server_ahead - best.server_ahead) > sample.error + best.error_by(received):
            # Both cannot be true: one clock was set, or this machine slept. What was known before is over.
            self._samples.clear()
        self._samples.append(sample)

    def skew(self, now_ms: Millis, monotonic: Millis) -> Skew | None:
        """
        The best that is known now; None before the first answer.
        """
        best = self._best(monotonic)
        if best is None:
            return None
        return Skew(now_ms - (monotonic + best.server_ahead), best.error_by(monotonic))

    def _best(self, now: Millis) -> _Sample | None:
        return min(self._samples, key=lambda sample: sample.error_by(now), default=None)
