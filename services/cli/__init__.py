"""
The command line: `sqm COMMAND`, one file per command, each imported only when it is called.
"""

from services.cli.frame import main

__all__ = ["main"]
