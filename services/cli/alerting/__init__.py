"""
What `sqm alerts` does with a configuration and a timeline of violations, commands and time.
"""
