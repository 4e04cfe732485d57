-- Each source sends of one site as a rule, and few of its types, and the table is ordered by source: so blocks that hold nothing of a site, or
-- of a type, are many.

ALTER TABLE events
    ADD INDEX IF NOT EXISTS of_site site TYPE set(16) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS of_type type TYPE set(32) GRANULARITY 1;
ALTER TABLE events MATERIALIZE INDEX of_site;
ALTER TABLE events MATERIALIZE INDEX of_type;
