"""
The sites of a season, as data: three bank branches, a call centre, two drive-thrus, two shops, a city office, a hotel
and a service desk. Three of them are those of the live play, with fewer customers.

The figures are made up to look like an ordinary year: customers a day and how they spread over it, who serves, how long
it takes, and how long people put up with waiting.
"""

from dataclasses import dataclass
from typing import Final

from schemas.base import MINUTE_MS, SECOND_MS
from services.cli.simulator.sites import Line, SimulatedSite, Step

__all__ = ["SITES", "SeasonSite"]


@dataclass(frozen=True)
class SeasonSite:
    """
    A site with what a day of it depends on.
    """

    site: SimulatedSite
    sector: str
    zone: str
    week: tuple[float, ...]
    """Share of the usual customers by weekday, Monday first; 0 where it is closed."""
    survey: str
    """How its customers are asked: csat or nps."""
    regulars: int
    """How many customers it knows by a pseudonym; 0 where they stay unknown."""


_OFFICE = (0, 0, 0, 0, 0, 0, 0, 0, 7, 11, 13, 13, 11, 10, 11, 11, 9, 4, 0, 0, 0, 0, 0, 0)
_CALLS = (1, 1, 1, 1, 1, 2, 8, 24, 64, 92, 96, 94, 90, 84, 86, 84, 76, 58, 38, 26, 16, 10, 6, 3)
_LANE = (4, 2, 1, 1, 2, 6, 22, 42, 40, 26, 30, 62, 78, 66, 36, 26, 34, 56, 66, 52, 30, 20, 10, 6)
_SHOP = (0, 0, 0, 0, 0, 0, 0, 2, 5, 7, 8, 9, 10, 9, 8, 9, 11, 13, 11, 7, 3, 0, 0, 0)
_HOTEL = (1, 0, 0, 0, 1, 3, 6, 12, 14, 14, 13, 10, 6, 6, 12, 16, 17, 14, 11, 8, 6, 4, 3, 2)
_DESK = (1, 1, 1, 1, 1, 2, 4, 10, 16, 17, 15, 12, 9, 12, 14, 13, 11, 7, 4, 3, 2, 2, 1, 1)

_OPEN_ALL_DAYS = (0.95, 0.9, 0.95, 1.0, 1.15, 1.2, 1.0)
_MONDAY_TO_FRIDAY = (1.12, 1.0, 0.96, 1.0, 1.08, 0.0, 0.0)
_MONDAY_TO_SATURDAY = (0.9, 0.9, 0.95, 1.0, 1.2, 1.3, 0.0)
_CALL_WEEK = (1.25, 1.1, 1.0, 1.0, 1.05, 0.45, 0.35)

_COUNTER = (Step("journey.called", 0.0), Step("service.started", 0.06), Step("service.completed", 1.0))
_CALL = (Step("journey.called", 0.0), Step("service.started", 0.0), Step("service.completed", 1.0))
_LANE_STEPS = (
    Step("milestone.reached", 0.22, "ordered"),
    Step("milestone.reached", 0.55, "paid"),
    Step("milestone.reached", 0.97, "presented"),
    Step("service.completed", 1.0),
)
_TILL = (Step("journey.called", 0.0), Step("service.completed", 1.0))


def _spread(shape: tuple[int, ...], customers: int) -> tuple[float, ...]:
    """
    Spread a day's customers over its hours.
    """
    total = sum(shape)
    return tuple(customers * part / total for part in shape)


def _counter(customers: int, places: int) -> Line:
    return Line(
        queue="counter", letter="C", services=("cash", "transfer", "cards"),
        segments=("private", "private", "private", "business"), arrivals_per_hour=_spread(_OFFICE, customers),
        places=places, handling_ms=208 * SECOND_MS, handling_spread=0.5, patience_ms=40 * MINUTE_MS, steps=_COUNTER,
    )  # fmt: skip


def _advice(customers: int, places: int) -> Line:
    return Line(
        queue="advice", letter="A", services=("mortgage", "savings"), segments=("private", "business"),
        arrivals_per_hour=_spread(_OFFICE, customers), places=places, handling_ms=22 * MINUTE_MS, handling_spread=0.4,
        patience_ms=50 * MINUTE_MS, steps=_COUNTER,
    )  # fmt: skip


def _branch(name: str, counter: Line, advice: Line) -> SeasonSite:
    site = SimulatedSite(
        id=name, channel="walk_in", team=f"{name}-counter", arrival_source=f"/demo/{name}/tickets",
        place_source=f"/demo/{name}/till", lines=(counter, advice),
    )  # fmt: skip
    return SeasonSite(site, "bank-branch", "Europe/Berlin", _MONDAY_TO_FRIDAY, "csat", 4_000)


def _lane(name: str, customers: int) -> SeasonSite:
    line = Line(
        queue="lane", letter="D", services=("order",), segments=("guest",), arrivals_per_hour=_spread(_LANE, customers),
        places=2, handling_ms=150 * SECOND_MS, handling_spread=0.3, patience_ms=12 * MINUTE_MS, steps=_LANE_STEPS,
    )  # fmt: skip
    source = f"/demo/{name}/lane"
    site = SimulatedSite(
        id=name, channel="drive_thru", team=f"{name}-crew", arrival_source=source, place_source=source, lines=(line,)
    )
    return SeasonSite(site, "restaurant", "Europe/Berlin", _OPEN_ALL_DAYS, "csat", 0)


def _shop(name: str, customers: int, places: int) -> SeasonSite:
    line = Line(
        queue="tills", letter="T", services=("purchase", "return"), segments=("customer", "customer", "member"),
        arrivals_per_hour=_spread(_SHOP, customers), places=places, handling_ms=170 * SECOND_MS, handling_spread=0.6,
        patience_ms=30 * MINUTE_MS, steps=_TILL,
    )  # fmt: skip
    site = SimulatedSite(
        id=name, channel="walk_in", team=f"{name}-tills", arrival_source=f"/demo/{name}/gates",
        place_source=f"/demo/{name}/till", lines=(line,),
    )  # fmt: skip
    return SeasonSite(site, "retail", "Europe/Riga", _MONDAY_TO_SATURDAY, "nps", 0)


_CALL_CENTRE = SimulatedSite(
    id="call-centre", channel="phone", team="call-centre-day", arrival_source="/demo/call-centre/exchange",
    place_source="/demo/call-centre/exchange",
    lines=(
        Line(
            queue="everyday", letter="E", services=("balance", "payments", "lost_card", "online_access"),
            segments=("private",), arrivals_per_hour=_spread(_CALLS, 360), places=5, handling_ms=170 * SECOND_MS,
            handling_spread=0.6, patience_ms=150 * SECOND_MS, steps=_CALL,
        ),
        Line(
            queue="priority", letter="P", services=("lost_card", "investments"), segments=("vip",),
            arrivals_per_hour=_spread(_CALLS, 90), places=3, handling_ms=200 * SECOND_MS, handling_spread=0.5,
            patience_ms=240 * SECOND_MS, steps=_CALL,
        ),
    ),
)  # fmt: skip

_CITY_OFFICE = SimulatedSite(
    id="city-office-2", channel="walk_in", team="city-office-2-desks", arrival_source="/demo/city-office-2/tickets",
    place_source="/demo/city-office-2/desk",
    lines=(
        Line(
            queue="registration", letter="R", services=("passport", "residence", "certificate"), segments=("citizen",),
            arrivals_per_hour=_spread(_OFFICE, 190), places=4, handling_ms=7 * MINUTE_MS, handling_spread=0.5,
            patience_ms=90 * MINUTE_MS, steps=_COUNTER,
        ),
        Line(
            queue="permits", letter="B", services=("parking", "building"), segments=("citizen", "business"),
            arrivals_per_hour=_spread(_OFFICE, 60), places=3, handling_ms=14 * MINUTE_MS, handling_spread=0.5,
            patience_ms=90 * MINUTE_MS, steps=_COUNTER,
        ),
    ),
)  # fmt: skip

_RECEPTION = SimulatedSite(
    id="hotel-1", channel="walk_in", team="hotel-1-reception", arrival_source="/demo/hotel-1/reception",
    place_source="/demo/hotel-1/reception",
    lines=(
        Line(
            queue="reception", letter="H", services=("check_in", "check_out", "request"), segments=("guest", "member"),
            arrivals_per_hour=_spread(_HOTEL, 140), places=2, handling_ms=230 * SECOND_MS, handling_spread=0.5,
            patience_ms=45 * MINUTE_MS, steps=_COUNTER,
        ),
    ),
)  # fmt: skip

_DESK_SITE = SimulatedSite(
    id="service-desk", channel="chat", team="service-desk-1st", arrival_source="/demo/service-desk/chat",
    place_source="/demo/service-desk/chat",
    lines=(
        Line(
            queue="support", letter="S", services=("password", "device", "software"), segments=("office", "field"),
            arrivals_per_hour=_spread(_DESK, 190), places=4, handling_ms=9 * MINUTE_MS, handling_spread=0.7,
            patience_ms=15 * MINUTE_MS, steps=_CALL,
        ),
    ),
)  # fmt: skip

SITES: Final[tuple[SeasonSite, ...]] = (
    _branch("branch-07", _counter(260, 3), _advice(30, 3)),
    _branch("branch-12", _counter(250, 3), _advice(26, 3)),
    _branch("branch-21", _counter(230, 3), _advice(24, 3)),
    SeasonSite(_CALL_CENTRE, "contact-centre", "Europe/Berlin", _CALL_WEEK, "nps", 9_000),
    _lane("drive-thru-3", 260),
    _lane("drive-thru-8", 220),
    _shop("shop-5", 300, 3),
    _shop("shop-9", 260, 3),
    SeasonSite(_CITY_OFFICE, "city-service", "Europe/Riga", _MONDAY_TO_FRIDAY, "csat", 0),
    SeasonSite(_RECEPTION, "hotel", "Europe/Riga", _OPEN_ALL_DAYS, "csat", 2_000),
    SeasonSite(_DESK_SITE, "service-desk", "Europe/Berlin", (1.2, 1.05, 1.0, 1.0, 0.95, 0.25, 0.2), "csat", 900),
)
"""In the order in which a reader meets them; the first, the fourth and the fifth are those of the live play."""
