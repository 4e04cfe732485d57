"""
What the demo shows at one moment, besides the scene: how far it is, what runs, and the figures of the services.
"""

from dataclasses import dataclass

from services.cli.demo.alert_scene import AlertRow, Happening
from services.cli.demo.scene import Row, SeenViolation

__all__ = ["Status"]


@dataclass(frozen=True)
class Status:
    """
    One moment of the demo, complete: whatever shows it needs nothing else.
    """

    phase: str
    """What it is doing: starting, live, settling."""
    broker: str
    now_ms: int
    live_seconds: int
    of_seconds: int | None
    """None: until somebody ends it."""
    services: tuple[tuple[str, bool], ...]
    """Each process, and whether it is ready."""
    accepted: int
    refused: int
    decided: int
    lag: int
    events_per_second: int
    open_journeys: int
    oldest_seconds: int
    expected_seconds: int | None
    """The longest wait that somebody who comes now has to expect; None where nobody can tell yet."""
    measurements: int
    waiting_too_long: int
    at_risk: int
    rows: tuple[Row, ...]
    recent: tuple[SeenViolation, ...]
    """Changes of violations, the latest first."""
    alerts: tuple[AlertRow, ...]
    """Alerts that were raised: those that are not over first."""
    happenings: tuple[Happening, ...]
    """What happened to alerts, the latest last."""
    hint: str
    """What a key would do, or what came of it."""

    @property
    def clock(self) -> str:
        """
        How long it has been live, and of how long.
        """
        played = f"{self.live_seconds // 60:02d}:{self.live_seconds % 60:02d}"
        if self.of_seconds is None:
            return played
        return f"{played} of {self.of_seconds // 60:02d}:{self.of_seconds % 60:02d}"
