"""
Recent: which sums the minutes of the last hour have, so that what is looked at often is found without walking over all
that is remembered.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from schemas.base import HOUR_MS
from services.sla.engine.journeys import RowKey

LOOK_BACK_MS: Final = HOUR_MS
"""How far back the present reaches: long enough for a steady mean, short enough to follow the day."""


class Recent:
    """The rows of the last hour, by minute and site; whoever adds to it also lets it forget."""

    __slots__ = ("_minutes",)

    def __init__(self) -> None:
        """Begin with none."""
        self._minutes: defaultdict[int, defaultdict[str, set[RowKey]]] = defaultdict(lambda: defaultdict(set))

    def put(self, site: str, key: RowKey, now: int) -> None:
        """Note a row, unless it is too old."""
        if key[2] >= now - LOOK_BACK_MS:
            self._minutes[key[2]][site].add(key)

    def forget(self, now: int) -> None:
        """Let go of what has become too old."""
        for minute in [minute for minute in self._minutes if minute < now - LOOK_BACK_MS]:
            del self._minutes[minute]

    def rows(self, site: str, now: int) -> Iterator[RowKey]:
        """List the rows of a site in the hour before an instant."""
        for minute, sites in self._minutes.items():
            if now - LOOK_BACK_MS <= minute < now and site in sites:
                yield from sites[site]


__all__ = ["LOOK_BACK_MS", "Recent"]
