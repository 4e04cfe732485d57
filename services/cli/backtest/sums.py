"""
Sums of what is no clock, by side and site: from the rows of attainment, for a single answer or checklist does not say
all that counts.
"""

from collections import defaultdict
from collections.abc import Mapping

from domain.catalogue import CATALOGUE
from domain.recorded import RECORDED, how_many, sums_of
from services.cli.replay.figures import Figure, Group
from services.sla.engine import Attainment

__all__ = ["Sums"]


class Sums:
    """
    Adds up the rows of the standards that `metrics` names, each with the metric that it is held to.
    """

    def __init__(self, metrics: Mapping[tuple[str, int], str]) -> None:
        self._metrics = metrics
        self._sums: defaultdict[tuple[str, int, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(RECORDED, 0))

    def counts(self, row: Attainment) -> bool:
        """
        Tell whether a row is of one of them.
        """
        return (row.standard, row.version) in self._metrics

    def add(self, row: Attainment) -> None:
        """
        Take a row that stands, once.
        """
        sums = self._sums[row.standard, row.version, row.site]
        for name in RECORDED:
            sums[name] += getattr(row, name)

    def figures(self) -> list[Figure]:
        """
        The metric of each standard, of the whole first and then of each site.
        """
        told = []
        for (standard, version), metric in self._metrics.items():
            of_this = {key[2]: sums for key, sums in self._sums.items() if key[:2] == (standard, version)}
            whole = {name: sum(sums[name] for sums in of_this.values()) for name in RECORDED}
            told.append(_figure(Group(standard, version, ()), metric, whole))
            told += [
                _figure(Group(standard, version, (("site", site),)), metric, of_this[site]) for site in sorted(of_this)
            ]
        return told


def _figure(group: Group, metric: str, recorded: Mapping[str, int]) -> Figure:
    known = CATALOGUE[metric]
    sums = sums_of(metric, recorded)
    good, total = known.pair(sums)
    return Figure(group, metric, good, total, good / total if total else None, known.unit, how_many(sums))
