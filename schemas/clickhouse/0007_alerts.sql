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
    reported Nullable(String) CODEC(ZSTD(3)),
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

-- One row for each alert that a message told of. In views an alias must not be called like a database might be, since ClickHouse writes
-- the database's name before each table and then looks for the table within the alias.

CREATE OR REPLACE VIEW told_alerts AS
SELECT
    a_message.id AS notification,
    a_message.at AS at,
    a_message.reason AS reason,
    a_message.receiver AS receiver,
    a_message.person AS person,
    a_message.step AS step,
    JSONExtractString(one, 'id') AS alert,
    JSONExtractUInt(one, 'seq') AS seq,
    JSONExtractString(one, 'state') AS state
FROM standing_notifications AS a_message
ARRAY JOIN JSONExtractArrayRaw(a_message.alerts) AS one;

-- One row for each time that an alert was raised (or only pending), from its beginning to its end. `asked_at` is when an escalation first
-- told somebody, `passed_on_at` when it went on to a later step, or nobody was left.

CREATE OR REPLACE VIEW alert_episodes AS
SELECT
    a_step.id AS id,
    any(a_step.key) AS key,
    any(a_step.rule) AS rule,
    any(a_step.standard) AS standard,
    any(a_step.site) AS site,
    arrayElement(['info', 'ticket', 'page'], max(indexOf(['info', 'ticket', 'page'], a_step.severity))) AS severity,
    argMax(a_step.state, a_step.seq) AS state,
    min(a_step.begun_at) AS begun_at,
    min(a_step.fired_at) AS fired_at,
    minOrNullIf(a_step.at, a_step.reason IN ('acknowledged', 'handed_over')) AS acknowledged_at,
    argMinOrNullIf(a_step.by, a_step.seq, a_step.reason IN ('acknowledged', 'handed_over')) AS acknowledged_by,
    tupleElement(argMax(tuple(a_step.ended_at), a_step.seq), 1) AS ended_at,
    max(a_step.seen) AS seen,
    any(its_asking.asked_at) AS asked_at,
    any(its_asking.passed_on_at) AS passed_on_at
FROM standing_alerts AS a_step
LEFT JOIN
(
    SELECT
        alert,
        minOrNullIf(at, step IS NOT NULL OR reason IN ('nobody_on_call', 'nobody_answered')) AS asked_at,
        minOrNullIf(at, step > first_step OR reason IN ('nobody_on_call', 'nobody_answered')) AS passed_on_at
    FROM (SELECT *, min(step) OVER (PARTITION BY alert) AS first_step FROM told_alerts)
    GROUP BY alert
) AS its_asking ON its_asking.alert = a_step.id
GROUP BY a_step.id;

-- What each one last said of an alert, of the time that was the last one when it was said.

CREATE OR REPLACE VIEW alert_feedback AS
SELECT an_episode.id AS alert, a_mark.by AS by, a_mark.at AS at, a_mark.verdict AS verdict, a_mark.note AS note
FROM (SELECT assumeNotNull(alert) AS key, by, at, verdict, note FROM standing_alert_commands WHERE action = 'feedback') AS a_mark
ASOF JOIN (SELECT id, key, assumeNotNull(fired_at) AS fired FROM alert_episodes WHERE fired_at IS NOT NULL) AS an_episode
ON a_mark.key = an_episode.key AND a_mark.at >= an_episode.fired
ORDER BY a_mark.at DESC
LIMIT 1 BY an_episode.id, a_mark.by;

-- What became of each message in the end; `took_ms` is the time from the decision to the first time that it arrived.

CREATE OR REPLACE VIEW message_outcomes AS
SELECT
    a_message.id AS notification,
    any(a_message.at) AS at,
    any(a_message.receiver) AS receiver,
    any(a_message.person) AS person,
    countIf(a_try.outcome = 'delivered') > 0 AS delivered,
    NOT delivered AND countIf(a_try.outcome = 'given_up') > 0 AS given_up,
    max(a_try.attempts) AS attempts,
    minOrNullIf(a_try.took_ms, a_try.outcome = 'delivered') AS took_ms
FROM standing_notifications AS a_message
LEFT JOIN standing_deliveries AS a_try ON a_try.notification = a_message.id
GROUP BY a_message.id;
