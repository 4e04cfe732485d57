-- What figures are read from: each row once, at its greatest revision, without what was withdrawn or retracted.
-- Views, not materialised ones: those see every insert, and would count a copy that the table later drops.

CREATE OR REPLACE VIEW standing_events AS
SELECT * FROM events FINAL;

CREATE OR REPLACE VIEW standing_measurements AS
SELECT * FROM measurements FINAL WHERE state = 'standing';

CREATE OR REPLACE VIEW standing_attainment AS
SELECT * FROM attainment FINAL;

CREATE OR REPLACE VIEW standing_violations AS
SELECT * FROM violations FINAL WHERE state != 'retracted';
