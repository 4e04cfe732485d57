"""
The agent: a small process on a shop's machine that keeps what tills say until ingest has it.
"""
