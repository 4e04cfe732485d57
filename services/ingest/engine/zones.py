"""
Local days of a time zone: what a date and a time on the wall mean in UTC.

Where the clock is set back, a time of that hour happened twice: the first of the two is meant. Where it is set
forward, a time in the gap never was: it is read with the offset from before the change. Both are what ``fold=0`` of
the standard library says.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

__all__ = ["LocalDays"]

_DAY_SECONDS: Final = 86_400
_EPOCH_DAY: Final = datetime(1970, 1, 1, tzinfo=UTC).toordinal()
_LAST_DAY: Final = datetime(9990, 1, 1, tzinfo=UTC).toordinal()
_HOUR: Final = timedelta(hours=1)


class LocalDays:
    """
    Turns (day, second on the wall) of one zone into milliseconds since the epoch.

    Remembers for each day whether its clocks were changed; on all but two days of a year the answer is one addition.
    """

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._offsets: dict[int, int | None] = {}

    def instant_ms(self, ordinal: int, second: int) -> int:
        """
        The instant of a second of a local day; the last, 86,400, is the midnight that ends it. Raises OverflowError
        for years that no event has.
        """
        offset = self._remembered(ordinal)
        if offset is None:
            offset = self._offset_at(datetime.fromordinal(ordinal) + timedelta(seconds=second))
        return ((ordinal - _EPOCH_DAY) * _DAY_SECONDS + second - offset) * 1_000

    def is_even(self, ordinal: int) -> bool:
        """
        Whether no clock is changed on a day and the next, so that all their seconds lie one addition from its midnight.
        """
        first, second = self._remembered(ordinal), self._remembered(ordinal + 1)
        return first is not None and first == second

    def _remembered(self, ordinal: int) -> int | None:
        if ordinal not in self._offsets:
            self._offsets[ordinal] = self._offset_of(ordinal)
        return self._offsets[ordinal]

    def _offset_of(self, ordinal: int) -> int | None:
        if not 1 < ordinal < _LAST_DAY:
            raise OverflowError
        midnight = datetime.fromordinal(ordinal)
        offsets = {self._offset_at(midnight + hours * _HOUR) for hours in range(25)}
        return offsets.pop() if len(offsets) == 1 else None

    def _offset_at(self, on_the_wall: datetime) -> int:
        offset = on_the_wall.replace(tzinfo=self._zone).utcoffset()
        return 0 if offset is None else int(offset.total_seconds())
