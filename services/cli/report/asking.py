"""
Asks history what a report needs: one question at a time, each answered as everywhere in the product, with what is
agreed to be left out.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from schemas.exclusions import Exclusion
from schemas.outcomes import VIOLATIONS, Violation
from schemas.register import Site
from schemas.spelling import meant
from schemas.standards import Standard
from schemas.tables import VIOLATIONS_TABLE
from services.cli.history_door import Door
from services.cli.report.periods import Period
from services.cli.report.times import span_of_days
from services.cli.told_history import left_out_of, publications_of, register_of
from services.history.engine import (
    HELD_SQL,
    Agreements,
    Basis,
    Bucket,
    By,
    Complaints,
    Figure,
    Question,
    Tally,
    TallyQuestion,
    Topic,
    Wait,
    Which,
    buckets,
    buckets_sql,
    complaints,
    complaints_sql,
    figures,
    message_of,
    of_single_journeys,
    sql_of,
    tallies,
    tally_sql,
    topics,
    topics_sql,
    waits,
    waits_sql,
    worst_sql,
)
from services.runtime.errors import Rejected
from services.sla.shell.catalogue import Catalogue

__all__ = ["Asking", "Held", "Wish"]

_UTC: Final = ZoneInfo("UTC")


class Held(NamedTuple):
    """
    A version of a standard that history has outcomes of; its text where history holds the publication too.
    """

    id: str
    version: int
    standard: Standard | None

    @property
    def title(self) -> str:
        """
        The title; where the text is not known, the id and the version.
        """
        return f"{self.id}@{self.version}" if self.standard is None else self.standard.metadata.title


class Wish(NamedTuple):
    """
    What somebody wants to see: of which period, split by what, beside which other period, of which standards (none:
    all), and fewer than how many are too few (None: as each standard says).
    """

    period: Period
    by: tuple[By, ...]
    against: Period | None = None
    standards: tuple[str, ...] = ()
    minimum_n: int | None = None


class Asking:
    """
    A door to history, and what was asked of it already.
    """

    def __init__(self, door: Door) -> None:
        self.door = door
        self._texts: dict[str, dict[int, Standard]] = {}

    @cached_property
    def _register(self) -> tuple[list[Exclusion], list[Site]]:
        return register_of(self.door)

    @property
    def sites(self) -> dict[str, str]:
        """
        The titles of sites by their ids.
        """
        return {one.metadata.id: one.metadata.title for one in self._register[1]}

    @property
    def zone(self) -> ZoneInfo:
        """
        The zone that all sites of the register share; else UTC.
        """
        zones = {one.metadata.zone for one in self._register[1]}
        return ZoneInfo(zones.pop()) if len(zones) == 1 else _UTC

    def held(self, wanted: Sequence[str]) -> list[Held]:
        """
        Return the versions of standards that history has outcomes of. Raises Rejected for one that it has not.
        """
        found = [(str(row["standard"]), int(row["version"])) for row in self.door.rows(HELD_SQL)]
        known = {name for name, _ in found}
        for name in wanted:
            if name not in known:
                hint = meant(name, sorted(known), f"it has {', '.join(sorted(known)) or 'none'}")
                raise Rejected("unknown", f"history has no outcomes of a standard {name[:80]!r}; {hint}")
        return [
            Held(name, version, self.text(name, version)) for name, version in found if not wanted or name in wanted
        ]

    def figures(
        self, held: Held, period: Period, by: Iterable[By] = (), metrics: Sequence[str] = ()
    ) -> tuple[list[Figure], tuple[Exclusion, ...]]:
        """
        Return the figures of a version in a period, and the agreements that changed them.
        """
        question = self._question(held, period, by)
        if of_single_journeys(question.by):
            question = question._replace(basis=Basis.MEASUREMENTS)
        rows = self.door.rows(*sql_of(question))
        if question.basis is Basis.MEASUREMENTS and held.standard is not None:
            rows = [{**row, "aim": held.standard.objective.metric} for row in rows]
        exclusions, sites = self._register
        agreements = Agreements.of(question, exclusions, {one.metadata.id: one.metadata.region for one in sites})
        left_out = left_out_of(self.door, agreements)
        found = figures(question, rows, metrics, left_out)
        told = {name for one in found for name in one.left_out_by}
        return found, tuple(one for one in agreements.exclusions if one.metadata.id in told)

    def waits(self, held: Held, period: Period, by: Iterable[By] = ()) -> list[Wait]:
        """
        Return how long it took in a period.
        """
        question = self._question(held, period, by)
        return waits(question, self.door.rows(*waits_sql(question)))

    def buckets(self, held: Held, period: Period, bounds: Sequence[int]) -> list[Bucket]:
        """
        Return how many took how long, between bounds.
        """
        return buckets(bounds, self.door.rows(*buckets_sql(self._question(held, period, ()), bounds)))

    def tallies(self, question: TallyQuestion) -> list[Tally]:
        """
        Return how many violations there are.
        """
        return tallies(question, self.door.rows(*tally_sql(question)))

    def worst(self, question: TallyQuestion, which: Which, most: int) -> list[Violation]:
        """
        Return violations one by one.
        """
        rows = self.door.rows(*worst_sql(question, which, most))
        return [VIOLATIONS.validate_python(message_of(VIOLATIONS_TABLE, row)) for row in rows]

    def text(self, name: str, version: int) -> Standard | None:
        """
        Return a version of a standard, where history holds its publication.
        """
        if name not in self._texts:
            versions = Catalogue(publications_of(self.door, name)).standards(name)
            self._texts[name] = {one.metadata.version: one for one in versions}
        return self._texts[name].get(version)

    def complaints(self, question: TallyQuestion) -> list[Complaints]:
        """
        Return complaints and visits.
        """
        return complaints(question, self.door.rows(*complaints_sql(question)))

    def topics(self, question: TallyQuestion) -> list[Topic]:
        """
        Return what complaints were about.
        """
        return topics(self.door.rows(*topics_sql(question)))

    def span_of(self, held: Held, period: Period) -> int | None:
        """
        How long the time is, in milliseconds, from the first day with an outcome to the last; None where there is none.
        """
        found, _ = self.figures(held, period, (By.DAY,), ())
        return span_of_days(str(one.by["day"]) for one in found)

    @staticmethod
    def _question(held: Held, period: Period, by: Iterable[By]) -> Question:
        return Question(held.id, tuple(by), held.version, period.from_ms, period.until_ms, zone=period.zone.key)
