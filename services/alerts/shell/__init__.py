"""
Around the engine: reads violations, commands and configurations, keeps state, lets messages out when they are safe.
"""
