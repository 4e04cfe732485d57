"""
The truths that are planted in a season: what somebody who looks at figures must find, and nothing else is wrong.
"""

from dataclasses import dataclass
from typing import Final

from schemas.base import HOUR_MS, MINUTE_MS

__all__ = ["PLANTED", "Decay", "Outage", "Planted", "ShortDay", "WrongClock"]

_MONDAY: Final = 0


@dataclass(frozen=True)
class Decay:
    """
    A standard that decays at one site: serving takes longer week by week, up to so many hundredths in the end.
    """

    site: str
    queue: str
    standard: str
    limit_ms: int
    from_percent: int
    to_percent: int
    says: str

    def handling_percent(self, share: float) -> float:
        """
        How long serving takes, in hundredths of the usual, when a share of the season is over.
        """
        return self.from_percent + (self.to_percent - self.from_percent) * share


@dataclass(frozen=True)
class ShortDay:
    """
    A queue that is short of staff on one day of the week.
    """

    site: str
    queue: str
    standard: str
    limit_ms: int
    weekday: int
    """0 is Monday."""
    places: int
    """How many serve on that day."""
    says: str


@dataclass(frozen=True)
class WrongClock:
    """
    A till whose clock is wrong.
    """

    site: str
    source: str
    standard: str
    fast_ms: int
    says: str


@dataclass(frozen=True)
class Outage:
    """
    An agreed outage: nobody serves at a site for a while, and the figures are shown with it and without.
    """

    site: str
    after: float
    """What share of the season is over by then."""
    begins_ms: int
    """After midnight of that day."""
    lasts_ms: int
    says: str


@dataclass(frozen=True)
class Planted:
    """
    What is wrong at which place.
    """

    decay: Decay
    short_day: ShortDay
    wrong_clock: WrongClock
    outage: Outage
    unfriendly: str
    """The site whose staff are unfriendly: they pass fewer items of every checklist."""

    def places(self, site: str, queue: str, weekday: int, usual: int) -> int:
        """
        How many serve in a line on a day.
        """
        short = self.short_day
        return short.places if (short.site, short.queue, short.weekday) == (site, queue, weekday) else usual

    def handling_ms(self, site: str, queue: str, passed: float, usual: int) -> int:
        """
        How long serving takes in a line when a share of the season is over.
        """
        decay = self.decay
        if (decay.site, decay.queue) != (site, queue):
            return usual
        return round(usual * decay.handling_percent(passed) / 100)

    def skews(self, site: str) -> dict[str, int]:
        """
        The sources of a site whose clock is wrong, with by how much (milliseconds).
        """
        clock = self.wrong_clock
        return {clock.source: clock.fast_ms} if clock.site == site else {}

    def friendly(self, site: str, usual: float) -> float:
        """
        What share of the items of a checklist staff of a site pass.
        """
        return usual - 0.2 if site == self.unfriendly else usual


PLANTED: Final = Planted(
    decay=Decay(
        "branch-12", "counter", "counter-wait", 4 * MINUTE_MS, 100, 142,
        "serving at the counter takes longer from week to week, and nobody was added",
    ),
    short_day=ShortDay(
        "city-office-2", "registration", "registration-wait", 15 * MINUTE_MS, _MONDAY, 3,
        "one desk of four stays empty on Mondays",
    ),
    # Less than five minutes, which is as far ahead as ingest takes events.
    wrong_clock=WrongClock(
        "shop-5", "/demo/shop-5/till-2", "till-wait", 4 * MINUTE_MS,
        "the clock of till 2 is fast, so customers whom it calls seem to have waited longer",
    ),
    outage=Outage("call-centre", 0.6, 14 * HOUR_MS, 45 * MINUTE_MS, "the telephone exchange was renewed"),
    unfriendly="drive-thru-8",
)  # fmt: skip
