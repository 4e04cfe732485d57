"""
The words of reports, one Fluent resource for each language beside this file. All of them have the same keys.
"""
