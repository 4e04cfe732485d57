"""
The worker around the engine: reads events and standards, keeps state safe, lets decisions out at the right moment.
"""
