"""
Following a growing file: from a durable position, across rotation, truncation and restarts.
"""
