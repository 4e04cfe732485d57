"""
A season of many days at more sites than the live play has, with truths planted in it that figures must show: pure,
fixed by a seed and an end.
"""

from services.cli.season.daily import Told
from services.cli.season.days import Season
from services.cli.season.people import People
from services.cli.season.planted import PLANTED, Planted
from services.cli.season.sites import SITES, SeasonSite
from services.cli.season.truth import SeasonTruth

__all__ = ["PLANTED", "SITES", "People", "Planted", "Season", "SeasonSite", "SeasonTruth", "Told"]
