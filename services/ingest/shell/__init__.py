"""
The part of ingest that meets the world: HTTP, the topic of direct writers, the broker, the file of tokens.
"""
