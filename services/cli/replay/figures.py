"""
Figures: what standing measurements add up to, by standard and by whatever the reader asks to see apart.

Everything is attributed to the arrival of the journey, in the local time of the mapping.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from domain.aims import Aim, among, percentile_of
from domain.catalogue import CLOCKS
from domain.histogram import record
from domain.metrics import METRICS, Counts, tally
from schemas.standards import Standard
from services.cli.replay.local_time import WEEKDAYS, LocalTime
from services.sla.engine import Measurement

__all__ = ["BY_FIELDS", "OVERRUN", "Figure", "Figures", "Group"]

OVERRUN: Final = "overrun"
"""
The mean time beyond the limit of the clocks that were stopped too late: sum of (value - limit) / how many. Shown beside
the metrics of the catalogue and not one of them, since no objective may be held to it: breaking more promises by a
little would better it.
"""

_OF_JOURNEY: Final = ("service", "priority", "queue", "site", "channel", "segment", "employee", "team")
_OF_TIME: Final = ("hour", "weekday", "date")
BY_FIELDS: Final = (*_OF_JOURNEY, *_OF_TIME)

Promise = tuple[str, int]
"""A standard's id and version."""
Values = tuple[Any, ...]


class Group(NamedTuple):
    """
    A standard's version and the values that its journeys share; no values mean all of them.
    """

    standard: str
    version: int
    by: tuple[tuple[str, Any], ...]


class Figure(NamedTuple):
    """
    One named metric of a group. `value` is a share of 1, or seconds for a mean; None where nothing was counted.
    """

    group: Group
    metric: str
    good: int
    total: int
    value: float | None
    unit: str
    n: int
    values: Mapping[int, int] = {}
    """Of a percentile, how often each value was measured, in milliseconds; ``good`` are those within the target."""


class Figures:
    """
    Sums of measurements that stand; each is added once.
    """

    def __init__(self, zone: str, by: tuple[str, ...], standards: Iterable[Standard]) -> None:
        self._local = LocalTime(zone)
        self._by = by
        clocks = [(one, one.clock) for one in standards if one.clock is not None]
        self._short = {_promise(one): clock.short_abandon for one, clock in clocks}
        self._aims = {_promise(one): Aim.of(one.objective.metric, one.objective.target_value) for one, _ in clocks}
        self._values: defaultdict[tuple[Promise, Values], dict[int, int]] = defaultdict(dict)
        self._hourly: defaultdict[tuple[Promise, str, int], dict[int, int]] = defaultdict(dict)
        self._groups: defaultdict[tuple[Promise, Values], list[int]] = defaultdict(_nothing)
        self._hours: defaultdict[tuple[Promise, str, int], list[int]] = defaultdict(_nothing)
        self._overruns: defaultdict[tuple[Promise, Values], list[int]] = defaultdict(lambda: [0, 0])
        self._grades: defaultdict[tuple[Promise, Values], Counter[str]] = defaultdict(Counter)
        self._readers: tuple[Callable[[Measurement], Any], ...] = tuple(self._reader(field) for field in by)

    @property
    def zone(self) -> str:
        """
        Return the name of the zone that hours and days are told in.
        """
        return str(self._local.zone)

    def add(self, measurement: Measurement) -> None:
        """
        Count a measurement.
        """
        promise = (measurement.standard, measurement.version)
        date, hour, _ = self._local(measurement.arrived_at)
        sums = [self._hours[promise, date, hour]]
        values: Values = ()
        if self._readers:
            values = tuple([read(measurement) for read in self._readers])
            sums.append(self._groups[promise, values])
        groups = {(), values}
        if measurement.band is not None:
            for group in groups:
                self._grades[promise, group][measurement.band] += 1
        if measurement.met is False:
            for group in groups:
                overrun = self._overruns[promise, group]
                overrun[0] += measurement.value_ms - measurement.limit_ms
                overrun[1] += 1
        plausible = measurement.validity == "plausible"
        if self._aims[promise].within and plausible and measurement.ended_by == "stopped":
            for kept in [self._values[promise, group] for group in {(), values}] + [self._hourly[promise, date, hour]]:
                record(kept, measurement.value_ms)
        for counts in sums:
            tally(
                counts,
                1,
                measurement.ended_by,
                plausible,
                measurement.value_ms,
                measurement.limit_ms,
                self._short[promise],
            )

    def figures(self) -> list[Figure]:
        """
        Every metric of every group: the whole of each standard first, then its parts in their order.
        """
        told: list[Figure] = []
        for promise in sorted(self._short):
            told += self._told(Group(*promise, ()), self.whole(promise), ())
            parts = sorted((key[1] for key in self._groups if key[0] == promise), key=_sortable)
            for values in parts:
                group = Group(*promise, tuple(zip(self._by, values, strict=True)))
                told += self._told(group, Counts(*self._groups[promise, values]), values)
        return told

    def _told(self, group: Group, counts: Counts, values: Values) -> list[Figure]:
        promise = (group.standard, group.version)
        aim, n = self._aims[promise], counts.answered + counts.abandoned
        figures = [_figure(group, name, metric.unit, metric.pair(counts), n) for name, metric in METRICS.items()]
        figures.append(_figure(group, OVERRUN, "milliseconds", self._overrun(promise, values), n))
        if aim.metric not in METRICS:
            figures.append(_aimed(group, aim, counts, self._values.get((promise, values), {})))
        return figures

    def _overrun(self, promise: Promise, values: Values) -> tuple[int, int]:
        beyond, broken = self._overruns.get((promise, values), (0, 0))
        return beyond, broken

    def grades(self, promise: Promise) -> list[tuple[Group, Counter[str]]]:
        """
        How often each grade was given: over everything first, then in each group; none where nothing was graded.
        """
        groups = sorted((key[1] for key in self._grades if key[0] == promise), key=_sortable)
        return [
            (Group(*promise, tuple(zip(self._by, values, strict=False))), self._grades[promise, values])
            for values in groups
        ]

    def whole(self, promise: Promise) -> Counts:
        """
        The counts of one standard over everything.
        """
        return Counts.total(Counts(*counts) for (held, _, _), counts in self._hours.items() if held == promise)

    def hours(self, promise: Promise) -> list[tuple[str, int, Figure]]:
        """
        Local date, hour and what the objective's metric came to, in their order.
        """
        aim, group = self._aims[promise], Group(*promise, ())
        told = []
        for date, hour in sorted((date, hour) for held, date, hour in self._hours if held == promise):
            key = (promise, date, hour)
            told.append((date, hour, _aimed(group, aim, Counts(*self._hours[key]), self._hourly.get(key, {}))))
        return told

    def _reader(self, field: str) -> Callable[[Measurement], Any]:
        if field in _OF_TIME:
            place = {"date": 0, "hour": 1, "weekday": 2}[field]
            return lambda measurement: self._local(measurement.arrived_at)[place]
        return lambda measurement: getattr(measurement, field)


def _nothing() -> list[int]:
    return [0] * len(Counts._fields)


def _promise(standard: Standard) -> Promise:
    return standard.metadata.id, standard.metadata.version


def _aimed(group: Group, aim: Aim, counts: Counts, values: Mapping[int, int]) -> Figure:
    n = counts.answered + counts.abandoned
    if not aim.within:
        metric = CLOCKS[aim.metric]
        return _figure(group, aim.metric, metric.unit, metric.pair(counts), n)
    reached = percentile_of(aim, values)
    value = None if reached is None else reached / 1_000
    return Figure(group, aim.metric, *among(aim, values), value, "seconds", n, values)


def _figure(group: Group, name: str, unit: str, pair: tuple[int, int], n: int) -> Figure:
    good, total = pair
    mean = unit == "milliseconds"
    value = None if total == 0 else good / total / 1_000 if mean else good / total
    return Figure(group, name, good, total, value, "seconds" if mean else "share", n)


def _sortable(values: Values) -> tuple[tuple[bool, Any], ...]:
    return tuple((value is None, WEEKDAYS.index(value) if value in WEEKDAYS else value) for value in values)
