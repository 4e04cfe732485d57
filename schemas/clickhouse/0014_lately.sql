-- The last two days, for those who watch: a screen asks every few seconds what opened, or how targets were kept, within hours, and the order
-- of the tables is made for questions about one standard or site. Who asks further back than a day asks those.

-- What opened within a day was told of within two, so its last revision is among these.

CREATE TABLE IF NOT EXISTS violations_lately
(
    id String CODEC(ZSTD(1)),
    standard LowCardinality(String),
    version UInt32,
    site LowCardinality(String),
    queue LowCardinality(Nullable(String)),
    journey String CODEC(ZSTD(1)),
    kind LowCardinality(String),
    state LowCardinality(String),
    reason LowCardinality(String),
    opened_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    closed_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    value_ms UInt64 CODEC(ZSTD(1)),
    limit_ms UInt64 CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    revision UInt128 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMMDD(recorded_at, 'UTC')
ORDER BY (standard, version, site, id)
TTL toStartOfDay(recorded_at, 'UTC') + toIntervalDay(3)
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS lately_of_violations TO violations_lately AS
SELECT
    id, standard, version, site, queue, journey, kind, state, reason, opened_at, closed_at, value_ms, limit_ms,
    recorded_at, revision
FROM violations
WHERE recorded_at > now() - toIntervalDay(2);

INSERT INTO violations_lately
SELECT
    id, standard, version, site, queue, journey, kind, state, reason, opened_at, closed_at, value_ms, limit_ms,
    recorded_at, revision
FROM violations
WHERE recorded_at > now() - toIntervalDay(2);

CREATE OR REPLACE VIEW standing_violations_lately AS
SELECT * FROM violations_lately FINAL WHERE state != 'retracted';

-- A minute is the same in all its revisions, so it may be what the table is ordered by.

CREATE TABLE IF NOT EXISTS attainment_lately
(
    id String CODEC(ZSTD(1)),
    standard LowCardinality(String),
    version UInt32,
    site LowCardinality(String),
    queue LowCardinality(Nullable(String)),
    minute DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    metric LowCardinality(String),
    good Int64 CODEC(ZSTD(1)),
    total UInt64 CODEC(ZSTD(1)),
    revision UInt128 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMMDD(minute, 'UTC')
ORDER BY (minute, standard, version, site, id)
TTL toStartOfDay(minute, 'UTC') + toIntervalDay(3)
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS lately_of_attainment TO attainment_lately AS
SELECT id, standard, version, site, queue, minute, metric, good, total, revision
FROM attainment
WHERE minute > now() - toIntervalDay(2);

INSERT INTO attainment_lately
SELECT id, standard, version, site, queue, minute, metric, good, total, revision
FROM attainment
WHERE minute > now() - toIntervalDay(2);

CREATE OR REPLACE VIEW standing_attainment_lately AS
SELECT * FROM attainment_lately FINAL
SETTINGS do_not_merge_across_partitions_select_final = 1;
