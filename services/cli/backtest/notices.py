"""
Notices: which violations would have been opened, when and where, and so who would have been told.

Alert rules are not consulted: a violation is counted where and when the limit passed, and whoever owns the standard is
taken to be told, once a day for each scope.
"""

from collections import defaultdict
from typing import Final, NamedTuple

from services.cli.replay.local_time import LocalTime
from services.sla.engine import Violation

__all__ = ["Notice", "Notices"]

_HOURS: Final = 24


class Notice(NamedTuple):
    """
    The violations that one scope (a queue of a site) had on one local day; `first_at` is when the first was opened.
    """

    date: str
    site: str
    queue: str | None
    first_at: int
    violations: int


class Notices:
    """
    Counts the violations of journeys by standard. Each is added once, as it stands in the end.
    """

    def __init__(self, local: LocalTime) -> None:
        self._local = local
        self._days: defaultdict[str, dict[tuple[str, str, str | None], tuple[int, int]]] = defaultdict(dict)
        self._hours: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)

    def add(self, violation: Violation) -> None:
        """
        Count a violation of a limit; that a clock was at risk is no violation.
        """
        if violation.kind != "journey":
            return
        date, hour, _ = self._local(violation.opened_at)
        days = self._days[violation.standard]
        scope = (date, violation.site, violation.queue)
        first_at, count = days.get(scope, (violation.opened_at, 0))
        days[scope] = (min(first_at, violation.opened_at), count + 1)
        self._hours[violation.standard].setdefault(violation.site, [0] * _HOURS)[hour] += 1

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
