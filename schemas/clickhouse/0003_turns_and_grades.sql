-- Clocks that start again, grades, calendars, and standards that are retired.

ALTER TABLE measurements
    ADD COLUMN IF NOT EXISTS turn UInt32 AFTER segments,
    ADD COLUMN IF NOT EXISTS band LowCardinality(Nullable(String)) AFTER turn,
    ADD COLUMN IF NOT EXISTS calendar LowCardinality(Nullable(String)) AFTER band;

ALTER TABLE violations
    ADD COLUMN IF NOT EXISTS turn UInt32 AFTER trail;

ALTER TABLE attainment
    ADD COLUMN IF NOT EXISTS retired UInt64 AFTER expired;

-- The views name the columns that their tables had when they were made.

CREATE OR REPLACE VIEW standing_measurements AS
SELECT * FROM measurements FINAL WHERE state = 'standing';

CREATE OR REPLACE VIEW standing_attainment AS
SELECT * FROM attainment FINAL;

CREATE OR REPLACE VIEW standing_violations AS
SELECT * FROM violations FINAL WHERE state != 'retracted';
