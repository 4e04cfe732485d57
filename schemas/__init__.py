"""
Contracts: all that crosses a process boundary.
"""
