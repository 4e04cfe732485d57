-- Corrective actions: what was done about a standard that was not kept, or about a complaint, and whether it worked.

-- The last words of each. `state` is where it stands: open, taken, worked, or failed.

CREATE OR REPLACE VIEW corrective_actions AS
SELECT
    a_paper.id AS id,
    JSONExtractString(a_paper.raw, 'document', 'metadata', 'title') AS title,
    JSONExtractString(a_paper.raw, 'document', 'metadata', 'owner') AS owner,
    parseDateTime64BestEffortOrNull(
        JSONExtractString(a_paper.raw, 'document', 'metadata', 'due'), 3, 'UTC') AS due,
    JSONExtractString(a_paper.raw, 'document', 'applies_to', 'standard') AS standard,
    arrayStringConcat(if(
        JSONType(a_paper.raw, 'document', 'applies_to', 'site') = 'Array',
        JSONExtract(a_paper.raw, 'document', 'applies_to', 'site', 'Array(String)'),
        [JSONExtractString(a_paper.raw, 'document', 'applies_to', 'site')]
    ), ', ') AS site,
    arrayStringConcat(if(
        JSONType(a_paper.raw, 'document', 'applies_to', 'queue') = 'Array',
        JSONExtract(a_paper.raw, 'document', 'applies_to', 'queue', 'Array(String)'),
        [JSONExtractString(a_paper.raw, 'document', 'applies_to', 'queue')]
    ), ', ') AS queue,
    JSONExtract(a_paper.raw, 'document', 'applies_to', 'violations', 'Array(String)') AS violations,
    JSONExtract(a_paper.raw, 'document', 'applies_to', 'complaints', 'Array(String)') AS complaints,
    JSONExtractString(a_paper.raw, 'document', 'root_cause') AS root_cause,
    JSONExtractString(a_paper.raw, 'document', 'action') AS action,
    parseDateTime64BestEffortOrNull(
        JSONExtractString(a_paper.raw, 'document', 'taken_at'), 3, 'UTC') AS taken_at,
    parseDateTime64BestEffortOrNull(
        JSONExtractString(a_paper.raw, 'document', 'review', 'planned_at'), 3, 'UTC') AS review_planned_at,
    parseDateTime64BestEffortOrNull(
        JSONExtractString(a_paper.raw, 'document', 'review', 'done', 'at'), 3, 'UTC') AS reviewed_at,
    JSONExtractString(a_paper.raw, 'document', 'review', 'done', 'by') AS reviewed_by,
    JSONExtractString(a_paper.raw, 'document', 'review', 'done', 'why') AS review,
    multiIf(
        taken_at IS NULL, 'open',
        reviewed_at IS NULL, 'taken',
        JSONExtractBool(a_paper.raw, 'document', 'review', 'done', 'worked'), 'worked',
        'failed') AS state
FROM
(
    SELECT id, argMax(raw, tuple(recorded_at, topic_offset)) AS raw
    FROM standards FINAL
    WHERE kind = 'CorrectiveAction'
    GROUP BY id
) AS a_paper;

-- What charts mark, with those that were taken as `correction`.

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
ON its_alert.key = an_act.key
UNION ALL
SELECT
    a_correction.taken_at AS at,
    NULL AS until,
    'correction' AS kind,
    a_correction.standard AS standard,
    NULL AS version,
    a_correction.site AS site,
    a_correction.title AS title,
    concat(a_correction.action, multiIf(
        a_correction.state = 'worked', concat(' It worked: ', a_correction.review),
        a_correction.state = 'failed', concat(' It did not work: ', a_correction.review),
        concat(' To be reviewed on ', toString(toDate(a_correction.review_planned_at)), '.'))) AS text,
    a_correction.owner AS by
FROM corrective_actions AS a_correction
WHERE a_correction.taken_at IS NOT NULL;
