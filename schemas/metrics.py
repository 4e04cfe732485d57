"""
The catalogue of what the services tell Prometheus: every metric's name, kind, help, labels and buckets, said once.

Services register exactly these, dashboards and alerting rules may use no others. Names follow the conventions of
Prometheus: base units (seconds, bytes), counters end in ``_total``. No label ever holds a customer, journey, call or
employee; ``schemas.metric_labels`` says for each label what its values are and why there are few.
"""

from typing import Final, Literal, NamedTuple

Kind = Literal["counter", "gauge", "histogram"]

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Buckets of what should take milliseconds and must not take half a minute."""
MINUTES: Final = (10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 28_800.0, 86_400.0)
"""Buckets of what people do, in seconds: from moments to a day, the steps of escalations among them; of measurements
where their standard says no limit in advance."""
ARRIVING: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0, 7_200.0)
"""Buckets of what takes moments, and sometimes as long as a receiver is down or a state is large, in seconds."""
BYTES: Final = (1_024.0, 16_384.0, 65_536.0, 262_144.0, 1_048_576.0, 4_194_304.0, 16_777_216.0, 67_108_864.0)
"""Buckets of sizes, from one small message to a large checkpoint."""


class Metric(NamedTuple):
    """
    One metric as Prometheus sees it; ``labels`` in the order in which a service gives their values.
    """

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def short(self) -> str:
        """
        The name without ``sqm_``, its service and ``_total``, all of which are added where the service registers it.
        """
        return self.name.split("_", 2)[2].removesuffix("_total")


# ---------------------------------------------------------------- every service

BUILD: Final = Metric("sqm_build_info", "gauge", "Always 1; says which version runs.", ("service", "version"))
READY: Final = Metric(
    "sqm_ready", "gauge", "1 while the service answers ready, 0 while it starts, recovers or has lost what it needs."
)

# ---------------------------------------------------------------- ingest

INGEST_ACCEPTED: Final = Metric(
    "sqm_ingest_events_accepted_total", "counter", "Events that the broker acknowledged on sqm.events.v1.", ("way",)
)
INGEST_REFUSED: Final = Metric(
    "sqm_ingest_events_refused_total",
    "counter",
    "Events that were refused, by the reason given to the sender.",
    ("way", "reason"),
)
INGEST_DUPLICATES: Final = Metric(
    "sqm_ingest_events_duplicate_total",
    "counter",
    "Events that came twice within one request or batch and were passed on once.",
    ("way",),
)
INGEST_DEAD_LETTERS: Final = Metric(
    "sqm_ingest_dead_letters_total", "counter", "Records that ingest wrote to the dead letters.", ("reason",)
)
INGEST_REQUEST_SECONDS: Final = Metric(
    "sqm_ingest_request_duration_seconds",
    "histogram",
    "From the first byte of a request to its answer.",
    ("route", "status"),
    SECONDS,
)
INGEST_REQUEST_BYTES: Final = Metric(
    "sqm_ingest_request_size_bytes", "histogram", "Size of request bodies.", ("route",), BYTES
)
INGEST_REQUESTS_OPEN: Final = Metric("sqm_ingest_requests_open", "gauge", "Requests that are being answered now.")
INGEST_SKEW: Final = Metric(
    "sqm_ingest_skew_seconds",
    "gauge",
    "Receipt minus occurrence of the source's latest event: large means late, negative means a clock that runs ahead.",
    ("source",),
)
INGEST_LAST_EVENT: Final = Metric(
    "sqm_ingest_last_event_timestamp_seconds", "gauge", "When the source was last heard of (Unix time).", ("source",)
)
INGEST_BACKLOG: Final = Metric(
    "sqm_ingest_broker_backlog_events",
    "gauge",
    "Events handed to the producer that the broker has not acknowledged yet.",
)
INGEST_LAG_RECORDS: Final = Metric(
    "sqm_ingest_lag_records", "gauge", "Records of sqm.events.in.v1 that are not read yet."
)
INGEST_WEBHOOKS: Final = Metric(
    "sqm_ingest_webhooks_total",
    "counter",
    "Webhooks that were stored, or why they were turned away, which their senders are not told.",
    ("connector", "outcome"),
)
INGEST_PAYLOADS: Final = Metric(
    "sqm_ingest_payloads_total",
    "counter",
    "Payloads of stored webhooks that were mapped or passed over, or why they were rejected.",
    ("connector", "outcome"),
)
INGEST_WEBHOOKS_LAG: Final = Metric(
    "sqm_ingest_webhooks_lag_records", "gauge", "Records of sqm.raw.v1 that are not mapped yet."
)

# ---------------------------------------------------------------- sla

SLA_EVENTS: Final = Metric("sqm_sla_events_total", "counter", "Service events that the engine has folded in.")
SLA_DECISIONS: Final = Metric(
    "sqm_sla_decisions_total",
    "counter",
    "What the engine decided about events, by named reason (duplicate, out_of_order, too_late …).",
    ("reason",),
)
SLA_OUTCOMES: Final = Metric(
    "sqm_sla_outcomes_total", "counter", "Outcomes that the broker acknowledged, by kind and state.", ("kind", "state")
)
SLA_MEASUREMENTS: Final = Metric(
    "sqm_sla_measurements_total",
    "counter",
    "Measurements as they were said: kept, missed, abandoned, not_judged; corrections count again, rates do not count.",
    ("standard", "site", "result"),
)
SLA_MEASURED: Final = Metric(
    "sqm_sla_measured_seconds",
    "histogram",
    "What clocks that were stopped measured, in buckets on the standard's own limits and grades, and around them.",
    ("standard",),
    MINUTES,
)
SLA_DEAD_LETTERS: Final = Metric(
    "sqm_sla_dead_letters_total", "counter", "Events that the worker wrote to the dead letters.", ("reason",)
)
SLA_LAG_RECORDS: Final = Metric(
    "sqm_sla_lag_records", "gauge", "Records of the partition that are not folded in yet.", ("partition",)
)
SLA_LAG_SECONDS: Final = Metric(
    "sqm_sla_lag_seconds",
    "gauge",
    "Age of the partition's oldest record that is not folded in yet; 0 when caught up.",
    ("partition",),
)
SLA_WATERMARK_DELAY: Final = Metric(
    "sqm_sla_watermark_delay_seconds",
    "gauge",
    "Now minus the partition's watermark: how old the present is that verdicts rest on.",
    ("partition",),
)
SLA_OPEN_JOURNEYS: Final = Metric("sqm_sla_open_journeys", "gauge", "Journeys with a running clock.", ("partition",))
SLA_OLDEST_OPEN: Final = Metric(
    "sqm_sla_oldest_open_clock_seconds", "gauge", "Age of the oldest running clock; 0 when none runs.", ("partition",)
)
SLA_WAITING: Final = Metric(
    "sqm_sla_waiting_journeys", "gauge", "Journeys whose clock runs now: who waits.", ("standard", "site", "queue")
)
SLA_WAITING_BEYOND: Final = Metric(
    "sqm_sla_waiting_beyond_limit_journeys", "gauge", "Of these, whose limit has passed.", ("standard", "site", "queue")
)
SLA_OLDEST_WAITING: Final = Metric(
    "sqm_sla_oldest_waiting_seconds",
    "gauge",
    "How long the one has waited who has waited longest; 0 where nobody waits.",
    ("standard", "site", "queue"),
)
SLA_LINES: Final = Metric(
    "sqm_sla_live_lines",
    "gauge",
    "Lines (standard, site, queue) in which somebody waits or to which somebody came within the last hour.",
)
SLA_LIVE_LEVEL: Final = Metric(
    "sqm_sla_live_service_level_ratio",
    "gauge",
    "Answered within the limit, of all who came within the last hour and ended, and of those who wait beyond it now.",
    ("standard", "site", "queue"),
)
SLA_EXPECTED_WAIT: Final = Metric(
    "sqm_sla_expected_wait_seconds",
    "gauge",
    "How long the next one will wait: by the place in line, or as the last ones waited; no sample where unknown.",
    ("standard", "site", "queue", "method"),
)
SLA_FORECAST_LEVEL: Final = Metric(
    "sqm_sla_forecast_service_level_ratio",
    "gauge",
    "Service level that those on duty can give at the load of the last hour; no sample where unknown.",
    ("standard", "site", "queue", "method"),
)
SLA_FIGURE_MISSING: Final = Metric(
    "sqm_sla_figure_missing_info",
    "gauge",
    "Always 1: there is no expected wait or forecast by this method, and why (no_agents, too_few_answered …).",
    ("standard", "site", "queue", "method", "reason"),
)
SLA_STAFF: Final = Metric(
    "sqm_sla_staff_on_duty",
    "gauge",
    "Employees whose last state is available, serving or after_work, by the queue that they serve.",
    ("site", "queue"),
)
SLA_SITES: Final = Metric("sqm_sla_sites", "gauge", "Sites whose state is in memory.", ("partition",))
SLA_PARTITIONS: Final = Metric("sqm_sla_partitions", "gauge", "Partitions that this worker owns.")
SLA_DOCUMENTS: Final = Metric("sqm_sla_documents", "gauge", "Published documents in force in this worker.", ("kind",))
SLA_CHECKPOINT_AGE: Final = Metric(
    "sqm_sla_checkpoint_age_seconds", "gauge", "Since the partition's last durable checkpoint.", ("partition",)
)
SLA_CHECKPOINT_BYTES: Final = Metric(
    "sqm_sla_checkpoint_size_bytes", "histogram", "Bytes of all chunks that one checkpoint wrote.", (), BYTES
)
SLA_CHECKPOINT_SECONDS: Final = Metric(
    "sqm_sla_checkpoint_duration_seconds",
    "histogram",
    "From encoding the first chunk to the broker's last acknowledgement.",
    (),
    SECONDS,
)
SLA_RECOVERY_SECONDS: Final = Metric(
    "sqm_sla_recovery_duration_seconds", "histogram", "From an assignment until its state was there.", (), ARRIVING
)
SLA_FOLD_SECONDS: Final = Metric(
    "sqm_sla_fold_duration_seconds", "histogram", "The engine's time for one batch of records.", (), SECONDS
)
SLA_VIOLATION_DELAY: Final = Metric(
    "sqm_sla_violation_delay_seconds",
    "histogram",
    "From the instant a limit passed until its violation was decided.",
    (),
    ARRIVING,
)
SLA_OBJECTIVE_ROWS: Final = Metric(
    "sqm_sla_objective_rows_total",
    "counter",
    "Rows of attainment that came to the second stage: taken, too_old (left to history), unreadable, unknown_standard.",
    ("result",),
)
SLA_OBJECTIVE_LAG: Final = Metric(
    "sqm_sla_objective_lag_records", "gauge", "Rows of attainment that the second stage has not taken yet."
)
SLA_OBJECTIVE_DELAY: Final = Metric(
    "sqm_sla_objective_delay_seconds",
    "gauge",
    "Now minus the last minute at which objectives were judged, usually up to 65; 0 where another worker does it.",
)
SLA_OBJECTIVE_VIOLATIONS: Final = Metric(
    "sqm_sla_open_objective_violations", "gauge", "Violations of objectives and burn alerts that are open."
)

# ---------------------------------------------------------------- history

HISTORY_ROWS: Final = Metric("sqm_history_rows_total", "counter", "Rows that ClickHouse took.", ("table",))
HISTORY_FAILURES: Final = Metric(
    "sqm_history_insert_failures_total", "counter", "Inserts that failed and were tried again.", ("table",)
)
HISTORY_INSERT_SECONDS: Final = Metric(
    "sqm_history_insert_duration_seconds", "histogram", "How long one insert took.", ("table",), SECONDS
)
HISTORY_LAG_RECORDS: Final = Metric(
    "sqm_history_lag_records", "gauge", "Records of the topic that are not in ClickHouse yet.", ("topic",)
)
HISTORY_LAG_SECONDS: Final = Metric(
    "sqm_history_lag_seconds",
    "gauge",
    "Age of the topic's oldest record that is not in ClickHouse yet; 0 when caught up.",
    ("topic",),
)
HISTORY_DEAD_LETTERS: Final = Metric(
    "sqm_history_dead_letters_total", "counter", "Records that history wrote to the dead letters.", ("reason",)
)
HISTORY_STORAGE_FREE: Final = Metric(
    "sqm_history_storage_free_bytes", "gauge", "Free bytes of the disk that the database writes to.", ("disk",)
)
HISTORY_STORAGE_SIZE: Final = Metric("sqm_history_storage_size_bytes", "gauge", "All bytes of that disk.", ("disk",))

# ---------------------------------------------------------------- alerts

ALERTS_LEADS: Final = Metric("sqm_alerts_leads", "gauge", "1 in the process that works, 0 in those that stand by.")
ALERTS_OPEN: Final = Metric(
    "sqm_alerts_open_alerts", "gauge", "Alerts that are not over, by state and severity.", ("state", "severity")
)
ALERTS_TRANSITIONS: Final = Metric(
    "sqm_alerts_transitions_total", "counter", "Transitions of alerts, by the state after it.", ("state", "severity")
)
ALERTS_MESSAGES: Final = Metric(
    "sqm_alerts_messages_total",
    "counter",
    "Messages that were decided, by receiver and reason.",
    ("receiver", "reason"),
)
ALERTS_DELIVERIES: Final = Metric(
    "sqm_alerts_deliveries_total",
    "counter",
    "Attempts to deliver: delivered, failed (again later), given_up, held_by_breaker.",
    ("receiver", "outcome"),
)
ALERTS_FAILURES: Final = Metric(
    "sqm_alerts_failed_attempts_total",
    "counter",
    "Attempts to deliver that failed: timeout, unreachable, busy, error, denied, refused … by name.",
    ("receiver", "reason"),
)
ALERTS_DELIVERY_SECONDS: Final = Metric(
    "sqm_alerts_delivery_duration_seconds",
    "histogram",
    "From the decision to send a message until the receiver had it.",
    ("receiver",),
    ARRIVING,
)
ALERTS_WAITING: Final = Metric("sqm_alerts_waiting_messages", "gauge", "Messages that wait to be delivered.")
ALERTS_LAG_RECORDS: Final = Metric(
    "sqm_alerts_lag_records", "gauge", "Violations that were written and that the process that works has not taken yet."
)
ALERTS_ROUND_AGE: Final = Metric(
    "sqm_alerts_round_age_seconds",
    "gauge",
    "Since the process that works finished a round of taking and saving; 0 in those that stand by.",
)
ALERTS_NOTES: Final = Metric(
    "sqm_alerts_notes_total",
    "counter",
    "What the engine noted, nobody_on_call and nobody_answered among it.",
    ("reason",),
)

ALERTS_ACKNOWLEDGE_SECONDS: Final = Metric(
    "sqm_alerts_acknowledge_duration_seconds",
    "histogram",
    "From an alert being raised until somebody first took it on, once for each alert: sum by count is MTTA.",
    ("severity",),
    MINUTES,
)
ALERTS_RESOLVE_SECONDS: Final = Metric(
    "sqm_alerts_resolve_duration_seconds",
    "histogram",
    "From an alert being raised until it was resolved, retracted ones left out: sum by count is MTTR.",
    ("severity",),
    MINUTES,
)
ALERTS_ANSWERS: Final = Metric(
    "sqm_alerts_answers_total",
    "counter",
    "Escalated alerts that were taken on in_time (before a later step), late, or went on and ended unanswered.",
    ("severity", "answer"),
)
ALERTS_MARKS: Final = Metric(
    "sqm_alerts_marks_total",
    "counter",
    "What people thought of alerts: useful, false, not_actionable, too_late.",
    ("verdict",),
)
ALERTS_TOLD: Final = Metric(
    "sqm_alerts_told_total",
    "counter",
    "Alerts that people were told of, once for each person, by the schedules by which these are on call; else none.",
    ("schedule",),
)

# ---------------------------------------------------------------- agent

AGENT_KEPT: Final = Metric(
    "sqm_agent_kept_records_total", "counter", "Records that were written to the disk and acknowledged.", ("lane",)
)
AGENT_REFUSED: Final = Metric(
    "sqm_agent_refused_requests_total", "counter", "Requests that were refused for want of room.", ("reason",)
)
AGENT_FORWARDED: Final = Metric(
    "sqm_agent_forwarded_records_total", "counter", "Records that ingest has taken.", ("lane",)
)
AGENT_FAILURES: Final = Metric(
    "sqm_agent_failures_total", "counter", "Attempts to forward after which the same has to be sent again.", ("reason",)
)
AGENT_DEAD: Final = Metric(
    "sqm_agent_dead_letters_total", "counter", "Records that ingest refused for good; `sqm agent dead` lists them.",
    ("reason",),
)  # fmt: skip
AGENT_WAITING: Final = Metric("sqm_agent_waiting_records", "gauge", "Records that wait for ingest.", ("lane",))
AGENT_BYTES: Final = Metric("sqm_agent_waiting_bytes", "gauge", "Their bytes.")
AGENT_BOUND: Final = Metric(
    "sqm_agent_backlog_limit_bytes", "gauge", "How many bytes may wait before new records are refused."
)
AGENT_OLDEST: Final = Metric(
    "sqm_agent_oldest_waiting_seconds", "gauge", "Age of the record that waits longest; 0 when none does."
)
AGENT_SKEW: Final = Metric(
    "sqm_agent_clock_skew_seconds", "gauge", "This machine's clock minus ingest's; negative where it is behind."
)

METRICS: Final[tuple[Metric, ...]] = tuple(made for made in list(globals().values()) if isinstance(made, Metric))
"""All of them, in the order of the reference page."""
