"""
Scenarios: timelines that say in a quality manager's words what must follow from what, run on the engine itself.
"""

from services.cli.scenarios.checking import differences
from services.cli.scenarios.model import Scenario
from services.cli.scenarios.playing import Played, play
from services.cli.scenarios.reading import read_scenario, run_file

__all__ = ["Played", "Scenario", "differences", "play", "read_scenario", "run_file"]
