"""
An hour of a running line as Prometheus would remember it: every metric that a dashboard asks for, in
figures that are round at the end.
"""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from math import sin

from schemas.metrics import METRICS
from tests.fakes.prometheus_past import Series

__all__ = ["LINES", "measured"]

_BY_NAME = {one.name: one for one in METRICS}
_STEP_S = 15
_STEADY_S = 900

LINES: Mapping[tuple[str, str, str], Mapping[str, float]] = {
    ("counter-wait", "branch-07", "counter"): {
        "sqm_sla_waiting_journeys": 6, "sqm_sla_waiting_beyond_limit_journeys": 2,
        "sqm_sla_oldest_waiting_seconds": 260, "sqm_sla_live_service_level_ratio": 0.71,
    },
    ("call-answer", "call-centre", "everyday"): {
        "sqm_sla_waiting_journeys": 11, "sqm_sla_waiting_beyond_limit_journeys": 0,
        "sqm_sla_oldest_waiting_seconds": 14, "sqm_sla_live_service_level_ratio": 0.93,
    },
    ("order-taken", "drive-thru-3", "lane"): {
        "sqm_sla_waiting_journeys": 3, "sqm_sla_waiting_beyond_limit_journeys": 0,
        "sqm_sla_oldest_waiting_seconds": 41, "sqm_sla_live_service_level_ratio": 0.88,
    },
}  # fmt: skip
"""What the workers say of each line (standard, site, queue)."""


def measured(end_s: int) -> list[Series]:
    """
    The hour that ends at an instant (Unix time).
    """
    return [*_gauges(end_s), *_counters(end_s), *_histograms(end_s)]


def _gauges(end_s: int) -> Iterator[Series]:
    for (standard, site, queue), figures in LINES.items():
        for name, value in figures.items():
            yield _flat(end_s, name, value, standard=standard, site=site, queue=queue)
        yield _flat(end_s, "sqm_sla_expected_wait_seconds", figures["sqm_sla_waiting_journeys"] * 20,
                    standard=standard, site=site, queue=queue, method="last_answered")  # fmt: skip
    for job, ready in (("sqm-ingest", 1), ("sqm-sla", 1), ("sqm-history", 1), ("sqm-alerts", 0)):
        yield _flat(end_s, "sqm_ready", ready, job=job)
        yield _flat(end_s, "sqm_build_info", 1, job=job, service=job.removeprefix("sqm-"), version="0.1.0")
        yield _flat(end_s, "up", 1, job=job)
    yield _flat(end_s, "up", 0, job="sqm-agent")
    for partition, records in (("0", 12), ("1", 30)):
        yield _swaying(end_s, "sqm_sla_lag_records", records, partition=partition)
        yield _swaying(end_s, "sqm_sla_lag_seconds", records / 10, partition=partition)
        yield _swaying(end_s, "sqm_sla_watermark_delay_seconds", records / 20, partition=partition)
        yield _swaying(end_s, "sqm_sla_checkpoint_age_seconds", records / 5, partition=partition)
        yield _swaying(end_s, "sqm_sla_open_journeys", records * 4, partition=partition)
    for topic, records in (("events", 40), ("measurements", 7)):
        yield _swaying(end_s, "sqm_history_lag_records", records, topic=topic)
        yield _swaying(end_s, "sqm_history_lag_seconds", records / 8, topic=topic)
    yield _flat(end_s, "sqm_sla_objective_delay_seconds", 42)
    yield _flat(end_s, "ALERTS", 1, job="prometheus", alertname="SqmWatchdog", alertstate="firing", severity="none")
    yield _flat(end_s, "sqm_alerts_leads", 1, instance="one")
    yield _flat(end_s, "sqm_alerts_leads", 0, instance="two")
    yield _flat(end_s, "sqm_alerts_round_age_seconds", 2)
    yield _flat(end_s, "sqm_alerts_waiting_messages", 3)
    for source, skew in (("branch-07-till", 2), ("lane", -540)):
        yield _flat(end_s, "sqm_ingest_skew_seconds", skew, source=source)


def _counters(end_s: int) -> Iterator[Series]:
    yield _rising(end_s, "sqm_ingest_events_accepted_total", 40, way="http")
    yield _rising(end_s, "sqm_ingest_events_accepted_total", 2, way="file")
    yield _rising(end_s, "sqm_sla_events_total", 41)
    yield _rising(end_s, "sqm_history_rows_total", 90, table="events")
    yield _rising(end_s, "sqm_ingest_events_refused_total", 0.5, way="http", reason="unknown_field")
    yield _rising(end_s, "sqm_ingest_dead_letters_total", 0.25, reason="unknown_field")
    yield _rising(end_s, "sqm_sla_dead_letters_total", 0.1, reason="too_late")
    yield _rising(end_s, "sqm_history_dead_letters_total", 0.05, reason="not_json")
    yield _rising(end_s, "sqm_history_insert_failures_total", 0.2, table="events")
    yield _rising(end_s, "sqm_sla_decisions_total", 0.75, reason="duplicate")
    yield _rising(end_s, "sqm_sla_decisions_total", 0.25, reason="out_of_order")
    for outcome, rate in (("delivered", 1.5), ("failed", 0.5)):
        yield _rising(end_s, "sqm_alerts_deliveries_total", rate, receiver="mail", outcome=outcome)


def _histograms(end_s: int) -> Iterator[Series]:
    # Two a second in the second of these buckets and two in the third: half of them take no longer than `half`.
    for name, below, half, most in (
        ("sqm_sla_violation_delay_seconds", "0.1", "0.25", "0.5"),
        ("sqm_sla_fold_duration_seconds", "0.01", "0.025", "0.05"),
        ("sqm_history_insert_duration_seconds", "0.25", "0.5", "1.0"),
        ("sqm_alerts_delivery_duration_seconds", "1.0", "2.5", "5.0"),
    ):
        labels = dict.fromkeys(_BY_NAME[name].labels, "mail")
        for le, rate in ((below, 0), (half, 2), (most, 4), ("+Inf", 4)):
            yield _rising(end_s, f"{name}_bucket", rate, **labels, le=le)
        yield _rising(end_s, f"{name}_count", 4, **labels)


def _flat(end_s: int, name: str, value: float, **labels: str) -> Series:
    return Series(_written(name, labels), [(at, value) for at in _instants(end_s)])


def _swaying(end_s: int, name: str, value: float, **labels: str) -> Series:
    """
    Up and down by as much again as its last value, which it has for the last quarter of an hour.
    """
    return Series(_written(name, labels), [(at, value * (1 + _sway(end_s - at))) for at in _instants(end_s)])


def _sway(ago_s: int) -> float:
    return sin(max(ago_s - _STEADY_S, 0) / 500) ** 2


def _rising(end_s: int, name: str, per_second: float, **labels: str) -> Series:
    added = accumulate(per_second * _STEP_S * (1 - _sway(end_s - at) / 2) for at in _instants(end_s))
    return Series(_written(name, labels), list(zip(_instants(end_s), added, strict=True)))


def _instants(end_s: int) -> range:
    return range(end_s - 3_600, end_s + 1, _STEP_S)


def _written(name: str, labels: Mapping[str, str]) -> str:
    whole = name.removesuffix("_bucket").removesuffix("_count")
    if whole in _BY_NAME:
        assert set(_BY_NAME[whole].labels) == labels.keys() - {"job", "instance", "le"}, name
    every = {"job": "sqm-sla", "instance": "one", **labels}
    said = ",".join(f'{label}="{value}"' for label, value in every.items())
    return f"{name}{{{said}}}"
