"""
The sites that the simulator plays, as data: a bank branch, a call centre and a drive-thru.

The figures are made up to look like an ordinary busy day: arrivals by hour, how many serve, how long it takes, and
how long people put up with waiting. They are chosen so that each site keeps some of its standards and breaks others.
"""

from dataclasses import dataclass
from typing import Final

from schemas.base import MINUTE_MS, SECOND_MS

__all__ = ["BRANCH", "CALL_CENTRE", "DRIVE_THRU", "SITES", "Break", "Line", "SimulatedSite", "Step"]


@dataclass(frozen=True)
class Step:
    """
    What is reported while a customer is served: an event type, and the share of the handling that has passed by then.
    """

    type: str
    share: float
    milestone: str | None = None


@dataclass(frozen=True)
class Break:
    """
    Some are away: which places of the line, from when after going live (negative: before), for how long.
    """

    places: range
    begins_ms: int
    lasts_ms: int


@dataclass(frozen=True)
class Line:
    """
    One queue of a site and those who serve it.
    """

    queue: str
    letter: str
    """First letter of its tickets."""
    services: tuple[str, ...]
    segments: tuple[str, ...]
    arrivals_per_hour: tuple[float, ...]
    """By the hour of the site's day, 24 of them."""
    places: int
    """How many customers can be served at once."""
    handling_ms: int
    """The usual length of serving one customer."""
    handling_spread: float
    """0 for always the same; about 0.5 for people."""
    patience_ms: int
    """Mean of how long customers wait before they leave."""
    steps: tuple[Step, ...]
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True)
class SimulatedSite:
    """
    A site with its lines; `place_source` names the system that reports on serving, one for each place.
    """

    id: str
    channel: str
    team: str
    arrival_source: str
    place_source: str
    lines: tuple[Line, ...]
    tells_duty: bool = False
    """Whether its system reports who is on duty."""


_BRANCH_DAY = (0, 0, 0, 0, 0, 0, 0, 10, 70, 110, 125, 135, 150, 130, 110, 105, 110, 60, 10, 0, 0, 0, 0, 0)
_CALL_DAY = (
    *(60, 40, 30, 30, 50, 120, 320, 880, 1850, 2300, 2400, 2500),
    *(2550, 2250, 2150, 2100, 1900, 1500, 950, 640, 400, 240, 160, 100),
)
_LANE_DAY = (8, 5, 2, 2, 5, 15, 50, 90, 85, 55, 60, 120, 150, 130, 75, 55, 70, 110, 130, 105, 60, 40, 22, 12)

_COUNTER_STEPS = (Step("journey.called", 0.0), Step("service.started", 0.06), Step("service.completed", 1.0))
_CALL_STEPS = (Step("journey.called", 0.0), Step("service.started", 0.0), Step("service.completed", 1.0))
_LANE_STEPS = (
    Step("milestone.reached", 0.22, "ordered"),
    Step("milestone.reached", 0.55, "paid"),
    Step("milestone.reached", 0.97, "presented"),
    Step("service.completed", 1.0),
)

BRANCH: Final = SimulatedSite(
    id="branch-07",
    channel="walk_in",
    team="branch-07-counter",
    arrival_source="/demo/branch-07/tickets",
    place_source="/demo/branch-07/till",
    lines=(
        Line(
            queue="counter",
            letter="C",
            services=("cash", "transfer", "cards"),
            segments=("private", "private", "private", "business"),
            arrivals_per_hour=_BRANCH_DAY,
            places=4,
            handling_ms=95 * SECOND_MS,
            handling_spread=0.55,
            patience_ms=25 * MINUTE_MS,
            steps=_COUNTER_STEPS,
            # Two colleagues go to lunch at the worst moment: the queue grows and promises begin to break.
            breaks=(
                Break(range(1), -8 * MINUTE_MS, 30 * MINUTE_MS),
                Break(range(1, 2), -25 * MINUTE_MS, 12 * MINUTE_MS),
            ),
        ),
        Line(
            queue="advice",
            letter="A",
            services=("mortgage", "savings"),
            segments=("private", "business"),
            arrivals_per_hour=tuple(rate // 8 for rate in _BRANCH_DAY),
            places=4,
            handling_ms=12 * MINUTE_MS,
            handling_spread=0.4,
            patience_ms=40 * MINUTE_MS,
            steps=_COUNTER_STEPS,
        ),
    ),
)

CALL_CENTRE: Final = SimulatedSite(
    id="call-centre",
    channel="phone",
    team="call-centre-day",
    arrival_source="/demo/call-centre/exchange",
    place_source="/demo/call-centre/exchange",
    tells_duty=True,
    lines=(
        Line(
            queue="everyday",
            letter="E",
            services=("balance", "payments", "lost_card", "online_access"),
            segments=("private",),
            arrivals_per_hour=_CALL_DAY,
            places=118,
            handling_ms=180 * SECOND_MS,
            handling_spread=0.6,
            patience_ms=110 * SECOND_MS,
            steps=_CALL_STEPS,
            # A team meeting soon after going live, so that whoever watches sees waits build up and dissolve.
            breaks=(Break(range(48), 3 * SECOND_MS, 80 * SECOND_MS),),
        ),
        Line(
            queue="priority",
            letter="P",
            services=("lost_card", "investments"),
            segments=("vip",),
            arrivals_per_hour=tuple(rate // 6 for rate in _CALL_DAY),
            places=27,
            handling_ms=200 * SECOND_MS,
            handling_spread=0.5,
            patience_ms=150 * SECOND_MS,
            steps=_CALL_STEPS,
        ),
    ),
)

DRIVE_THRU: Final = SimulatedSite(
    id="drive-thru-3",
    channel="drive_thru",
    team="drive-thru-3-crew",
    arrival_source="/demo/drive-thru-3/lane",
    place_source="/demo/drive-thru-3/lane",
    lines=(
        Line(
            queue="lane",
            letter="D",
            services=("order",),
            segments=("guest",),
            arrivals_per_hour=_LANE_DAY,
            # A lane is a pipeline: several cars are between the menu and the window at once.
            places=7,
            handling_ms=175 * SECOND_MS,
            handling_spread=0.3,
            patience_ms=9 * MINUTE_MS,
            steps=_LANE_STEPS,
        ),
    ),
)

SITES: Final = (BRANCH, CALL_CENTRE, DRIVE_THRU)
