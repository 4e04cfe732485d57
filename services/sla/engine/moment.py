"""
The moment of a judgement: the revision that its outcomes get, the book in force, and where they go.
"""

from services.sla.engine.book import Book
from services.sla.engine.clocks import NEVER
from services.sla.engine.journeys import Journey, RowKey
from services.sla.engine.outcomes import Decision, Measurement, Violation


class Moment:
    """What a judgement is made at: the revision that it gets, the book in force, and where its outcomes go."""

    __slots__ = (
        "book", "changed", "decision", "grace", "late_before", "offset", "on_event_time", "timed", "watermark",
    )  # fmt: skip

    def __init__(
        self, book: Book, decision: Decision, changed: set[tuple[str, RowKey]], grace: int, *, on_event_time: bool
    ) -> None:
        """Begin with no time and no record; the caller sets both before each judgement."""
        self.on_event_time = on_event_time
        self.book = book
        self.decision = decision
        self.changed = changed
        self.grace = grace
        self.offset = -1
        self.watermark = NEVER
        self.late_before = NEVER
        self.timed = False

    def delay(self, journey: Journey) -> int:
        """How late the journey's source is known to report, in milliseconds: absence waits for it."""
        book = self.book
        return book.expected_delay(journey.arrival[2]) if book.delays else 0

    def emit_measurement(self, outcome: Measurement) -> None:
        """Let a measurement leave, at once or with the checkpoint."""
        (self.decision.timed if self.timed else self.decision.measurements).append(outcome)

    def emit_violation(self, outcome: Violation) -> None:
        """Let a violation leave, at once or with the checkpoint."""
        (self.decision.timed if self.timed else self.decision.violations).append(outcome)
