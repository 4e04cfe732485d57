-- What violations of objectives and burns say beside those of journeys.

ALTER TABLE violations ADD COLUMN IF NOT EXISTS scope LowCardinality(Nullable(String)) AFTER faults;
ALTER TABLE violations ADD COLUMN IF NOT EXISTS window LowCardinality(Nullable(String)) AFTER scope;
ALTER TABLE violations ADD COLUMN IF NOT EXISTS metric LowCardinality(Nullable(String)) AFTER window;
ALTER TABLE violations ADD COLUMN IF NOT EXISTS target Nullable(Int64) AFTER metric;
ALTER TABLE violations ADD COLUMN IF NOT EXISTS good Nullable(Int64) AFTER target;
ALTER TABLE violations ADD COLUMN IF NOT EXISTS total Nullable(Int64) AFTER good;
ALTER TABLE violations ADD COLUMN IF NOT EXISTS n Nullable(Int64) AFTER total;
ALTER TABLE violations ADD COLUMN IF NOT EXISTS burn_tier LowCardinality(Nullable(String)) AFTER n;
ALTER TABLE violations ADD COLUMN IF NOT EXISTS severity LowCardinality(Nullable(String)) AFTER burn_tier;
ALTER TABLE violations ADD COLUMN IF NOT EXISTS exhaustion_ms Nullable(Int64) AFTER severity;

CREATE OR REPLACE VIEW standing_violations AS
SELECT * FROM violations FINAL WHERE state != 'retracted';
