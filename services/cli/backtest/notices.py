"""
Notices: which violations would have been opened, when and where, and so who would have been told.

Alert rules are not consulted: a violation is counted where and when the limit passed, or somebody fell silent, and
whoever owns the standard is taken to be told, once a day for each scope. Where one by itself cannot break the standard,
it is the objective that tells.
"""

from collections import defaultdict
from typing import Final, NamedTuple

from services.cli.replay.local_time import LocalTime
from services.sla.engine import Violation

__all__ = ["Notice", "Notices"]

_HOURS: Final = 24
_OF_SINGLES: Final = ("journey", "presence")
_OF_OBJECTIVES: Final = ("objective",)


class Notice(NamedTuple):
    """
    The violations that one scope had on one local day; `first_at` is when the first was opened. A scope is a queue of a
    site; of an objective it may be a region or the organisation, whose name then stands for the site.
    """

    date: str
    site: str
    queue: str | None
    first_at: int
    violations: int


class Notices:
    """
    Counts violations by standard, of single ones, or of the objective for the standards in `by_objective`. Each is
    added once, as it stands in the end.
    """

    def __init__(self, local: LocalTime, by_objective: frozenset[str] = frozenset()) -> None:
        self._local = local
        self._by_objective = by_objective
        self._days: defaultdict[str, dict[tuple[str, str, str | None], tuple[int, int]]] = defaultdict(dict)
        self._hours: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)

    def add(self, violation: Violation) -> None:
        """
        Count a violation; that a clock was at risk is none.
        """
        if violation.kind not in (_OF_OBJECTIVES if violation.standard in self._by_objective else _OF_SINGLES):
            return
        site = violation.site or violation.scope or ""
        date, hour, _ = self._local(violation.opened_at)
        days = self._days[violation.standard]
        scope = (date, site, violation.queue)
        first_at, count = days.get(scope, (violation.opened_at, 0))
        days[scope] = (min(first_at, violation.opened_at), count + 1)
        self._hours[violation.standard].setdefault(site, [0] * _HOURS)[hour] += 1

    def of(self, standard: str) -> list[Notice]:
        """
        Return the notices about one standard in the order of time.
        """
        found = [Notice(*scope, *told) for scope, told in self._days.get(standard, {}).items()]
        return sorted(found, key=lambda one: (one.first_at, one.site, one.queue or ""))

    def hours(self, standard: str, site: str | None = None) -> list[int]:
        """
        Return how many violations were opened in each hour of the local day, 0 to 23; at one site, if named.
        """
        sites = self._hours.get(standard, {})
        sums = [counts for name, counts in sites.items() if site in {None, name}]
        return [sum(counts[hour] for counts in sums) for hour in range(_HOURS)]
