"""
What ingest tells Prometheus, by the names in the catalogue of metrics.
"""

from collections.abc import Awaitable, Mapping
from enum import StrEnum
from typing import Any

from starlette.responses import Response

from schemas import metrics as catalogue
from services.ingest.engine import RefusalReason
from services.runtime.clock import Clock
from services.runtime.metrics import Family, Label, Metrics, UpTo

__all__ = ["Meters", "Route", "Way"]

_STATUSES = 32
_SOURCES = 500
_CONNECTORS = 100
_OUTCOMES = 50


class Way(StrEnum):
    """
    How an event came in.
    """

    HTTP = "http"
    KAFKA = "kafka"
    WEBHOOK = "webhook"
    FILE = "file"


class Route(StrEnum):
    """
    The routes that are measured.
    """

    EVENTS = "/v1/events"
    WEBHOOKS = "/v1/webhooks/{connector}/{source}"


class Meters:
    """
    Every figure of the service, registered once; the shells count on its members.
    """

    def __init__(self, metrics: Metrics) -> None:
        self.exposition = metrics.exposition
        self.accepted = _counter(metrics, catalogue.INGEST_ACCEPTED, {"way": Way})
        self.refused = _counter(metrics, catalogue.INGEST_REFUSED, {"way": Way, "reason": RefusalReason})
        self.duplicates = _counter(metrics, catalogue.INGEST_DUPLICATES, {"way": Way})
        self.dead_letters = _counter(metrics, catalogue.INGEST_DEAD_LETTERS, {"reason": RefusalReason})
        self.seconds = _histogram(
            metrics, catalogue.INGEST_REQUEST_SECONDS, {"route": Route, "status": UpTo(_STATUSES)}
        )
        self.sizes = _histogram(metrics, catalogue.INGEST_REQUEST_BYTES, {"route": Route})
        self.open_requests = _gauge(metrics, catalogue.INGEST_REQUESTS_OPEN, {}).labelled()
        self.skew = _gauge(metrics, catalogue.INGEST_SKEW, {"source": UpTo(_SOURCES)})
        self.last_event = _gauge(metrics, catalogue.INGEST_LAST_EVENT, {"source": UpTo(_SOURCES)})
        self.backlog = _gauge(metrics, catalogue.INGEST_BACKLOG, {}).labelled()
        self.lag = _gauge(metrics, catalogue.INGEST_LAG_RECORDS, {}).labelled()
        about = {"connector": UpTo(_CONNECTORS), "outcome": UpTo(_OUTCOMES)}
        self.webhooks = _counter(metrics, catalogue.INGEST_WEBHOOKS, about)
        self.payloads = _counter(metrics, catalogue.INGEST_PAYLOADS, about)
        self.webhooks_lag = _gauge(metrics, catalogue.INGEST_WEBHOOKS_LAG, {}).labelled()

    async def measured(self, route: Route, clock: Clock, answering: Awaitable[Response]) -> Response:
        """
        Answer a request, which counts as open until then, and note how long that took.
        """
        started = clock.monotonic_ms()
        self.open_requests.inc()
        try:
            response = await answering
        finally:
            self.open_requests.dec()
        elapsed = (clock.monotonic_ms() - started) / 1000
        self.seconds.labelled(route=route, status=str(response.status_code)).observe(elapsed)
        return response


def _counter(metrics: Metrics, metric: catalogue.Metric, labels: Mapping[str, Label]) -> Family[Any]:
    return metrics.counter(metric.short, metric.help, labels)


def _gauge(metrics: Metrics, metric: catalogue.Metric, labels: Mapping[str, Label]) -> Family[Any]:
    return metrics.gauge(metric.short, metric.help, labels)


def _histogram(metrics: Metrics, metric: catalogue.Metric, labels: Mapping[str, Label]) -> Family[Any]:
    return metrics.histogram(metric.short, metric.help, metric.buckets, labels)
