"""
Fills history with a past that never went through a broker: the services' own engines, one after another in this
process, and rows as the live line would have stored them.
"""

from services.cli.filling.filling import Filled, Filling
from services.cli.filling.papers import season_papers
from services.cli.filling.season import fill, require_room
from services.cli.filling.storing import Storing

__all__ = ["Filled", "Filling", "Storing", "fill", "require_room", "season_papers"]
