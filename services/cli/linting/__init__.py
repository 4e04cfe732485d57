"""
The lint on the command line: what it reads, and how it says what was found.
"""
