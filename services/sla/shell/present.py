"""
Tells Prometheus who waits now, line by line: a queue of a site under one standard, whatever its version.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from schemas import metrics as catalogue
from services.runtime.metrics import Label, Metrics, UpTo
from services.sla.engine import NOBODY, Partition, Waiting, waiting

__all__ = ["Present"]

_LINE: Final[dict[str, Label]] = {"standard": UpTo(200), "site": UpTo(1_000), "queue": UpTo(1_000)}
_METRICS: Final = (catalogue.SLA_WAITING, catalogue.SLA_WAITING_BEYOND, catalogue.SLA_OLDEST_WAITING)

Line = tuple[str, str, str]
"""(standard, site, queue); an empty queue stands for journeys without one."""


class Present:
    """
    The gauges of who waits. A line in which nobody waits any more is told as 0.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._gauges = {
            metric: metrics.gauge(metric.name.removeprefix("sqm_sla_"), metric.help, _LINE) for metric in _METRICS
        }
        self._shown: set[Line] = set()

    def show(self, partitions: Iterable[Partition], now_ms: int) -> None:
        """
        Copy what the partitions hold at an instant.
        """
        lines: defaultdict[Line, Waiting] = defaultdict(lambda: NOBODY)
        for partition in partitions:
            for (rule, site, queue), found in waiting(partition, now_ms).items():
                line = (rule.rpartition("@")[0], site, queue or "")
                lines[line] = _together(lines[line], found)
        for gone in self._shown - lines.keys():
            lines[gone] = NOBODY
        self._shown = {line for line, found in lines.items() if found.journeys}
        for metric, place in zip(_METRICS, range(3), strict=True):
            # Beyond a label's limit several lines are one: they are added up before anything is set.
            told: dict[int, Waiting] = {}
            children = {}
            for (standard, site, queue), found in lines.items():
                child = self._gauges[metric].labelled(standard=standard, site=site, queue=queue)
                children[id(child)] = child
                told[id(child)] = _together(told.get(id(child), NOBODY), found)
            for key, found in told.items():
                children[key].set(found[place] / 1_000 if metric is catalogue.SLA_OLDEST_WAITING else found[place])


def _together(one: Waiting, other: Waiting) -> Waiting:
    return Waiting(one.journeys + other.journeys, one.beyond + other.beyond, max(one.oldest_ms, other.oldest_ms))
