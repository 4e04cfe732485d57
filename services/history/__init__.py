"""
Copies every topic into ClickHouse and answers questions about what was.
"""
