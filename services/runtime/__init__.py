"""
Machinery that every service shares and that has no business word in it.

Entry rule: two services need it today. Nothing is imported here, because `bootstrap` runs before anything is installed.
"""
