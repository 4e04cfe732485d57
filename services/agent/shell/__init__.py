"""
Where the agent meets the world: SQLite, HTTP both ways, systemd.
"""
