"""
All dashboards, in the order in which people come to them.
"""

from collections.abc import Callable
from typing import Final

from dashboards.boards.operations import operations
from dashboards.boards.platform import platform
from dashboards.boards.quality import quality
from dashboards.boards.standard import standard
from dashboards.boards.violation import violation
from dashboards.layout import Board

__all__ = ["BOARDS"]

BOARDS: Final[tuple[Callable[[], Board], ...]] = (operations, standard, violation, quality, platform)
"""Functions, for laying a dashboard out writes into its panels."""
