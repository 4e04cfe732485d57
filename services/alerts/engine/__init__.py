"""
Decides about alerts; reads no clock and draws no lots.
"""
