"""
Plays a season day by day: every day of a site is a play of its own, fixed by the seed, the site and the date.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from schemas.base import HOUR_MS, to_millis
from services.cli.season.daily import SiteDay, Told
from services.cli.season.planted import PLANTED, Planted
from services.cli.season.sites import SITES, SeasonSite
from services.cli.season.truth import SeasonTruth

__all__ = ["Season"]

_NOON: Final = 12


@dataclass(frozen=True)
class Season:
    """
    So many days that end before a date, in each site's own time.
    """

    seed: int
    until: date
    days: int
    sites: Sequence[SeasonSite] = SITES
    planted: Planted = PLANTED

    @property
    def begins(self) -> date:
        """
        The first day.
        """
        return self.until - timedelta(days=self.days)

    @property
    def begins_at(self) -> int:
        """
        Before anything happens anywhere (milliseconds).
        """
        return self._begin_of(self.begins)

    @property
    def ends_at(self) -> int:
        """
        When the last day is over everywhere (milliseconds).
        """
        return max(_midnight(one, self.until) for one in self.sites)

    @property
    def outage_on(self) -> date:
        """
        The day of the agreed outage.
        """
        return self.begins + timedelta(days=int(self.days * self.planted.outage.after))

    @property
    def outage(self) -> tuple[int, int]:
        """
        When the agreed outage begins and ends (milliseconds).
        """
        planted = self.planted.outage
        site = next(one for one in self.sites if one.site.id == planted.site)
        begins_at = _midnight(site, self.outage_on) + planted.begins_ms
        return begins_at, begins_at + planted.lasts_ms

    def played(self, truth: SeasonTruth) -> Iterator[tuple[int, list[Told]]]:
        """
        Yield for each day the instant at which the next one begins and what is received until then, by the instant of
        receipt; `truth` hears of what really happened. What comes after the last day is left out.
        """
        held: list[Told] = []
        for number in range(self.days):
            day = self.begins + timedelta(days=number)
            name, passed = f"{self.seed}/{day.isoformat()}", number / self.days
            held += chain.from_iterable(
                SiteDay(one, day, _midnight(one, day), passed, day == self.outage_on, self.planted, name).told(truth)
                for one in self.sites
            )
            held.sort(key=_in_order)
            ends_at = self.ends_at if number == self.days - 1 else self._begin_of(day + timedelta(days=1))
            place = next((place for place, told in enumerate(held) if told.at >= ends_at), len(held))
            yield ends_at, held[:place]
            held = held[place:]

    def _begin_of(self, day: date) -> int:
        return min(_midnight(one, day) for one in self.sites)


def _midnight(one: SeasonSite, day: date) -> int:
    # Reckoned from noon, so that opening hours are those on the wall on days on which clocks are changed, too.
    noon = datetime(day.year, day.month, day.day, _NOON, tzinfo=ZoneInfo(one.zone))
    return to_millis(noon) - _NOON * HOUR_MS


def _in_order(told: Told) -> tuple[int, str, str]:
    return told.at, told.event["source"], told.event["id"]
