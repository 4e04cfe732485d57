"""
Connecting another system: its connectors listed and shown, one begun from a payload, and one tried on payloads.
"""
