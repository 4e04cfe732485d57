"""
The catalogue of metrics is complete and follows the conventions of Prometheus.
"""

import pytest

from schemas import metrics
from schemas.metric_labels import LABELS
from schemas.metrics import METRICS, Metric

UNITS = ("_seconds", "_bytes", "_events", "_records", "_info", "_ratio", "_total")
COUNTED = {
    "sqm_ready",
    "sqm_ingest_requests_open",
    "sqm_sla_open_journeys",
    "sqm_sla_waiting_journeys",
    "sqm_sla_waiting_beyond_limit_journeys",
    "sqm_sla_live_lines",
    "sqm_sla_staff_on_duty",
    "sqm_sla_sites",
    "sqm_sla_partitions",
    "sqm_sla_documents",
    "sqm_sla_open_objective_violations",
    "sqm_alerts_leads",
    "sqm_alerts_open_alerts",
    "sqm_alerts_waiting_messages",
}
"""Plain counts of things, named by the things."""


def test_every_metric_is_in_the_catalogue_once() -> None:
    defined = [made for made in vars(metrics).values() if isinstance(made, Metric)]
    assert list(METRICS) == defined
    assert len({metric.name for metric in METRICS}) == len(METRICS)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_metric_follows_the_conventions(metric: Metric) -> None:
    assert metric.name.startswith("sqm_")
    assert metric.name.endswith(UNITS) or metric.name in COUNTED
    assert metric.name.endswith("_total") == (metric.kind == "counter")
    assert bool(metric.buckets) == (metric.kind == "histogram")
    assert list(metric.buckets) == sorted(set(metric.buckets))
    assert metric.help.endswith(".")
    assert not set(metric.labels) - LABELS.keys()
    assert not any(f"_{label}_" in f"{metric.name}_" for label in metric.labels)


def test_every_label_is_used() -> None:
    assert {label for metric in METRICS for label in metric.labels} == LABELS.keys()


def test_the_short_name_is_what_a_service_adds_its_own_beginning_and_end_to() -> None:
    assert metrics.INGEST_ACCEPTED.short == "events_accepted"
    assert metrics.SLA_LAG_SECONDS.short == "lag_seconds"
    assert {f"sqm_{metric.name.split('_')[1]}_{metric.short}" for metric in METRICS[2:]} == {
        metric.name.removesuffix("_total") for metric in METRICS[2:]
    }
