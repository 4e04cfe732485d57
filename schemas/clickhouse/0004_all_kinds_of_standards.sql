-- Scores, reasons and the faults of sequences; a metric like nps may be below zero.

ALTER TABLE measurements
    MODIFY COLUMN turn UInt64,
    ADD COLUMN IF NOT EXISTS kind LowCardinality(String) DEFAULT 'clock' AFTER calendar,
    ADD COLUMN IF NOT EXISTS score Nullable(Int64) AFTER kind,
    ADD COLUMN IF NOT EXISTS minimum Nullable(Int64) AFTER score,
    ADD COLUMN IF NOT EXISTS reason LowCardinality(Nullable(String)) AFTER minimum,
    ADD COLUMN IF NOT EXISTS course LowCardinality(Nullable(String)) AFTER reason,
    ADD COLUMN IF NOT EXISTS faults String CODEC(ZSTD(3)) AFTER course;

ALTER TABLE violations
    MODIFY COLUMN turn UInt64,
    ADD COLUMN IF NOT EXISTS score Nullable(Int64) AFTER turn,
    ADD COLUMN IF NOT EXISTS minimum Nullable(Int64) AFTER score,
    ADD COLUMN IF NOT EXISTS course LowCardinality(Nullable(String)) AFTER minimum,
    ADD COLUMN IF NOT EXISTS faults String CODEC(ZSTD(3)) AFTER course;

ALTER TABLE attainment
    MODIFY COLUMN good Int64,
    ADD COLUMN IF NOT EXISTS n UInt64 AFTER retired,
    ADD COLUMN IF NOT EXISTS earned UInt64 AFTER n,
    ADD COLUMN IF NOT EXISTS possible UInt64 AFTER earned,
    ADD COLUMN IF NOT EXISTS score_sum UInt64 AFTER possible,
    ADD COLUMN IF NOT EXISTS score_sum_squares UInt64 AFTER score_sum,
    ADD COLUMN IF NOT EXISTS promoters UInt64 AFTER score_sum_squares,
    ADD COLUMN IF NOT EXISTS detractors UInt64 AFTER promoters,
    ADD COLUMN IF NOT EXISTS top2 UInt64 AFTER detractors,
    ADD COLUMN IF NOT EXISTS failed_critical UInt64 AFTER top2;

CREATE OR REPLACE VIEW standing_measurements AS
SELECT * FROM measurements FINAL WHERE state = 'standing';

CREATE OR REPLACE VIEW standing_attainment AS
SELECT * FROM attainment FINAL;

CREATE OR REPLACE VIEW standing_violations AS
SELECT * FROM violations FINAL WHERE state != 'retracted';
