"""
Agreed outages in history: what they leave out of figures, however long ago it was and whenever they were entered.

The bounds of the agreements cut time into stretches, within which each of them holds or does not. History is asked for
the sums of the stretches in which one holds, by site and queue; which of these it is about is decided by the same code
as on the live line.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from domain.exclusions import Excluded
from schemas.base import MINUTE_MS
from schemas.exclusions import Exclusion
from services.history.engine.attainment import Group, LeftOut, Question, group_of, recorded_of, select
from services.history.engine.spans import Parameters

__all__ = ["AGREEMENTS_SQL", "Agreements"]

AGREEMENTS_SQL: Final = (
    "SELECT raw FROM standards FINAL WHERE kind IN ('Exclusion', 'Site') "
    "ORDER BY recorded_at DESC, topic_offset DESC LIMIT 1 BY key"
)
"""The last publication of every agreement, and of every site, whose region an agreement may name."""

_STRETCH: Final = "arrayCount(x -> x <= {arrived}, {bounds:Array(Int64)})"
"""How many of the bounds have passed."""


class Agreements(NamedTuple):
    """
    The agreements that may change the answer to a question, and the regions of sites.
    """

    question: Question
    exclusions: tuple[Exclusion, ...]
    regions: Mapping[str, str | None]

    @classmethod
    def of(cls, question: Question, known: Iterable[Exclusion], regions: Mapping[str, str | None]) -> "Agreements":
        """
        Choose those that are about the standard and reach into the span.
        """
        chosen = []
        for one in known:
            begin, until, (standard, *_) = Excluded.of(one)
            about = standard is None or bool(standard(question.standard))
            begins = question.until_ms is None or begin < question.until_ms
            lasts = question.from_ms is None or question.from_ms < until
            if about and begins and lasts:
                chosen.append(one)
        return cls(question, tuple(sorted(chosen, key=lambda one: one.metadata.id)), regions)

    def sql(self) -> tuple[str, Parameters]:
        """
        Return the SQL for what may be left out, and its parameters. Only to be asked where there is an agreement.
        """
        bounds = self._bounds()
        held = [
            place for place, at in enumerate(bounds, 1) if any(one.begin <= at < one.until for one in self._ready())
        ]
        sql, parameters = select(
            self.question,
            {"of_site": "site", "of_queue": "queue", "stretch": _STRETCH},
            (
                "{arrived} >= {first:Int64} AND {arrived} < {last:Int64}",
                "has({stretches:Array(UInt32)}, stretch)",
            ),
        )  # fmt: skip
        return sql, parameters | {
            "bounds": str(bounds), "stretches": str(held), "first": bounds[0], "last": bounds[-1],
        }  # fmt: skip

    def left_out(self, rows: Iterable[Mapping[str, Any]]) -> dict[Group, LeftOut]:
        """
        Say what is left out of each group, from the rows that the SQL gave; what two agreements cover is left out once.
        """
        bounds, ready = self._bounds(), self._ready()
        found: dict[Group, LeftOut] = {}
        for row in rows:
            begin, site = bounds[int(row["stretch"]) - 1], row["of_site"]
            asked = (self.question.standard, site, row["of_queue"], self.regions.get(site))
            together = zip(self.exclusions, ready, strict=True)
            names = {held.metadata.id for held, one in together if one.covers(begin, asked)}
            recorded = recorded_of(row)
            if names and any(recorded.values()):
                group = group_of(self.question, row)
                before = found.get(group, LeftOut({}, ()))
                summed = {name: n + before.recorded.get(name, 0) for name, n in recorded.items()}
                found[group] = LeftOut(summed, tuple(sorted(names.union(before.by))))
        return found

    def _ready(self) -> list[Excluded]:
        return [Excluded.of(one) for one in self.exclusions]

    def _bounds(self) -> list[int]:
        # A minute is left out where it begins within an agreement, as on the live line.
        edges = {edge for one in self._ready() for edge in (one.begin, one.until)}
        return sorted({-(-edge // MINUTE_MS) * MINUTE_MS for edge in edges})
