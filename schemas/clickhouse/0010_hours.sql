-- Sums by hour. ClickHouse makes them anew once an hour from the minutes that stand, so whatever came twice counts once, and what was
-- corrected as it stands now. Hours that were written to since are read from their minutes; touches are remembered for longer than any
-- insert may take.

CREATE TABLE IF NOT EXISTS attainment_hours
(
    standard LowCardinality(String),
    version UInt32,
    site LowCardinality(String),
    queue LowCardinality(Nullable(String)),
    hour DateTime('UTC') CODEC(Delta, ZSTD(1)),
    metric LowCardinality(String),
    good Int64 CODEC(ZSTD(1)),
    total UInt64 CODEC(ZSTD(1)),
    answered UInt64 CODEC(ZSTD(1)),
    answered_within UInt64 CODEC(ZSTD(1)),
    abandoned UInt64 CODEC(ZSTD(1)),
    abandoned_within UInt64 CODEC(ZSTD(1)),
    abandoned_short UInt64 CODEC(ZSTD(1)),
    answered_wait_ms UInt64 CODEC(ZSTD(1)),
    implausible UInt64 CODEC(ZSTD(1)),
    cancelled UInt64 CODEC(ZSTD(1)),
    expired UInt64 CODEC(ZSTD(1)),
    retired UInt64 CODEC(ZSTD(1)),
    n UInt64 CODEC(ZSTD(1)),
    earned UInt64 CODEC(ZSTD(1)),
    possible UInt64 CODEC(ZSTD(1)),
    score_sum UInt64 CODEC(ZSTD(1)),
    score_sum_squares UInt64 CODEC(ZSTD(1)),
    promoters UInt64 CODEC(ZSTD(1)),
    detractors UInt64 CODEC(ZSTD(1)),
    top2 UInt64 CODEC(ZSTD(1)),
    failed_critical UInt64 CODEC(ZSTD(1)),
    made_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (standard, version, site, hour);

CREATE TABLE IF NOT EXISTS attainment_touched
(
    standard LowCardinality(String),
    version UInt32,
    site LowCardinality(String),
    hour DateTime('UTC') CODEC(Delta, ZSTD(1)),
    touched_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(touched_at)
PARTITION BY toYYYYMMDD(touched_at)
ORDER BY (standard, version, site, hour)
TTL toDateTime(touched_at) + toIntervalDay(30)
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS touched_by_attainment TO attainment_touched AS
SELECT standard, version, site, toStartOfHour(minute, 'UTC') AS hour, now64(3, 'UTC') AS touched_at
FROM attainment
GROUP BY standard, version, site, hour;

CREATE MATERIALIZED VIEW IF NOT EXISTS hours_of_attainment
REFRESH EVERY 1 HOUR OFFSET 7 MINUTE TO attainment_hours EMPTY AS
SELECT
    standard, version, site, queue, toStartOfHour(minute, 'UTC') AS hour, any(a_minute.metric) AS metric,
    sum(good) AS good, sum(total) AS total, sum(answered) AS answered, sum(answered_within) AS answered_within,
    sum(abandoned) AS abandoned, sum(abandoned_within) AS abandoned_within, sum(abandoned_short) AS abandoned_short,
    sum(answered_wait_ms) AS answered_wait_ms, sum(implausible) AS implausible, sum(cancelled) AS cancelled,
    sum(expired) AS expired, sum(retired) AS retired, sum(n) AS n, sum(earned) AS earned, sum(possible) AS possible,
    sum(score_sum) AS score_sum, sum(score_sum_squares) AS score_sum_squares, sum(promoters) AS promoters,
    sum(detractors) AS detractors, sum(top2) AS top2, sum(failed_critical) AS failed_critical,
    now64(3, 'UTC') AS made_at
FROM attainment AS a_minute FINAL
GROUP BY standard, version, site, queue, hour
SETTINGS optimize_aggregation_in_order = 1, do_not_merge_across_partitions_select_final = 1;

CREATE OR REPLACE VIEW standing_attainment_hours AS
SELECT
    standard, version, site, queue, hour, metric,
    good, total, answered, answered_within, abandoned, abandoned_within, abandoned_short, answered_wait_ms,
    implausible, cancelled, expired, retired, n, earned, possible, score_sum, score_sum_squares, promoters,
    detractors, top2, failed_critical
FROM attainment_hours
WHERE (standard, version, site, hour) NOT IN
(
    SELECT standard, version, site, hour FROM attainment_touched
    WHERE touched_at >= (SELECT max(made_at) - toIntervalMinute(15) FROM (SELECT made_at FROM attainment_hours LIMIT 1))
)
UNION ALL
SELECT
    standard, version, site, queue, toStartOfHour(minute, 'UTC') AS hour, any(a_minute.metric) AS metric,
    sum(good) AS good, sum(total) AS total, sum(answered) AS answered, sum(answered_within) AS answered_within,
    sum(abandoned) AS abandoned, sum(abandoned_within) AS abandoned_within, sum(abandoned_short) AS abandoned_short,
    sum(answered_wait_ms) AS answered_wait_ms, sum(implausible) AS implausible, sum(cancelled) AS cancelled,
    sum(expired) AS expired, sum(retired) AS retired, sum(n) AS n, sum(earned) AS earned, sum(possible) AS possible,
    sum(score_sum) AS score_sum, sum(score_sum_squares) AS score_sum_squares, sum(promoters) AS promoters,
    sum(detractors) AS detractors, sum(top2) AS top2, sum(failed_critical) AS failed_critical
FROM attainment AS a_minute FINAL
WHERE (standard, version, site, toStartOfHour(minute, 'UTC')) IN
(
    SELECT standard, version, site, hour FROM attainment_touched
    WHERE touched_at >= (SELECT max(made_at) - toIntervalMinute(15) FROM (SELECT made_at FROM attainment_hours LIMIT 1))
)
GROUP BY standard, version, site, queue, hour
SETTINGS do_not_merge_across_partitions_select_final = 1;

-- How often which value was measured, by hour: percentiles and distributions add up from it. A bucket is called by the greatest value that
-- lies in it, which is at most 1/128 greater than the value itself (domain/histogram.py). Made like the sums, as of `made_at`; what was
-- measured since then stands in standing_measurements.

CREATE TABLE IF NOT EXISTS value_hours
(
    standard LowCardinality(String),
    version UInt32,
    site LowCardinality(String),
    queue LowCardinality(Nullable(String)),
    hour DateTime('UTC') CODEC(Delta, ZSTD(1)),
    ended_by LowCardinality(String),
    up_to_ms UInt64 CODEC(Delta, ZSTD(1)),
    n UInt64 CODEC(ZSTD(1)),
    within_limit UInt64 CODEC(ZSTD(1)),
    made_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    PROJECTION of_all_sites
    (
        SELECT standard, version, hour, ended_by, up_to_ms, sum(n), sum(within_limit)
        GROUP BY standard, version, hour, ended_by, up_to_ms
    )
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (standard, version, site, hour, up_to_ms);

CREATE MATERIALIZED VIEW IF NOT EXISTS hours_of_values
REFRESH EVERY 1 HOUR OFFSET 22 MINUTE TO value_hours EMPTY AS
WITH toUInt8(greatest(floor(log2(greatest(value_ms, 1))), 7) - 7) AS shift
SELECT
    standard, version, site, queue, toStartOfHour(arrived_at, 'UTC') AS hour, ended_by,
    toUInt64(if(value_ms < 256, value_ms, bitShiftLeft(bitShiftRight(value_ms, shift) + 1, shift) - 1)) AS up_to_ms,
    count() AS n,
    countIf(value_ms <= limit_ms) AS within_limit,
    now64(3, 'UTC') AS made_at
FROM measurements FINAL
WHERE state = 'standing' AND kind = 'clock' AND validity = 'plausible' AND ended_by IN ('stopped', 'abandoned')
GROUP BY standard, version, site, queue, hour, ended_by, up_to_ms
SETTINGS optimize_aggregation_in_order = 1, do_not_merge_across_partitions_select_final = 1;
