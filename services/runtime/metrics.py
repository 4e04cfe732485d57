"""
What a service tells Prometheus: counters, gauges and histograms whose labels have a closed set of values.

    metrics = Metrics("ingest", version="0.1.0")
    refused = metrics.counter("events_refused", "Events that were refused.", {"reason": RefusalReason})
    refused.labelled(reason=RefusalReason.TOO_LARGE).inc()

A label is an enum, or `UpTo(n)` for names that users choose: after n different ones the rest is counted as `other`.
Several such labels could still multiply, so a metric has a ceiling too: beyond `most` combinations all of these labels
but the first are `other`. So no input can make the registry grow without bound.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final, Generic, TypeVar

import prometheus_client
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.registry import Collector

from schemas.metrics import BUILD

__all__ = ["OTHER", "Distribution", "Family", "Label", "Metrics", "Sample", "UpTo"]

OTHER = "other"
"""Stands for every value of a label beyond its limit."""

MOST: Final = 1_000
"""Combinations of labels of one metric, unless something else is said."""

_PREFIX = "sqm"
_M = TypeVar("_M", bound=MetricWrapperBase)


@dataclass(frozen=True)
class UpTo:
    """
    A label with names that users choose, at most `limit` of them.
    """

    limit: int


Label = type[StrEnum] | UpTo

Sample = tuple[tuple[str, ...], float]
"""The values of all labels in their order, and what is told of them."""

Distribution = tuple[tuple[str, ...], Sequence[tuple[float, int]], int, float]
"""
The values of all labels; the upper bound of each bucket with how many do not exceed it; how many there are; their sum.
"""


class Family(Generic[_M]):
    """
    One metric with all its labels; `labelled` gives the child to count on, which hot code keeps.
    """

    def __init__(self, metric: _M, labels: Mapping[str, Label], most: int) -> None:
        self._metric = metric
        self._labels = labels
        self._most = most
        self._seen: dict[str, set[str]] = {name: set() for name in labels}
        self._children: dict[tuple[str, ...], _M] = {}

    def labelled(self, **values: str) -> _M:
        """
        Return the child for these values of all labels; raise ValueError for a value outside a closed set.
        """
        if values.keys() != self._labels.keys():
            message = f"labels are {', '.join(self._labels) or 'none'}, not {', '.join(values) or 'none'}"
            raise ValueError(message)
        key = tuple(self._admitted(name, values[name]) for name in self._labels)
        child = self._children.get(key)
        if child is None and len(self._children) >= self._most:
            key = (*key[:1], *map(self._summed_up, list(self._labels.values())[1:], key[1:]))
            child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._metric.labels(*key) if key else self._metric
        return child

    @staticmethod
    def _summed_up(label: Label, value: str) -> str:
        return OTHER if isinstance(label, UpTo) else value

    def _admitted(self, name: str, value: str) -> str:
        label = self._labels[name]
        if not isinstance(label, UpTo):
            return label(value).value
        seen = self._seen[name]
        if value in seen:
            return value
        if len(seen) >= label.limit:
            return OTHER
        seen.add(value)
        return value


class Metrics:
    """
    All metrics of one process in a registry of its own, so that two apps in one test do not meet.
    """

    def __init__(self, service: str, *, version: str) -> None:
        # A second series with the time of creation for each child doubles the registry, and nobody asks for it.
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]
        self._prefix = f"{_PREFIX}_{service}"
        self._registry = CollectorRegistry()
        prometheus_client.ProcessCollector(registry=self._registry)
        prometheus_client.GCCollector(registry=self._registry)
        build = prometheus_client.Gauge(BUILD.name, BUILD.help, BUILD.labels, registry=self._registry)
        build.labels(service, version).set(1)

    def counter(
        self, name: str, text: str, labels: Mapping[str, Label] | None = None, *, most: int = MOST
    ) -> Family[prometheus_client.Counter]:
        """
        Declare something that only grows; exposed as `sqm_<service>_<name>_total`.
        """
        declared = dict(labels or {})
        made = prometheus_client.Counter(f"{self._prefix}_{name}", text, list(declared), registry=self._registry)
        return _with_zeros(Family(made, declared, most))

    def gauge(
        self, name: str, text: str, labels: Mapping[str, Label] | None = None, *, most: int = MOST
    ) -> Family[prometheus_client.Gauge]:
        """
        Declare something that goes up and down.
        """
        declared = dict(labels or {})
        made = prometheus_client.Gauge(f"{self._prefix}_{name}", text, list(declared), registry=self._registry)
        return _with_zeros(Family(made, declared, most))

    def histogram(
        self,
        name: str,
        text: str,
        buckets: Sequence[float],
        labels: Mapping[str, Label] | None = None,
        *,
        most: int = MOST,
    ) -> Family[prometheus_client.Histogram]:
        """
        Declare something whose distribution matters; `buckets` are upper bounds in the unit that the name ends with.
        """
        declared = dict(labels or {})
        made = prometheus_client.Histogram(
            f"{self._prefix}_{name}", text, list(declared), buckets=tuple(buckets), registry=self._registry
        )
        return _with_zeros(Family(made, declared, most))

    def listed(self, name: str, text: str, labels: Sequence[str], samples: Callable[[], Iterable[Sample]]) -> None:
        """
        Declare a gauge of what comes and goes: whoever asks is told what `samples` lists at that moment, and of the
        rest nothing. It is for `samples` to list no more than a bounded number.
        """
        self._registry.register(_Listed(f"{self._prefix}_{name}", text, labels, samples))

    def distributed(
        self, name: str, text: str, labels: Sequence[str], samples: Callable[[], Iterable[Distribution]]
    ) -> None:
        """
        Declare a histogram whose buckets differ from one combination of labels to the next; `samples` as for `listed`.
        """
        self._registry.register(_Distributed(f"{self._prefix}_{name}", text, labels, samples))

    def exposition(self) -> tuple[bytes, str]:
        """
        Return the text that Prometheus scrapes, and its content type.
        """
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


class _Listed(Collector):
    def __init__(self, name: str, text: str, labels: Sequence[str], samples: Callable[[], Iterable[Sample]]) -> None:
        self._family = (name, text)
        self._labels = labels
        self._samples = samples

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(*self._family, labels=self._labels)
        for labels, value in self._samples():
            family.add_metric(labels, value)
        yield family


class _Distributed(Collector):
    def __init__(
        self, name: str, text: str, labels: Sequence[str], samples: Callable[[], Iterable[Distribution]]
    ) -> None:
        self._family = (name, text)
        self._labels = labels
        self._samples = samples

    def collect(self) -> Iterator[HistogramMetricFamily]:
        family = HistogramMetricFamily(*self._family, labels=self._labels)
        for labels, within, count, total in self._samples():
            buckets = [(str(bound), float(number)) for bound, number in within]
            family.add_metric(labels, [*buckets, ("+Inf", float(count))], total)
        yield family


def _with_zeros(family: Family[_M]) -> Family[_M]:
    """
    Expose a metric whose labels are all closed, or which has none, at zero from the start: a rate over a metric that is
    not there yet is not zero but missing, and its first increase is never seen.
    """
    labels = family._labels  # noqa: SLF001  (same module)
    closed = [label for label in labels.values() if not isinstance(label, UpTo)]
    if len(closed) == len(labels):
        for values in product(*closed):
            family.labelled(**dict(zip(labels, values, strict=True)))
    return family
