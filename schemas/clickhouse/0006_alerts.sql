-- Alerts, the messages that told of them, what became of each message, and what people did.

CREATE TABLE IF NOT EXISTS alerts
(
    id String CODEC(ZSTD(1)),
    key String CODEC(ZSTD(1)),
    seq UInt64,
    at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    state LowCardinality(String),
    reason LowCardinality(String),
    severity LowCardinality(String),
    rule LowCardinality(String),
    labels String CODEC(ZSTD(3)),
    correlation Nullable(String) CODEC(ZSTD(1)),
    version UInt32,
    begun_at DateTime64(3, 'UTC'),
    fired_at Nullable(DateTime64(3, 'UTC')),
    ended_at Nullable(DateTime64(3, 'UTC')),
    open UInt32,
    seen UInt32,
    violations String CODEC(ZSTD(3)),
    owner Nullable(String),
    ack_until Nullable(DateTime64(3, 'UTC')),
    note Nullable(String) CODEC(ZSTD(3)),
    by Nullable(String),
    flapping Bool,
    topic_partition Int32,
    topic_offset Int64 CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    standard LowCardinality(String) MATERIALIZED JSONExtractString(labels, 'standard'),
    site LowCardinality(String) MATERIALIZED JSONExtractString(labels, 'site')
)
ENGINE = ReplacingMergeTree()
ORDER BY (id, seq)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS alert_commands
(
    id String CODEC(ZSTD(1)),
    at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    by String,
    action LowCardinality(String),
    alert Nullable(String) CODEC(ZSTD(1)),
    until Nullable(DateTime64(3, 'UTC')),
    to Nullable(String),
    note Nullable(String) CODEC(ZSTD(3)),
    verdict LowCardinality(Nullable(String)),
    silence Nullable(String) CODEC(ZSTD(3)),
    ends Nullable(String),
    schedule Nullable(String),
    override Nullable(String) CODEC(ZSTD(3)),
    topic_partition Int32,
    topic_offset Int64 CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    precedence UInt128 MATERIALIZED
        bitShiftLeft(toUInt128(9223372036854775807 - toInt128(toUnixTimestamp64Milli(recorded_at))), 64)
        + toUInt128(9223372036854775807 - toInt128(topic_offset))
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY id
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS notifications
(
    id String CODEC(ZSTD(1)),
    at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    reason LowCardinality(String),
    status LowCardinality(String),
    receiver LowCardinality(String),
    person LowCardinality(Nullable(String)),
    language LowCardinality(String),
    group String CODEC(ZSTD(1)),
    alerts String CODEC(ZSTD(3)),
    more UInt64,
    related UInt64,
    held_back UInt64,
    step Nullable(UInt32),
    topic_partition Int32,
    topic_offset Int64 CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree()
ORDER BY id
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Each attempt that ended is a row: a message may have failed first, and be delivered again after a crash.
CREATE TABLE IF NOT EXISTS deliveries
(
    notification String CODEC(ZSTD(1)),
    at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    receiver LowCardinality(String),
    person LowCardinality(Nullable(String)),
    outcome LowCardinality(String),
    attempts UInt32,
    took_ms UInt64,
    problem Nullable(String) CODEC(ZSTD(3)),
    topic_partition Int32,
    topic_offset Int64 CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree()
ORDER BY (notification, at, outcome)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE OR REPLACE VIEW standing_alerts AS
SELECT *, standard, site FROM alerts FINAL;

CREATE OR REPLACE VIEW standing_alert_commands AS
SELECT * FROM alert_commands FINAL;

CREATE OR REPLACE VIEW standing_notifications AS
SELECT * FROM notifications FINAL;

CREATE OR REPLACE VIEW standing_deliveries AS
SELECT * FROM deliveries FINAL;

-- One row for each alert that a message told of.

CREATE OR REPLACE VIEW told_alerts AS
SELECT
    n.id AS notification,
    n.at AS at,
    n.reason AS reason,
    n.receiver AS receiver,
    n.person AS person,
    n.step AS step,
    JSONExtractString(one, 'id') AS alert,
    JSONExtractUInt(one, 'seq') AS seq,
    JSONExtractString(one, 'state') AS state
FROM standing_notifications AS n
ARRAY JOIN JSONExtractArrayRaw(n.alerts) AS one;

-- One row for each time that an alert was raised (or only pending), from its beginning to its end. `asked_at` is when an escalation first
-- told somebody, `passed_on_at` when it went on to a later step, or nobody was left.

CREATE OR REPLACE VIEW alert_episodes AS
SELECT
    a.id AS id,
    any(a.key) AS key,
    any(a.rule) AS rule,
    any(a.standard) AS standard,
    any(a.site) AS site,
    arrayElement(['info', 'ticket', 'page'], max(indexOf(['info', 'ticket', 'page'], a.severity))) AS severity,
    argMax(a.state, a.seq) AS state,
    min(a.begun_at) AS begun_at,
    min(a.fired_at) AS fired_at,
    minOrNullIf(a.at, a.reason IN ('acknowledged', 'handed_over')) AS acknowledged_at,
    argMinOrNullIf(a.by, a.seq, a.reason IN ('acknowledged', 'handed_over')) AS acknowledged_by,
    tupleElement(argMax(tuple(a.ended_at), a.seq), 1) AS ended_at,
    max(a.seen) AS seen,
    any(t.asked_at) AS asked_at,
    any(t.passed_on_at) AS passed_on_at
FROM standing_alerts AS a
LEFT JOIN
(
    SELECT
        alert,
        minOrNullIf(at, step IS NOT NULL OR reason IN ('nobody_on_call', 'nobody_answered')) AS asked_at,
        minOrNullIf(at, step > first_step OR reason IN ('nobody_on_call', 'nobody_answered')) AS passed_on_at
    FROM (SELECT *, min(step) OVER (PARTITION BY alert) AS first_step FROM told_alerts)
    GROUP BY alert
) AS t ON t.alert = a.id
GROUP BY a.id;

-- What each one last said of an alert, of the time that was the last one when it was said.

CREATE OR REPLACE VIEW alert_feedback AS
SELECT e.id AS alert, c.by AS by, c.at AS at, c.verdict AS verdict, c.note AS note
FROM (SELECT assumeNotNull(alert) AS key, by, at, verdict, note FROM standing_alert_commands WHERE action = 'feedback') AS c
ASOF JOIN (SELECT id, key, assumeNotNull(fired_at) AS fired FROM alert_episodes WHERE fired_at IS NOT NULL) AS e
ON c.key = e.key AND c.at >= e.fired
ORDER BY c.at DESC
LIMIT 1 BY e.id, c.by;

-- What became of each message in the end; `took_ms` is the time from the decision to the first time that it arrived.

CREATE OR REPLACE VIEW message_outcomes AS
SELECT
    n.id AS notification,
    any(n.at) AS at,
    any(n.receiver) AS receiver,
    any(n.person) AS person,
    countIf(d.outcome = 'delivered') > 0 AS delivered,
    NOT delivered AND countIf(d.outcome = 'given_up') > 0 AS given_up,
    max(d.attempts) AS attempts,
    minOrNullIf(d.took_ms, d.outcome = 'delivered') AS took_ms
FROM standing_notifications AS n
LEFT JOIN standing_deliveries AS d ON d.notification = n.id
GROUP BY n.id;
