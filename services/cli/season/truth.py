"""
The truth of a season: what really happened at the places where something was planted, which no report can bend.
"""

from collections import Counter
from datetime import date
from typing import Any

from schemas.base import MINUTE_MS
from services.cli.season.planted import Planted
from services.cli.simulator import Report, Truth

__all__ = ["Kept", "SeasonTruth"]

_BASIS_POINTS = 10_000
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Kept:
    """
    Of the customers of one line by what they are split by: how many came, and how many of them were called in time.
    """

    def __init__(self) -> None:
        self.came: Counter[int] = Counter()
        self.in_time: Counter[int] = Counter()

    def add(self, part: int, *, in_time: bool) -> None:
        self.came[part] += 1
        self.in_time[part] += in_time

    def basis_points(self, *parts: int) -> int:
        """
        The share of those parts together; 0 where nobody came.
        """
        came = sum(self.came[part] for part in parts)
        return _BASIS_POINTS * sum(self.in_time[part] for part in parts) // came if came else 0


class SeasonTruth:
    """
    Hears of every report, sent or not, by the day of its customer's arrival.
    """

    def __init__(self, planted: Planted, begins: date) -> None:
        self._planted = planted
        self._begins = begins
        self._sent = Truth()
        self._arrived: dict[tuple[str, str], int] = {}
        self.by_week = Kept()
        """At the place where a standard decays, by week; the first is 0."""
        self.by_weekday = Kept()
        """In the queue that is short of staff on one day, by weekday; Monday is 0."""
        self.skewed = 0
        """Reports of the till whose clock is wrong."""

    def note(self, site: str, day: date, report: Report) -> None:
        """
        Hear of a report of a customer who came on that day.
        """
        self._sent.note(report)
        fact = report.fact
        planted = self._planted
        self.skewed += fact.source == planted.wrong_clock.source
        place = (site, dict(fact.attributes)["queue"])
        decay, short = planted.decay, planted.short_day
        if place == (decay.site, decay.queue):
            self._wait(site, report, decay.limit_ms, self.by_week, (day - self._begins).days // 7)
        elif place == (short.site, short.queue):
            self._wait(site, report, short.limit_ms, self.by_weekday, day.weekday())

    def _wait(self, site: str, report: Report, limit_ms: int, kept: Kept, part: int) -> None:
        fact = report.fact
        if fact.type == "journey.arrived":
            self._arrived[site, fact.journey] = fact.at
        elif fact.type in {"journey.called", "journey.abandoned"}:
            arrived_at = self._arrived.pop((site, fact.journey), None)
            # A second report of the same fact says nothing new.
            if arrived_at is not None:
                kept.add(part, in_time=fact.type == "journey.called" and fact.at - arrived_at <= limit_ms)

    def sentences(self) -> list[str]:
        """
        What whoever looks at the figures must find, and where.
        """
        decay, short, clock = self._planted.decay, self._planted.short_day, self._planted.wrong_clock
        others = [day for day in range(7) if day != short.weekday]
        first, last = self._percent(self.by_week, 0), self._percent(self.by_week, max(self.by_week.came, default=0))
        fell = (
            f"falls from {first} in the first week to {last} in the last"
            if len(self.by_week.came) > 1
            else f"is kept by {first}; that it falls week by week is not seen within one"
        )
        falls = f"{decay.site}: {decay.standard} {fell}: {decay.says}"
        differs = (
            f"{short.site}, queue {short.queue}: {short.standard} is kept by "
            f"{self._percent(self.by_weekday, short.weekday)} on {_DAYS[short.weekday]}s and "
            f"{self._percent(self.by_weekday, *others)} on other days: {short.says}"
        )
        runs_ahead = (
            f"{clock.source}: its clock is {clock.fast_ms // MINUTE_MS} minutes fast, so its events seem to be "
            f"received before they happen, and {clock.standard} at {clock.site} looks worse than it is: {clock.says}"
        )
        return [falls, differs, runs_ahead]

    def told(self) -> dict[str, Any]:
        """
        The same as figures (shares in basis points), with what was sent and what went wrong on purpose.
        """
        decay, short, clock = self._planted.decay, self._planted.short_day, self._planted.wrong_clock
        return self._sent.told() | {
            "decay": {
                "site": decay.site, "queue": decay.queue, "standard": decay.standard,
                "kept_by_week": [self.by_week.basis_points(week) for week in sorted(self.by_week.came)],
            },
            "short_day": {
                "site": short.site, "queue": short.queue, "standard": short.standard,
                "kept_by_weekday": {
                    _DAYS[day]: self.by_weekday.basis_points(day) for day in sorted(self.by_weekday.came)
                },
            },
            "wrong_clock": {
                "site": clock.site, "source": clock.source, "standard": clock.standard, "fast_ms": clock.fast_ms,
                "reports": self.skewed,
            },
        }  # fmt: skip

    @staticmethod
    def _percent(kept: Kept, *parts: int) -> str:
        if not any(kept.came[part] for part in parts):
            return "nobody (none came)"
        points = kept.basis_points(*parts)
        return f"{points // 100}.{points % 100:02d} %"
