-- The values of standards that are held to a percentile, minute by minute.

ALTER TABLE attainment ADD COLUMN IF NOT EXISTS distribution String CODEC(ZSTD(3)) AFTER failed_critical;

CREATE OR REPLACE VIEW standing_attainment AS
SELECT * FROM attainment FINAL;
