-- One violation is found by its id, which a link gives without the standard and the site that the order of the table begins with.

ALTER TABLE violations ADD INDEX IF NOT EXISTS of_id id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE violations MATERIALIZE INDEX of_id;

-- Making these hours anew reads all measurements, and what is asked of them is of days and weeks: once a day, at night, is often enough.

ALTER TABLE hours_of_values MODIFY REFRESH EVERY 1 DAY OFFSET 2 HOUR 22 MINUTE;
