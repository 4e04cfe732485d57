"""
All dashboards, in the order in which people come to them.
"""

from collections.abc import Callable
from typing import Final

from dashboards.boards.alerts import alerts
from dashboards.boards.complaints import complaints
from dashboards.boards.operations import operations
from dashboards.boards.platform import platform
from dashboards.boards.quality import quality
from dashboards.boards.site import site
from dashboards.boards.standard import standard
from dashboards.boards.team import team
from dashboards.boards.violation import violation
from dashboards.layout import Board

__all__ = ["BOARDS"]

BOARDS: Final[tuple[Callable[[], Board], ...]] = (
    operations,
    standard,
    site,
    team,
    complaints,
    alerts,
    violation,
    quality,
    platform,
)
"""Functions, for laying a dashboard out writes into its panels."""
