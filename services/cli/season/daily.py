"""
One day of one site: its customers and what they make of it, its staff, observers and systems, as events.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from random import Random
from typing import Any, Final, NamedTuple
from zlib import crc32

from schemas.base import DAY_MS, HOUR_MS, MINUTE_MS, format_instant
from schemas.events import PREFIX
from services.cli.season.moods import ACCEPTABLE_MS, COMPLAINTS_SOURCE, answer, complaint
from services.cli.season.planted import Planted
from services.cli.season.rounds import duty, heartbeats, observations, voices_of_staff
from services.cli.season.sites import SeasonSite
from services.cli.season.truth import SeasonTruth
from services.cli.simulator import Day, Fact, Faults, SimulatedSite, as_event, play
from services.cli.simulator.sites import Break, Line

__all__ = ["SiteDay", "Told"]

_ORDINARY_SPREAD: Final = 0.07
"""How much a day differs from the usual one of its weekday."""
_FAULTS: Final = Faults(late=0.004, latest_ms=20 * MINUTE_MS, duplicate=0.004, lost=0.001, misspelt=0.0005)
_LUNCH_AT: Final = 11 * HOUR_MS + 30 * MINUTE_MS
_LUNCH_MS: Final = 30 * MINUTE_MS
_RELIEVED: Final = 3
"""Where so many serve they go to lunch one after another."""
_FRIENDLY: Final = 0.9
_WAIT_ENDS: Final = frozenset({"journey.called", "milestone.reached"})


class Told(NamedTuple):
    """
    An event as its source reports it, at the instant at which ingest receives it (milliseconds).
    """

    at: int
    event: dict[str, Any]


@dataclass(frozen=True)
class SiteDay:
    """
    A site on a date that begins at an instant, when a share of the season is over; `is_outage` where the agreed outage
    is on that date. `name` fixes its chances.
    """

    one: SeasonSite
    date: date
    begins_at: int
    passed: float
    is_outage: bool
    planted: Planted
    name: str

    def told(self, truth: SeasonTruth) -> Iterator[Told]:
        """
        Yield all that is reported of the day, in no order; some of it days later.
        """
        chance = Random(f"{self.name}/{self.one.site.id}")  # noqa: S311  (a play, no secrets)
        site = self._site(chance)
        if site.lines:
            yield from self._customers(site, chance, truth)
            yield from self._rounds(site, chance)

    def _site(self, chance: Random) -> SimulatedSite:
        """
        The site as it is on that day: how many come, who serves, and how long that takes.
        """
        busy = self.one.week[self.date.weekday()] * max(0.5, chance.gauss(1.0, _ORDINARY_SPREAD))
        lines = [self._line(line, busy) for line in self.one.site.lines]
        return replace(self.one.site, lines=tuple(lines) if busy else ())

    def _line(self, line: Line, busy: float) -> Line:
        planted, site = self.planted, self.one.site.id
        places = planted.places(site, line.queue, self.date.weekday(), line.places)
        away = self._outage(places)
        if places >= _RELIEVED:
            away += tuple(
                Break(range(place, place + 1), _LUNCH_AT + place * _LUNCH_MS, _LUNCH_MS) for place in range(places)
            )
        return replace(
            line,
            arrivals_per_hour=tuple(rate * busy for rate in line.arrivals_per_hour),
            places=places,
            handling_ms=planted.handling_ms(site, line.queue, self.passed, line.handling_ms),
            breaks=away,
        )

    def _outage(self, places: int) -> tuple[Break, ...]:
        outage = self.planted.outage
        if outage.site == self.one.site.id and self.is_outage:
            return (Break(range(places), outage.begins_ms, outage.lasts_ms),)
        return ()

    def _customers(self, site: SimulatedSite, chance: Random, truth: SeasonTruth) -> Iterator[Told]:
        faults = replace(_FAULTS, skews=tuple(self.planted.skews(site.id).items()))
        begins_at = self.begins_at
        plan = Day(begins_at=begins_at, live_at=begins_at, wall_clock_ms=0, ends_at=begins_at + DAY_MS)
        waits: dict[str, int] = {}
        for report in play(self.name, plan, [site], faults):
            truth.note(site.id, self.date, report)
            fact = report.fact
            if report.sent_at is not None:
                event = as_event(report, site.id)
                self._name_people(event["data"], fact.journey)
                yield Told(report.sent_at, event)
            yield from self._mood(fact, waits, chance)

    def _name_people(self, facts: dict[str, Any], journey: str) -> None:
        if self.one.regulars:
            facts["customer"] = self._customer(journey)
        if "employee" in facts:
            facts["employee"] = _pseudonym("e", f"{self.one.site.id}/{facts['employee']}")

    def _customer(self, journey: str) -> str:
        return _pseudonym("c", f"{self.one.site.id}/{crc32(journey.encode()) % self.one.regulars}")

    def _mood(self, fact: Fact, waits: dict[str, int], chance: Random) -> Iterator[Told]:
        journey, kind = fact.journey, fact.type
        if fact.place == 0:
            waits.setdefault(journey, -fact.at)
        elif kind in _WAIT_ENDS and waits.get(journey, 0) < 0:
            waits[journey] += fact.at
        elif kind in {"service.completed", "journey.abandoned"} and journey in waits:
            # A second report of the same end finds it gone.
            queue = dict(fact.attributes)["queue"]
            right = 0 <= waits.pop(journey) <= ACCEPTABLE_MS[queue]
            happened = complaint(fact.at, journey, chance, right=right)
            for place, (at, type_, about, said) in enumerate(happened):
                facts = {"queue": queue, "channel": "email", **said}
                yield self._event(at, f"{about}/{place}", COMPLAINTS_SOURCE, type_, facts, about, journey)
            if kind == "service.completed":
                for at, type_, about, said in answer(fact.at, journey, self.one.survey, chance, right=right):
                    facts = {"queue": queue, "team": self.one.site.team, **said}
                    yield self._event(at, f"{about}/answer", "/demo/surveys", type_, facts, about, journey)

    def _rounds(self, site: SimulatedSite, chance: Random) -> Iterator[Told]:
        friendly = self.planted.friendly(site.id, _FRIENDLY)
        skews = self.planted.skews(site.id)
        happened = [
            *duty(site, self.begins_at),
            *observations(site, self.begins_at, friendly, chance),
            *voices_of_staff(site, self.begins_at, self.date.day, chance),
            *heartbeats(site, self.begins_at, skews, chance),
        ]
        for number, (at, type_, facts, source) in enumerate(happened):
            if "employee" in facts:
                facts["employee"] = _pseudonym("e", f"{site.id}/{facts['employee']}")
            ident = f"{site.id}/{self.date.isoformat()}/{number}"
            yield self._event(at, ident, source, type_, facts, None, None, skews.get(source, 0))

    def _event(
        self,
        at: int,
        ident: str,
        source: str,
        type_: str,
        facts: dict[str, Any],
        subject: str | None,
        journey: str | None,
        skew_ms: int = 0,
    ) -> Told:
        data = {"site": self.one.site.id, **facts}
        if journey is not None and self.one.regulars:
            data["customer"] = self._customer(journey)
        event = {
            "specversion": "1.0",
            "id": ident,
            "source": source,
            "type": PREFIX + type_,
            **({} if subject is None else {"subject": subject}),
            "time": format_instant(at + skew_ms),
            "datacontenttype": "application/json",
            "data": data,
        }
        return Told(at + 200 + crc32(ident.encode()) % 1_800, event)


@lru_cache(maxsize=20_000)
def _pseudonym(whose: str, name: str) -> str:
    """
    A pseudonym of the form that ingest gives; nobody's identity lies behind it.
    """
    return f"{whose}-{blake2b(name.encode(), digest_size=16).hexdigest()}"
