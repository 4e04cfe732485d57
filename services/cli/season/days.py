"""
Plays a season day by day: every day of a site is a play of its own, fixed by the seed, the site and the date.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import merge
from random import Random
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from schemas.base import to_millis
from services.cli.season.planted import PLANTED, Planted
from services.cli.season.sites import SITES, SeasonSite
from services.cli.season.truth import SeasonTruth
from services.cli.simulator import Day, Faults, SimulatedSite, as_event, play
from services.cli.simulator.sites import HOUR_MS, Line

__all__ = ["Season", "Told"]

_DAY_MS: Final = 24 * HOUR_MS
_NOON: Final = 12
_ORDINARY_SPREAD: Final = 0.07
"""How much a day differs from the usual one of its weekday."""
_FAULTS: Final = Faults(late=0.004, latest_ms=20 * 60_000, duplicate=0.004, lost=0.001, misspelt=0.0005)


class Told(NamedTuple):
    """
    An event as its source reports it, at the instant at which ingest receives it (milliseconds).
    """

    at: int
    event: dict[str, Any]


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
    def begins_at(self) -> int:
        """
        Before anything happens anywhere (milliseconds).
        """
        return min(self._midnight(one, self.begins) for one in self.sites)

    @property
    def ends_at(self) -> int:
        """
        When the last day is over everywhere (milliseconds).
        """
        return max(self._midnight(one, self.until) for one in self.sites)

    def dates(self) -> Iterator[date]:
        """
        Yield the days, the first one first.
        """
        for number in range(self.days, 0, -1):
            yield self.until - timedelta(days=number)

    @property
    def begins(self) -> date:
        """
        The first day.
        """
        return self.until - timedelta(days=self.days)

    def played(self, truth: SeasonTruth) -> Iterator[list[Told]]:
        """
        Yield what is received from the beginning of one day to that of the next, by the instant of receipt; `truth`
        hears of what really happened.
        """
        held: list[Told] = []
        for day in self.dates():
            begins_at = min(self._midnight(one, day + timedelta(days=1)) for one in self.sites)
            held += merge(*(self._of_site(one, day, truth) for one in self.sites), key=_at)
            held.sort(key=_at)
            place = next((place for place, told in enumerate(held) if told.at >= begins_at), len(held))
            yield held[:place]
            held = held[place:]
        yield held

    def _of_site(self, one: SeasonSite, day: date, truth: SeasonTruth) -> Iterator[Told]:
        name = f"{self.seed}/{day.isoformat()}"
        site = self._as_on(one, day, Random(f"{name}/{one.site.id}"))  # noqa: S311  (a play, no secrets)
        if not site.lines:
            return
        begins_at = self._midnight(one, day)
        faults = replace(_FAULTS, skews=self.planted.skews.get(site.id, ()))
        plan = Day(begins_at=begins_at, live_at=begins_at, wall_clock_ms=0, ends_at=begins_at + _DAY_MS)
        for report in play(name, plan, [site], faults):
            truth.note(site.id, day, report)
            if report.sent_at is not None:
                yield Told(report.sent_at, as_event(report, site.id))

    def _as_on(self, one: SeasonSite, day: date, chance: Random) -> SimulatedSite:
        """
        A site as it is on a day: how many come, who serves, and how long that takes.
        """
        busy = one.week[day.weekday()] * max(0.5, chance.gauss(1.0, _ORDINARY_SPREAD))
        passed = (day - self.begins).days / self.days
        lines = [self._line(one.site.id, line, day.weekday(), busy, passed) for line in one.site.lines]
        return replace(one.site, lines=tuple(lines) if busy else ())

    def _line(self, site: str, line: Line, weekday: int, busy: float, passed: float) -> Line:
        return replace(
            line,
            arrivals_per_hour=tuple(rate * busy for rate in line.arrivals_per_hour),
            places=self.planted.places(site, line.queue, weekday, line.places),
            handling_ms=self.planted.handling_ms(site, line.queue, passed, line.handling_ms),
        )

    @staticmethod
    def _midnight(one: SeasonSite, day: date) -> int:
        # Reckoned from noon, so that opening hours are those on the wall on days on which clocks are changed, too.
        noon = datetime(day.year, day.month, day.day, _NOON, tzinfo=ZoneInfo(one.zone))
        return to_millis(noon) - _NOON * HOUR_MS


def _at(told: Told) -> int:
    return told.at
