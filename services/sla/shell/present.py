"""
Tells Prometheus of the present, line by line: a queue of a site under one standard, whatever its version.

Who waits is counted when somebody asks. What to expect takes longer to work out: that is done beside the worker's
other work, every few seconds, and told as of the last time.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from heapq import nlargest
from typing import Final

from domain.catalogue import LIVE
from domain.forecasts import forecast_levels
from schemas import metrics as catalogue
from schemas.metrics import Metric
from services.runtime.clock import Clock
from services.runtime.metrics import Label, Metrics, Sample, UpTo
from services.sla.engine import NOBODY, Book, Duty, Live, Partition, Waiting, live, waiting
from services.sla.shell.turns import Hold, Pace

__all__ = ["Outlook", "Present"]

_LINE: Final[dict[str, Label]] = {"standard": UpTo(200), "site": UpTo(1_000), "queue": UpTo(1_000)}
_WAITING: Final = (catalogue.SLA_WAITING, catalogue.SLA_WAITING_BEYOND, catalogue.SLA_OLDEST_WAITING)
_TOLD: Final = (
    catalogue.SLA_LIVE_LEVEL,
    catalogue.SLA_EXPECTED_WAIT,
    catalogue.SLA_FORECAST_LEVEL,
    catalogue.SLA_FIGURE_MISSING,
    catalogue.SLA_STAFF,
)

Line = tuple[str, str, str]
"""(standard, site, queue); an empty queue stands for journeys without one."""


class Present:
    """
    The gauges of who waits. A line in which nobody waits any more is told as 0; beyond the first `most` lines, all are
    one, called other.
    """

    def __init__(self, metrics: Metrics, most: int) -> None:
        self._gauges = {metric: metrics.gauge(metric.short, metric.help, _LINE, most=most) for metric in _WAITING}
        self._shown: set[Line] = set()

    def show(self, partitions: Iterable[Partition], now_ms: int) -> None:
        """
        Copy what the partitions hold at an instant.
        """
        lines: defaultdict[Line, Waiting] = defaultdict(lambda: NOBODY)
        for partition in partitions:
            for (rule, site, queue), found in waiting(partition, now_ms).items():
                line = (rule.rpartition("@")[0], site, queue or "")
                lines[line] = lines[line].with_others(found)
        for gone in self._shown - lines.keys():
            lines[gone] = NOBODY
        self._shown = {line for line, found in lines.items() if found.journeys}
        for metric, place in zip(_WAITING, range(3), strict=True):
            # Beyond a label's limit several lines are one: they are added up before anything is set.
            told: dict[int, Waiting] = {}
            children = {}
            for (standard, site, queue), found in lines.items():
                child = self._gauges[metric].labelled(standard=standard, site=site, queue=queue)
                children[id(child)] = child
                told[id(child)] = told.get(id(child), NOBODY).with_others(found)
            for key, found in told.items():
                children[key].set(found[place] / 1_000 if metric is catalogue.SLA_OLDEST_WAITING else found[place])


class Outlook:
    """
    The figures of lines that take longer to work out: what the next one may expect, and where the service level goes.

    At most `most` lines and as many queues with staff are told of, those with the most arrivals first: what cannot be
    added up cannot be told as `other` either. A figure that there is none of has no sample, and its reason is told.
    """

    def __init__(
        self,
        metrics: Metrics,
        *,
        states: Callable[[], Iterable[Partition]],
        book: Callable[[], Book],
        clock: Clock,
        pace: Pace,
        most: int,
    ) -> None:
        self._states = states
        self._book = book
        self._clock = clock
        self._pace = pace
        self._most = most
        self._samples: dict[Metric, list[Sample]] = {metric: [] for metric in _TOLD}
        for metric in _TOLD:
            metrics.listed(metric.short, metric.help, metric.labels, partial(self._told, metric))
        counted = catalogue.SLA_LINES
        self._lines = metrics.gauge(counted.short, counted.help).labelled()

    def _told(self, metric: Metric) -> list[Sample]:
        return self._samples[metric]

    async def run(self) -> None:
        """
        Work it out again and again, at the pace that was given, until cancelled.
        """
        busy = 0
        while True:
            await asyncio.sleep(self._pace.wait_ms(busy) / 1_000)
            busy = await self.refresh()

    async def refresh(self) -> int:
        """
        Work it out once, as of each partition's own time: a worker that lags says how it was then. Returns for how many
        milliseconds it kept the loop.
        """
        hold = Hold(self._clock)
        lines: list[Live] = []
        staff: list[Sample] = []
        for state in self._states():
            for found in live(state, self._book(), state.watermark):
                lines += found.lines
                staff += _staff(found.site, found.duty)
                await hold.pause_if_long()
        samples: dict[Metric, list[Sample]] = {metric: [] for metric in _TOLD}
        samples[catalogue.SLA_STAFF] = staff[: self._most]
        for line in nlargest(self._most, lines, key=lambda one: one.load.arrived):
            for metric, sample in _figures(line):
                samples[metric].append(sample)
            await hold.pause_if_long()
        self._samples = samples
        self._lines.set(len(lines))
        return hold.end()


def _staff(site: str, duty: dict[str | None, Duty]) -> Iterator[Sample]:
    for queue, found in duty.items():
        yield (site, queue or ""), found.agents


def _figures(line: Live) -> Iterator[tuple[Metric, Sample]]:
    labels = (line.standard, line.site, line.queue or "")
    good, total = LIVE["sl_live"].pair(line.counts)
    if total:
        yield catalogue.SLA_LIVE_LEVEL, (labels, good / total)
    for wait in (line.by_position, line.by_last_answered):
        if wait.wait_ms is not None:
            yield catalogue.SLA_EXPECTED_WAIT, ((*labels, wait.method), wait.wait_ms / 1_000)
        elif wait.missing is not None:
            yield catalogue.SLA_FIGURE_MISSING, ((*labels, wait.method, wait.missing), 1)
    for forecast in forecast_levels(line.load):
        if forecast.level is not None:
            yield catalogue.SLA_FORECAST_LEVEL, ((*labels, forecast.method), forecast.level)
        elif forecast.missing is not None:
            yield catalogue.SLA_FIGURE_MISSING, ((*labels, forecast.method, forecast.missing), 1)
