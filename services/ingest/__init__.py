"""
Ingest: takes raw facts from source systems, by HTTP, Kafka or file, and passes them on as validated service events.
"""
