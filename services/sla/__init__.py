"""
The heart: service events are checked against the standards in force.
"""
