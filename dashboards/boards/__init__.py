"""
All dashboards, in the order in which people come to them.
"""

from collections.abc import Callable
from typing import Final

from dashboards.boards.standard import standard
from dashboards.layout import Board

__all__ = ["BOARDS"]

BOARDS: Final[tuple[Callable[[], Board], ...]] = (standard,)
"""Functions, for laying a dashboard out writes into its panels."""
