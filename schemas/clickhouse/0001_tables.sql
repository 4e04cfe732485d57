-- The tables of history; schemas/tables.py says what each column means.
--
-- A partition key must be a function of the sorting key, or copies in two partitions would never merge. The instant of arrival is
-- not part of an id (a late event may change it), so outcomes by journey are not partitioned by month; minutes of attainment are.
-- Lifetimes are a setting and are put on the tables by the service. Inserts reach the disk before they are acknowledged. Every statement
-- may run again: a migration that was cut off starts from its top.

CREATE TABLE IF NOT EXISTS events
(
    id String CODEC(ZSTD(1)),
    source LowCardinality(String),
    type LowCardinality(String),
    subject Nullable(String),
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at Nullable(DateTime64(3, 'UTC')),
    site LowCardinality(String),
    queue LowCardinality(Nullable(String)),
    channel LowCardinality(Nullable(String)),
    service LowCardinality(Nullable(String)),
    segment LowCardinality(Nullable(String)),
    priority LowCardinality(Nullable(String)),
    team LowCardinality(Nullable(String)),
    employee Nullable(String),
    customer Nullable(String),
    actor LowCardinality(Nullable(String)),
    outcome LowCardinality(Nullable(String)),
    milestone LowCardinality(Nullable(String)),
    reason LowCardinality(Nullable(String)),
    raw String CODEC(ZSTD(3)),
    topic_partition Int32,
    topic_offset Int64 CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    precedence UInt128 MATERIALIZED
        bitShiftLeft(toUInt128(9223372036854775807 - toInt128(toUnixTimestamp64Milli(recorded_at))), 64)
        + toUInt128(9223372036854775807 - toInt128(topic_offset))
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (source, id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS events_in
(
    key Nullable(String),
    value Nullable(String) CODEC(ZSTD(3)),
    headers Array(Tuple(name String, value String)) CODEC(ZSTD(3)),
    topic_partition Int32,
    topic_offset Int64 CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree()
PARTITION BY toYYYYMM(recorded_at)
ORDER BY (topic_partition, topic_offset, recorded_at)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS dead_letters
(
    key Nullable(String),
    value Nullable(String) CODEC(ZSTD(3)),
    headers Array(Tuple(name String, value String)) CODEC(ZSTD(3)),
    topic_partition Int32,
    topic_offset Int64 CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    reason LowCardinality(String) MATERIALIZED
        arrayLast(header -> header.name = 'sqm-reason', headers).value,
    stage LowCardinality(String) MATERIALIZED
        arrayLast(header -> header.name = 'sqm-stage', headers).value
)
ENGINE = ReplacingMergeTree()
PARTITION BY toYYYYMM(recorded_at)
ORDER BY (topic_partition, topic_offset, recorded_at)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS standards
(
    key String,
    kind LowCardinality(String),
    id String CODEC(ZSTD(1)),
    version Nullable(UInt32),
    published_at DateTime64(3, 'UTC'),
    published_by String,
    raw String CODEC(ZSTD(3)),
    topic_partition Int32,
    topic_offset Int64 CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree()
ORDER BY (key, topic_partition, topic_offset, recorded_at)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS measurements
(
    id String CODEC(ZSTD(1)),
    standard LowCardinality(String),
    version UInt32,
    rev_offset Int64 CODEC(Delta, ZSTD(1)),
    rev_watermark Int64 CODEC(Delta, ZSTD(1)),
    site LowCardinality(String),
    queue LowCardinality(Nullable(String)),
    channel LowCardinality(Nullable(String)),
    service LowCardinality(Nullable(String)),
    segment LowCardinality(Nullable(String)),
    priority LowCardinality(Nullable(String)),
    team LowCardinality(Nullable(String)),
    employee Nullable(String),
    journey String CODEC(ZSTD(1)),
    cycle UInt32,
    arrived_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    late Bool,
    state LowCardinality(String),
    started_at DateTime64(3, 'UTC'),
    ended_at DateTime64(3, 'UTC'),
    ended_by LowCardinality(String),
    value_ms UInt64,
    paused_ms UInt64,
    limit_ms UInt64,
    validity LowCardinality(String),
    met Nullable(Bool),
    short_abandon Bool,
    trail String CODEC(ZSTD(3)),
    segments String CODEC(ZSTD(3)),
    topic_partition Int32,
    topic_offset Int64 CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    revision UInt128 MATERIALIZED
        bitShiftLeft(toUInt128(toInt128(rev_offset) + 9223372036854775808), 64)
        + toUInt128(toInt128(rev_watermark) + 9223372036854775808)
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (standard, version, site, id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS violations
(
    id String CODEC(ZSTD(1)),
    standard LowCardinality(String),
    version UInt32,
    rev_offset Int64 CODEC(Delta, ZSTD(1)),
    rev_watermark Int64 CODEC(Delta, ZSTD(1)),
    site LowCardinality(String),
    queue LowCardinality(Nullable(String)),
    channel LowCardinality(Nullable(String)),
    service LowCardinality(Nullable(String)),
    segment LowCardinality(Nullable(String)),
    priority LowCardinality(Nullable(String)),
    team LowCardinality(Nullable(String)),
    employee Nullable(String),
    journey String CODEC(ZSTD(1)),
    cycle UInt32,
    arrived_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    late Bool,
    kind LowCardinality(String),
    state LowCardinality(String),
    reason LowCardinality(String),
    opened_at DateTime64(3, 'UTC'),
    closed_at Nullable(DateTime64(3, 'UTC')),
    detected_at DateTime64(3, 'UTC'),
    as_of DateTime64(3, 'UTC'),
    value_ms UInt64,
    limit_ms UInt64,
    trail String CODEC(ZSTD(3)),
    topic_partition Int32,
    topic_offset Int64 CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    revision UInt128 MATERIALIZED
        bitShiftLeft(toUInt128(toInt128(rev_offset) + 9223372036854775808), 64)
        + toUInt128(toInt128(rev_watermark) + 9223372036854775808)
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (standard, version, site, id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS attainment
(
    id String CODEC(ZSTD(1)),
    standard LowCardinality(String),
    version UInt32,
    rev_offset Int64 CODEC(Delta, ZSTD(1)),
    rev_watermark Int64 CODEC(Delta, ZSTD(1)),
    site LowCardinality(String),
    queue LowCardinality(Nullable(String)),
    minute DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    metric LowCardinality(String),
    good UInt64,
    total UInt64,
    answered UInt64,
    answered_within UInt64,
    abandoned UInt64,
    abandoned_within UInt64,
    abandoned_short UInt64,
    answered_wait_ms UInt64,
    implausible UInt64,
    cancelled UInt64,
    expired UInt64,
    topic_partition Int32,
    topic_offset Int64 CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    revision UInt128 MATERIALIZED
        bitShiftLeft(toUInt128(toInt128(rev_offset) + 9223372036854775808), 64)
        + toUInt128(toInt128(rev_watermark) + 9223372036854775808)
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(minute)
ORDER BY (standard, version, site, minute, id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

