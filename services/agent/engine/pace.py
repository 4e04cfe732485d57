"""
When a lane sends again, and how much at once.

It waits longer after each failure in a row, by lot, so that a thousand shops do not come back in the same second. It
sends less at once while one record spoils a batch, and gives that one up after some tries, so that it blocks nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from domain.backoff import Backoff, Draw, wait_before
from schemas.base import Millis
from services.agent.engine.answers import Wait, WaitReason

__all__ = ["BACKOFF", "STRIKES", "Pace"]

BACKOFF: Final = Backoff(first_ms=500, longest_ms=60_000)
STRIKES: Final = 5
"""So often ingest may fail at one record that was sent alone, before the record is set aside."""


@dataclass(slots=True)
class Pace:
    """
    How one lane is going. ``most``: records at once, at best. Instants are those of a clock that only goes forward.
    """

    most: int
    at_once: int = 0
    """Records to send at once now."""
    not_before: Millis = 0
    """Nothing is sent before this."""
    failures: int = 0
    """In a row."""
    trouble: WaitReason | None = None
    """Why it waits; None while all goes well."""
    strikes: dict[int, int] = field(default_factory=dict)
    """How often ingest failed at a record, by its number."""

    def __post_init__(self) -> None:
        self.at_once = self.at_once or self.most

    def went_well(self, settled: Iterable[int]) -> None:
        """
        Ingest has answered for these records, by number.
        """
        self.failures, self.trouble, self.not_before = 0, None, 0
        self.at_once = min(2 * self.at_once, self.most)
        for seq in settled:
            self.strikes.pop(seq, None)

    def went_wrong(self, wait: Wait, now: Millis, draw: Draw) -> None:
        """
        It has to be sent again, not before what ingest asked for.
        """
        self.failures += 1
        self.trouble = wait.reason
        self.not_before = now + max(wait.at_least_ms, wait_before(self.failures + 1, BACKOFF, draw))

    def send_less(self) -> None:
        """
        One of them is the matter.
        """
        self.at_once = max(1, self.at_once // 2)

    def gives_up(self, seq: int) -> bool:
        """
        Count that ingest failed at this record, alone, and say whether to set it aside.
        """
        self.strikes[seq] = self.strikes.get(seq, 0) + 1
        return self.strikes[seq] >= STRIKES
