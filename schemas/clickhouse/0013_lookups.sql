-- One violation is found by its id, which a link gives without the standard and the site that the order of the table begins with.

ALTER TABLE violations ADD INDEX IF NOT EXISTS of_id id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE violations MATERIALIZE INDEX of_id;
