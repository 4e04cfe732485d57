"""
What the one that works has in hand: from taking over until somebody else does, and of one look what came of it.
"""

from dataclasses import dataclass, field

from schemas.base import Millis
from services.alerts.engine import Alert, Decided, Desk, Lifecycles, Note, Saver, Sent, Transitions
from services.alerts.shell.backlog import Backlog
from services.alerts.shell.outbox import Outbox
from services.runtime.kafka import SavedState

__all__ = ["Duty", "Turn"]


@dataclass(slots=True)
class Duty:
    """
    One time of ownership; never survives it. `positions` are by topic and partition the first offset not contained.
    """

    saved: SavedState
    lifecycles: Lifecycles
    desk: Desk
    saver: Saver
    change: int
    positions: dict[str, dict[int, int]]
    outbox: Outbox
    now: Millis
    worked_at: Millis
    backlog: Backlog | None = None
    """What is read before the clock on the wall counts; None where nothing is known to have been written unseen."""


@dataclass(slots=True)
class Turn:
    """
    What came of one look: it leaves once it is saved. `came` where something was read that has to be saved, too.
    """

    came: bool = False
    alerts: list[Alert] = field(default_factory=list)
    messages: list[Sent] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def add(self, step: Transitions, told: Decided, *, came: bool) -> None:
        """
        Take what a part of it has brought.
        """
        self.came |= came
        self.alerts += step.alerts
        self.messages += told.messages
        self.notes += [*step.notes, *told.notes]
