"""
`sqm demo`: the whole product at work on one machine.
"""

from services.cli.demo.command import app

__all__ = ["app"]
