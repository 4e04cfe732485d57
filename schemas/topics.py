"""
Topics: every Kafka topic of the product with what it carries, its key, and how the broker keeps it.

Names are logical; a deployment puts its own prefix in front, so that several organisations share a cluster without
sharing a topic. All topics keyed by site have the same number of partitions, so one site is always in the same
partition of each.
"""

from typing import Final, Literal, NamedTuple

from schemas.base import DAY_MS

MEBIBYTE: Final = 1_048_576


class Topic(NamedTuple):
    """
    A topic's contract: its owner writes it, anybody may read it.
    """

    name: str
    carries: str
    key: str
    owner: str
    partitions: int | None
    """None: as many as the deployment's setting says (4 by default); a number: exactly so many."""
    retention_ms: int
    """-1 keeps for ever."""
    cleanup: Literal["delete", "compact"]
    timestamps: Literal["CreateTime", "LogAppendTime"]
    max_message_bytes: int


EVENTS_IN: Final = Topic(
    "sqm.events.in.v1", "CloudEvents from systems that write to Kafka themselves", "any", "anyone",
    None, 7 * DAY_MS, "delete", "LogAppendTime", MEBIBYTE,
)  # fmt: skip
RAW: Final = Topic(
    "sqm.raw.v1",
    "webhooks as vendors sent them, sealed, until they are mapped and a week longer",
    "connector/source/sixteen bits of the object's hash", "ingest",
    None, 7 * DAY_MS, "delete", "LogAppendTime", 2 * MEBIBYTE,
)  # fmt: skip
EVENTS: Final = Topic(
    "sqm.events.v1", "validated service events, structured CloudEvents, stamped with receivedat", "site", "ingest",
    None, 35 * DAY_MS, "delete", "LogAppendTime", MEBIBYTE,
)  # fmt: skip
DEAD_LETTERS: Final = Topic(
    "sqm.events.dead.v1", "what was refused, byte for byte (by ingest: sealed), with the reason in headers",
    "as it came, or none", "whoever refused it", None, 35 * DAY_MS, "delete", "CreateTime", 2 * MEBIBYTE,
)  # fmt: skip
STANDARDS: Final = Topic(
    "sqm.standards.v1", "published standards, calendars, sites and sources; the first publication of a version wins",
    "kind/id/version", "command line and console", 1, -1, "delete", "LogAppendTime", MEBIBYTE,
)  # fmt: skip
MEASUREMENTS: Final = Topic(
    "sqm.measurements.v1", "clocks that ended", "site", "sla", None, 35 * DAY_MS, "delete", "CreateTime", MEBIBYTE
)
ATTAINMENT: Final = Topic(
    "sqm.attainment.v1",
    "sums by standard, scope and minute",
    "site",
    "sla",
    None,
    35 * DAY_MS,
    "delete",
    "CreateTime",
    MEBIBYTE,
)
VIOLATIONS: Final = Topic(
    "sqm.violations.v1", "violations opened, updated, retracted, closed", "site", "sla",
    None, 35 * DAY_MS, "delete", "CreateTime", MEBIBYTE,
)  # fmt: skip
ALERTING: Final = Topic(
    "sqm.alerting.v1", "configurations of alerts: the last sound one of each id holds", "id",
    "command line and the service of alerts", 1, -1, "compact", "LogAppendTime", 2 * MEBIBYTE,
)  # fmt: skip
ALERT_COMMANDS: Final = Topic(
    "sqm.alerts.commands.v1", "what people do about alerts: the trail of who did what", "alert, or what it is about",
    "alerts", 1, 400 * DAY_MS, "delete", "LogAppendTime", MEBIBYTE,
)  # fmt: skip
ALERTS: Final = Topic(
    "sqm.alerts.v1", "every transition of every alert", "key of the alert", "alerts",
    None, 35 * DAY_MS, "delete", "CreateTime", MEBIBYTE,
)  # fmt: skip
NOTIFICATIONS: Final = Topic(
    "sqm.notifications.v1", "messages that were decided", "receiver", "alerts",
    None, 35 * DAY_MS, "delete", "CreateTime", MEBIBYTE,
)  # fmt: skip
DELIVERIES: Final = Topic(
    "sqm.deliveries.v1", "what became of each message", "receiver", "alerts",
    None, 35 * DAY_MS, "delete", "CreateTime", MEBIBYTE,
)  # fmt: skip

TOPICS: Final = (
    EVENTS_IN, RAW, EVENTS, DEAD_LETTERS, STANDARDS, MEASUREMENTS, ATTAINMENT, VIOLATIONS, ALERTING, ALERT_COMMANDS,
    ALERTS, NOTIFICATIONS, DELIVERIES,
)  # fmt: skip
