"""
A play of three sites for trying the product on: pure, fixed by a seed and a start; only the command that sends it
reads a clock.
"""

from services.cli.simulator.faults import NO_FAULTS, USUAL_FAULTS, Fault, Faults, Report
from services.cli.simulator.lines import Day, Fact
from services.cli.simulator.pace import Pace, plan
from services.cli.simulator.play import as_event, play
from services.cli.simulator.sites import SITES, SimulatedSite
from services.cli.simulator.truth import Truth

__all__ = [
    "NO_FAULTS",
    "SITES",
    "USUAL_FAULTS",
    "Day",
    "Fact",
    "Fault",
    "Faults",
    "Pace",
    "Report",
    "SimulatedSite",
    "Truth",
    "as_event",
    "plan",
    "play",
]
