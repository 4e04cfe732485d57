"""
The pace of a play: which instant of the simulated day it is, given how long it has been played.
"""

from dataclasses import dataclass

from services.cli.simulator.lines import Day

__all__ = ["Pace", "plan"]


@dataclass(frozen=True)
class Pace:
    """
    Simulated time runs `speed` times as fast as the wall from `live_at` on, up to `ends_at` (never, if None).
    """

    day: Day
    speed: int
    ends_at: int | None

    def reached(self, played_ms: int) -> int:
        """
        The simulated instant after `played_ms` of playing; all that is older has happened.
        """
        at = self.day.live_at + played_ms * self.speed
        return at if self.ends_at is None else min(at, self.ends_at)

    def is_over(self, played_ms: int) -> bool:
        return self.ends_at is not None and self.reached(played_ms) >= self.ends_at


def plan(*, now_ms: int, backlog_ms: int, lasts_ms: int | None, speed: int, wall_clock_ms: int) -> Pace:
    """
    Lay a play so that it never tells of the future: at speed 1 it goes live now; faster, it begins so far back that
    simulated time reaches the present when the play ends. Before it goes live, `backlog_ms` have happened already.

    A faster play needs an end: raises ValueError where `lasts_ms` is missing.
    """
    if speed > 1 and lasts_ms is None:
        raise ValueError("a play faster than time needs to know its length")
    live_at = now_ms if lasts_ms is None else now_ms - lasts_ms + lasts_ms // speed
    day = Day(begins_at=live_at - backlog_ms, live_at=live_at, wall_clock_ms=wall_clock_ms)
    return Pace(day, speed, None if lasts_ms is None else live_at + lasts_ms)
