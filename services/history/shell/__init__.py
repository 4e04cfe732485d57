"""
Moves what the engine planned: from Kafka into ClickHouse, and answers back over HTTP.
"""
