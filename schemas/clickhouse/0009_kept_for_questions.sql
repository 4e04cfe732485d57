-- What people ask for most, kept ready: the voice of customers and staff, what was corrected, and what charts mark.
--
-- A materialised view sees every insert, copies and earlier revisions too. So those below only pass rows on, into tables in which copies
-- replace each other as in the table they come from.

-- Of the events with one identity the one of the highest revision stands, and of those at one the first.

ALTER TABLE events
    ADD COLUMN IF NOT EXISTS revision Nullable(UInt64) AFTER raw,
    MODIFY COLUMN precedence UInt256 MATERIALIZED
        bitShiftLeft(toUInt256(ifNull(revision, 0)), 128)
        + bitShiftLeft(toUInt256(9223372036854775807 - toInt128(toUnixTimestamp64Milli(recorded_at))), 64)
        + toUInt256(9223372036854775807 - toInt128(topic_offset)) CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(ZSTD(1)),
    ADD INDEX IF NOT EXISTS of_subject subject TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS of_customer customer TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS of_employee employee TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS of_time occurred_at TYPE minmax GRANULARITY 1;

CREATE OR REPLACE VIEW standing_events AS
SELECT * FROM events FINAL;

-- Smaller, and found by what people look for; like the indexes above only in what is written from now on.

ALTER TABLE measurements
    MODIFY COLUMN started_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN ended_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN value_ms CODEC(ZSTD(1)),
    MODIFY COLUMN paused_ms CODEC(ZSTD(1)),
    MODIFY COLUMN limit_ms CODEC(ZSTD(1)),
    MODIFY COLUMN revision CODEC(ZSTD(1)),
    ADD INDEX IF NOT EXISTS of_journey journey TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS of_employee employee TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS of_arrival arrived_at TYPE minmax GRANULARITY 1;

ALTER TABLE violations
    MODIFY COLUMN opened_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN closed_at CODEC(ZSTD(1)),
    MODIFY COLUMN detected_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN as_of CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN revision CODEC(ZSTD(1)),
    ADD INDEX IF NOT EXISTS of_journey journey TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS of_employee employee TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS of_opening opened_at TYPE minmax GRANULARITY 1;

ALTER TABLE attainment
    MODIFY COLUMN good CODEC(ZSTD(1)),
    MODIFY COLUMN total CODEC(ZSTD(1)),
    MODIFY COLUMN answered_wait_ms CODEC(ZSTD(1)),
    MODIFY COLUMN revision CODEC(ZSTD(1));

-- The voice of customers, staff and observers.

CREATE TABLE IF NOT EXISTS feedback
(
    id String CODEC(ZSTD(1)),
    source LowCardinality(String),
    type LowCardinality(String),
    subject Nullable(String),
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    site LowCardinality(String),
    queue LowCardinality(Nullable(String)),
    channel LowCardinality(Nullable(String)),
    service LowCardinality(Nullable(String)),
    segment LowCardinality(Nullable(String)),
    team LowCardinality(Nullable(String)),
    employee Nullable(String),
    customer Nullable(String),
    instrument LowCardinality(Nullable(String)),
    score Nullable(Float64),
    scale Nullable(UInt32),
    topic LowCardinality(Nullable(String)),
    severity LowCardinality(Nullable(String)),
    outcome LowCardinality(Nullable(String)),
    checklist LowCardinality(Nullable(String)),
    comment Nullable(String) CODEC(ZSTD(3)),
    items String CODEC(ZSTD(3)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    precedence UInt256
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (source, id)
TTL toDateTime(recorded_at) + toIntervalDay(800)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS feedback_from_events TO feedback AS
WITH JSONExtract(
    raw, 'data',
    'Tuple(instrument Nullable(String), score Nullable(Float64), scale Nullable(UInt32), topic Nullable(String),
        survey Nullable(String), kind Nullable(String), severity Nullable(String), observer Nullable(String),
        checklist Nullable(String), comment Nullable(String))'
) AS said
SELECT
    id, source, type, subject, occurred_at, site, queue, channel, service, segment, team, employee, customer,
    coalesce(said.instrument, said.survey, said.observer) AS instrument,
    said.score AS score,
    said.scale AS scale,
    coalesce(said.topic, said.kind) AS topic,
    said.severity AS severity,
    outcome,
    said.checklist AS checklist,
    said.comment AS comment,
    JSONExtractRaw(raw, 'data', 'items') AS items,
    recorded_at,
    precedence
FROM events
WHERE type IN (
    'sqm.feedback.received', 'sqm.observation.recorded', 'sqm.staff_survey.answered', 'sqm.suggestion.submitted',
    'sqm.incident.reported', 'sqm.complaint.opened', 'sqm.complaint.acknowledged', 'sqm.complaint.responded',
    'sqm.complaint.resolved', 'sqm.complaint.reopened', 'sqm.complaint.withdrawn'
);

CREATE OR REPLACE VIEW standing_feedback AS
SELECT * FROM feedback FINAL;

-- One row for each complaint, with the instants of its steps; reopened or withdrawn ones say so.

CREATE OR REPLACE VIEW complaints AS
SELECT
    a_step.site AS site,
    a_step.subject AS journey,
    argMin(a_step.queue, a_step.occurred_at) AS queue,
    argMin(a_step.channel, a_step.occurred_at) AS channel,
    argMin(a_step.topic, a_step.occurred_at) AS topic,
    argMax(a_step.severity, a_step.occurred_at) AS severity,
    argMax(a_step.outcome, a_step.occurred_at) AS outcome,
    minOrNullIf(a_step.occurred_at, a_step.type = 'sqm.complaint.opened') AS opened_at,
    minOrNullIf(a_step.occurred_at, a_step.type = 'sqm.complaint.acknowledged') AS acknowledged_at,
    minOrNullIf(a_step.occurred_at, a_step.type = 'sqm.complaint.responded') AS responded_at,
    maxOrNullIf(a_step.occurred_at, a_step.type = 'sqm.complaint.resolved') AS resolved_at,
    maxOrNullIf(a_step.occurred_at, a_step.type = 'sqm.complaint.withdrawn') AS withdrawn_at,
    countIf(a_step.type = 'sqm.complaint.reopened') AS reopened,
    replaceOne(argMax(a_step.type, a_step.occurred_at), 'sqm.complaint.', '') AS state
FROM standing_feedback AS a_step
WHERE startsWith(a_step.type, 'sqm.complaint.')
GROUP BY a_step.site, a_step.subject;

-- One row for each point of a checklist, as it was seen.

CREATE OR REPLACE VIEW checklist_items AS
SELECT
    a_visit.source AS source,
    a_visit.id AS id,
    a_visit.occurred_at AS occurred_at,
    a_visit.site AS site,
    a_visit.team AS team,
    a_visit.employee AS employee,
    a_visit.instrument AS observer,
    a_visit.checklist AS checklist,
    JSONExtractString(one, 'id') AS item,
    JSONExtractString(one, 'category') AS category,
    JSONExtractString(one, 'result') AS result,
    if(JSONHas(one, 'weight'), JSONExtractUInt(one, 'weight'), 1) AS weight,
    JSONExtractBool(one, 'critical') AS critical
FROM standing_feedback AS a_visit
ARRAY JOIN JSONExtractArrayRaw(a_visit.items) AS one
WHERE a_visit.type = 'sqm.observation.recorded';

-- What was said of each verdict, revision by revision: the tables keep the last one only.

CREATE TABLE IF NOT EXISTS measurement_revisions
(
    standard LowCardinality(String),
    version UInt32,
    site LowCardinality(String),
    id String CODEC(ZSTD(1)),
    revision UInt128 CODEC(ZSTD(1)),
    journey String CODEC(ZSTD(1)),
    state LowCardinality(String),
    arrived_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    ended_by LowCardinality(String),
    value_ms UInt64 CODEC(ZSTD(1)),
    limit_ms UInt64 CODEC(ZSTD(1)),
    score Nullable(Int64) CODEC(ZSTD(1)),
    met Nullable(Bool),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree()
ORDER BY (standard, version, site, id, revision)
TTL toDateTime(recorded_at) + toIntervalDay(90)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS revisions_of_measurements TO measurement_revisions AS
SELECT
    standard, version, site, id, revision, journey, state, arrived_at, ended_by, value_ms, limit_ms, score, met,
    recorded_at
FROM measurements;

CREATE TABLE IF NOT EXISTS violation_revisions
(
    standard LowCardinality(String),
    version UInt32,
    site LowCardinality(String),
    id String CODEC(ZSTD(1)),
    revision UInt128 CODEC(ZSTD(1)),
    journey String CODEC(ZSTD(1)),
    kind LowCardinality(String),
    state LowCardinality(String),
    reason LowCardinality(String),
    opened_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    closed_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    value_ms UInt64 CODEC(ZSTD(1)),
    limit_ms UInt64 CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree()
ORDER BY (standard, version, site, id, revision)
TTL toDateTime(recorded_at) + toIntervalDay(800)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS revisions_of_violations TO violation_revisions AS
SELECT
    standard, version, site, id, revision, journey, kind, state, reason, opened_at, closed_at, value_ms, limit_ms,
    recorded_at
FROM violations;

CREATE TABLE IF NOT EXISTS event_revisions
(
    source LowCardinality(String),
    id String CODEC(ZSTD(1)),
    revision UInt64 CODEC(ZSTD(1)),
    site LowCardinality(String),
    subject Nullable(String),
    raw String CODEC(ZSTD(3)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    precedence UInt256 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (source, id, revision)
TTL toDateTime(recorded_at) + toIntervalDay(400)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS revisions_of_events TO event_revisions AS
SELECT source, id, assumeNotNull(revision) AS revision, site, subject, raw, recorded_at, precedence
FROM events
WHERE revision IS NOT NULL;

-- What stands in the place of something else: what was said before and after, and when. That an open violation was closed corrects
-- nothing; that it never was, or was at another instant or against another limit, does.

CREATE OR REPLACE VIEW corrections AS
SELECT
    'measurement' AS about, standard, version, site, journey, id, pair.2.2 AS corrected_at,
    toJSONString(map(
        'state', toString(pair.1.3), 'arrived_at', toString(pair.1.4), 'ended_by', toString(pair.1.5),
        'value_ms', toString(pair.1.6), 'limit_ms', toString(pair.1.7), 'score', ifNull(toString(pair.1.8), ''),
        'met', ifNull(toString(pair.1.9), '')
    )) AS before,
    toJSONString(map(
        'state', toString(pair.2.3), 'arrived_at', toString(pair.2.4), 'ended_by', toString(pair.2.5),
        'value_ms', toString(pair.2.6), 'limit_ms', toString(pair.2.7), 'score', ifNull(toString(pair.2.8), ''),
        'met', ifNull(toString(pair.2.9), '')
    )) AS after
FROM
(
    SELECT
        standard, version, site, id, any(journey) AS journey,
        arraySort(groupArray(tuple(
            revision, recorded_at, state, arrived_at, ended_by, value_ms, limit_ms, score, met
        ))) AS said
    FROM measurement_revisions FINAL
    GROUP BY standard, version, site, id
    HAVING count() > 1
)
ARRAY JOIN arrayZip(arrayPopBack(said), arrayPopFront(said)) AS pair
WHERE before != after
UNION ALL
SELECT
    'violation' AS about, standard, version, site, journey, id, pair.2.2 AS corrected_at,
    toJSONString(map(
        'state', toString(pair.1.3), 'reason', toString(pair.1.4), 'opened_at', toString(pair.1.5),
        'closed_at', ifNull(toString(pair.1.6), ''), 'value_ms', toString(pair.1.7), 'limit_ms', toString(pair.1.8)
    )) AS before,
    toJSONString(map(
        'state', toString(pair.2.3), 'reason', toString(pair.2.4), 'opened_at', toString(pair.2.5),
        'closed_at', ifNull(toString(pair.2.6), ''), 'value_ms', toString(pair.2.7), 'limit_ms', toString(pair.2.8)
    )) AS after
FROM
(
    SELECT
        standard, version, site, id, any(journey) AS journey,
        arraySort(groupArray(tuple(
            revision, recorded_at, state, reason, opened_at, closed_at, value_ms, limit_ms
        ))) AS said
    FROM violation_revisions FINAL
    GROUP BY standard, version, site, id
    HAVING count() > 1
)
ARRAY JOIN arrayZip(arrayPopBack(said), arrayPopFront(said)) AS pair
WHERE (pair.1.3 = 'retracted', pair.1.5, pair.1.8) != (pair.2.3 = 'retracted', pair.2.5, pair.2.8)
UNION ALL
SELECT
    'event' AS about, '' AS standard, toUInt32(0) AS version, site, journey, concat(source, ' ', id) AS id,
    pair.2.2 AS corrected_at, pair.1.3 AS before, pair.2.3 AS after
FROM
(
    SELECT
        source, id, argMax(a_said.site, revision) AS site, argMax(ifNull(subject, ''), revision) AS journey,
        arraySort(groupArray(tuple(revision, recorded_at, raw))) AS said
    FROM event_revisions AS a_said FINAL
    GROUP BY source, id
    HAVING count() > 1
)
ARRAY JOIN arrayZip(arrayPopBack(said), arrayPopFront(said)) AS pair;

-- What charts mark: versions of standards, their ends, agreed outages, and what people said they did about an alert. The words that were
-- published last hold, except of retirements, of which the first stands.

CREATE OR REPLACE VIEW annotations AS
SELECT
    parseDateTime64BestEffortOrNull(JSONExtractString(a_paper.raw, 'document', 'metadata', 'effective_from'), 3, 'UTC') AS at,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS until,
    'version' AS kind,
    a_paper.id AS standard,
    a_paper.version AS version,
    '' AS site,
    JSONExtractString(a_paper.raw, 'document', 'metadata', 'title') AS title,
    JSONExtractString(a_paper.raw, 'document', 'metadata', 'why') AS text,
    a_paper.published_by AS by
FROM (SELECT * FROM standards FINAL WHERE kind = 'Standard' ORDER BY recorded_at DESC LIMIT 1 BY key) AS a_paper
UNION ALL
SELECT
    parseDateTime64BestEffortOrNull(JSONExtractString(a_paper.raw, 'document', 'metadata', 'retired_at'), 3, 'UTC') AS at,
    NULL AS until,
    'retirement' AS kind,
    a_paper.id AS standard,
    NULL AS version,
    '' AS site,
    '' AS title,
    JSONExtractString(a_paper.raw, 'document', 'metadata', 'why') AS text,
    a_paper.published_by AS by
FROM (SELECT * FROM standards FINAL WHERE kind = 'Retirement' ORDER BY recorded_at LIMIT 1 BY key) AS a_paper
UNION ALL
SELECT
    parseDateTime64BestEffortOrNull(JSONExtractString(a_paper.raw, 'document', 'from'), 3, 'UTC') AS at,
    parseDateTime64BestEffortOrNull(JSONExtractString(a_paper.raw, 'document', 'until'), 3, 'UTC') AS until,
    'outage' AS kind,
    arrayStringConcat(if(
        JSONType(a_paper.raw, 'document', 'applies_to', 'standard') = 'Array',
        JSONExtract(a_paper.raw, 'document', 'applies_to', 'standard', 'Array(String)'),
        [JSONExtractString(a_paper.raw, 'document', 'applies_to', 'standard')]
    ), ', ') AS standard,
    NULL AS version,
    arrayStringConcat(if(
        JSONType(a_paper.raw, 'document', 'applies_to', 'site') = 'Array',
        JSONExtract(a_paper.raw, 'document', 'applies_to', 'site', 'Array(String)'),
        [JSONExtractString(a_paper.raw, 'document', 'applies_to', 'site')]
    ), ', ') AS site,
    '' AS title,
    JSONExtractString(a_paper.raw, 'document', 'metadata', 'reason') AS text,
    JSONExtractString(a_paper.raw, 'document', 'metadata', 'author') AS by
FROM (SELECT * FROM standards FINAL WHERE kind = 'Exclusion' ORDER BY recorded_at DESC LIMIT 1 BY key) AS a_paper
UNION ALL
SELECT
    an_act.at AS at,
    NULL AS until,
    'action' AS kind,
    its_alert.standard AS standard,
    NULL AS version,
    its_alert.site AS site,
    an_act.action AS title,
    ifNull(an_act.note, '') AS text,
    an_act.by AS by
FROM
(
    SELECT assumeNotNull(alert) AS key, at, action, note, by FROM standing_alert_commands
    WHERE alert IS NOT NULL AND note IS NOT NULL AND action IN ('resolve', 'comment', 'acknowledge')
) AS an_act
INNER JOIN (SELECT key, any(standard) AS standard, any(site) AS site FROM alert_episodes GROUP BY key) AS its_alert
ON its_alert.key = an_act.key;
