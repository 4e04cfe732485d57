"""
`sqm replay`: files of past events against standards, with the engine of the live line and no infrastructure.
"""

from services.cli.replay.command import app

__all__ = ["app"]
