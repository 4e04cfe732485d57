-- One violation is found by its id, which a link gives without the standard and the site that the order of the table begins with.

ALTER TABLE violations ADD INDEX IF NOT EXISTS of_id id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE violations MATERIALIZE INDEX of_id;

-- Making these hours anew reads all measurements, and what is asked of them is of days and weeks: once a day, at night, is often enough.

ALTER TABLE hours_of_values MODIFY REFRESH EVERY 1 DAY OFFSET 2 HOUR 22 MINUTE;

-- An alias had the name of the column that the condition means, so every event was kept twice; only those that say which revision they are
-- may be corrected.

ALTER TABLE revisions_of_events MODIFY QUERY
SELECT source, id, assumeNotNull(an_event.revision) AS revision, site, subject, raw, recorded_at, precedence
FROM events AS an_event
WHERE an_event.revision IS NOT NULL;
