"""
Alerts: from a violation to somebody who knows of it.
"""
