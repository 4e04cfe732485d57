"""
Local time: the date, hour and weekday of an instant in one zone, remembered by the quarter of an hour.
"""

from datetime import datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from schemas.base import EPOCH

__all__ = ["WEEKDAYS", "LocalTime"]

_QUARTER_MS: Final = 900_000
"""No zone of our time is shifted by less, so one quarter of an hour lies in one local hour."""
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class LocalTime:
    """
    Tells (date, hour, weekday) of an instant in milliseconds.
    """

    def __init__(self, zone: str) -> None:
        self.zone: tzinfo = ZoneInfo(zone)
        self._known: dict[int, tuple[str, int, str]] = {}

    def __call__(self, at: int) -> tuple[str, int, str]:
        quarter = at // _QUARTER_MS
        known = self._known.get(quarter)
        if known is None:
            local: datetime = (EPOCH + timedelta(milliseconds=quarter * _QUARTER_MS)).astimezone(self.zone)
            known = self._known[quarter] = (local.date().isoformat(), local.hour, WEEKDAYS[local.weekday()])
        return known
