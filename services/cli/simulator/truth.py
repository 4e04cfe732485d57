"""
The truth of a play: what really was sent, which a summary can be held against.
"""

from collections import Counter
from typing import Any

from services.cli.simulator.faults import Report

__all__ = ["Truth"]


class Truth:
    """
    Counts of what happened, what was sent of it, and what went wrong on purpose.
    """

    def __init__(self) -> None:
        self.reported = 0
        """Events sent, copies included."""
        self.never_sent = 0
        self.journeys = 0
        self.by_fault: Counter[str] = Counter()

    def note(self, report: Report) -> None:
        self.by_fault.update(fault.value for fault in report.faults)
        if report.sent_at is None:
            self.never_sent += 1
        else:
            self.reported += 1
        self.journeys += report.fact.place == 0

    def told(self) -> dict[str, Any]:
        return {
            "reported": self.reported,
            "never_sent": self.never_sent,
            "journeys": self.journeys,
            "faults": dict(sorted(self.by_fault.items())),
        }
