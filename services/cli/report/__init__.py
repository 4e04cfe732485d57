"""
`sqm report`: what history holds about a period, by whatever it may be split, for people and for programs.
"""

from services.cli.report.command import app

__all__ = ["app"]
