-- What was published, as columns: dashboards and reports set figures beside the targets, limits and names that were promised.

-- Of one version the first publication says what it means, the last one how it is worded. A share or percentile is held against a share of
-- 1, a duration against milliseconds, all else against a number; `at_most` where the figure keeps its target by staying at or below it.

CREATE OR REPLACE VIEW standing_standards AS
SELECT
    a_version.id AS id,
    a_version.version AS version,
    JSONExtractString(a_version.last, 'document', 'metadata', 'title') AS title,
    JSONExtractString(a_version.last, 'document', 'metadata', 'owner') AS owner,
    JSONExtractString(a_version.last, 'document', 'metadata', 'category') AS category,
    JSONExtractString(a_version.last, 'document', 'metadata', 'why') AS why,
    parseDateTime64BestEffortOrNull(
        JSONExtractString(a_version.first, 'document', 'metadata', 'effective_from'), 3, 'UTC') AS effective_from,
    parseDateTime64BestEffortOrNull(
        JSONExtractString(a_version.first, 'document', 'metadata', 'effective_until'), 3, 'UTC') AS effective_until,
    a_version.published_at AS published_at,
    a_version.published_by AS published_by,
    JSONExtractString(a_version.first, 'document', 'objective', 'metric') AS metric,
    JSONExtractString(a_version.first, 'document', 'objective', 'target') AS target_text,
    multiIf(
        match(metric, '^p[0-9]{2}$'), toFloat64OrNull(substring(metric, 2)) / 100,
        endsWith(target_text, '%'), toFloat64OrNull(trim(TRAILING '%' FROM target_text)) / 100,
        match(target_text, '^[0-9]+(\\.[0-9]+)?$'), toFloat64OrNull(target_text),
        target_text = '', NULL,
        parseTimeDelta(if(target_text = '', '0s', target_text)) * 1000) AS target,
    metric IN ('abandonment', 'abandonment_net', 'asa', 'aht', 'transfer_rate', 'reopen_rate', 'per_100', 'per_1000',
        'complaints_per_1000', 'lost_sales_per_100', 'critical_failures') AS at_most,
    greatest(JSONExtractUInt(a_version.first, 'document', 'objective', 'minimum_n'), 1) AS minimum_n,
    toUInt64OrNull(trim(TRAILING 'ms' FROM JSONExtractString(a_version.first, 'document', 'clock', 'limit'))) AS limit_ms
FROM
(
    SELECT
        id,
        assumeNotNull(version) AS version,
        argMin(raw, tuple(recorded_at, topic_offset)) AS first,
        argMax(raw, tuple(recorded_at, topic_offset)) AS last,
        argMin(published_at, tuple(recorded_at, topic_offset)) AS published_at,
        argMin(published_by, tuple(recorded_at, topic_offset)) AS published_by
    FROM standards FINAL
    WHERE kind = 'Standard' AND version IS NOT NULL
    GROUP BY id, version
) AS a_version;

-- The last word about each site. `regions` are all that it lies in, from wide to narrow; the labels `latitude` and `longitude`, in degrees,
-- put it on a map.

CREATE OR REPLACE VIEW standing_sites AS
SELECT
    a_site.id AS id,
    JSONExtractString(a_site.last, 'document', 'metadata', 'title') AS title,
    JSONExtractString(a_site.last, 'document', 'metadata', 'region') AS region,
    arrayMap(
        length -> arrayStringConcat(arraySlice(splitByChar('/', region), 1, length), '/'),
        if(region = '', [], range(1, length(splitByChar('/', region)) + 1))) AS regions,
    if(zone_text = '', 'UTC', zone_text) AS zone,
    JSONExtractString(a_site.last, 'document', 'metadata', 'zone') AS zone_text,
    toFloat64OrNull(JSONExtractString(a_site.last, 'document', 'metadata', 'labels', 'latitude')) AS latitude,
    toFloat64OrNull(JSONExtractString(a_site.last, 'document', 'metadata', 'labels', 'longitude')) AS longitude
FROM
(
    SELECT id, argMax(raw, tuple(recorded_at, topic_offset)) AS last
    FROM standards FINAL
    WHERE kind = 'Site'
    GROUP BY id
) AS a_site;

-- The last word about each source: the prefix of its events' `source`, its name, and how late it is known to report.

CREATE OR REPLACE VIEW standing_sources AS
SELECT
    a_source.id AS id,
    JSONExtractString(a_source.last, 'document', 'metadata', 'title') AS title,
    toUInt64OrZero(trim(TRAILING 'ms' FROM JSONExtractString(a_source.last, 'document', 'metadata', 'expected_delay')))
        AS expected_delay_ms
FROM
(
    SELECT id, argMax(raw, tuple(recorded_at, topic_offset)) AS last
    FROM standards FINAL
    WHERE kind = 'Source'
    GROUP BY id
) AS a_source;
