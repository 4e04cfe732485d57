"""
The engine: violations, commands and a clock go in; alerts, messages and notes come out. It never reads a clock, a file,
a socket or a random number.
"""
