"""
Scenarios: timelines that say in a quality manager's words what must follow from what, run on the engine itself.
"""

from services.cli.scenarios.reading import run_file

__all__ = ["run_file"]
