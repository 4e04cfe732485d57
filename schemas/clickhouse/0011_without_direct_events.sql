-- What systems write to Kafka themselves names people before ingest has given them pseudonyms: no copy of it is kept.

DROP TABLE IF EXISTS events_in SYNC;
