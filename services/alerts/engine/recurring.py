"""
Times that come again by a rule of RFC 5545, found near any instant without counting from the first one.

Rules are worked out in local time. One stands for the first instant at which the clock on the wall shows it or a later
time, as with calendars: none is left out where the clock skips it, and none comes twice.
"""

from collections.abc import Iterator
from datetime import MAXYEAR, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from domain.openings import first_instant
from schemas.alert_routes import Recurrence
from schemas.base import from_millis

__all__ = ["Recurring"]

_STEPS: Final = {"HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}
_MONTHS: Final = {"MONTHLY": 1, "YEARLY": 12}
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CYCLE: Final = timedelta(days=146_097)
"""After 400 years the calendar repeats, weekdays and all."""
_AHEAD: Final = 100
"""So many years at least are searched for the next time of a rule that seldom comes, or never."""
_MARGIN: Final = timedelta(days=2)
"""More than any clock was ever put forward or back, so that no time is missed that begins just before or after."""


class Recurring:
    """
    The instants at which a rule comes again, from a first one on (milliseconds).
    """

    def __init__(self, again: Recurrence, begin: int) -> None:
        self._zone = ZoneInfo(again.zone)
        # Rules know whole seconds only.
        self._begin = begin - begin % 1_000
        first = self._local(self._begin)
        parts = dict(part.split("=") for part in again.rule.split(";"))
        self._often, self._interval = parts["FREQ"], int(parts.get("INTERVAL", 1))
        # Counted from the beginning of the first week or month, so that the counting can begin in any other one, too.
        # What a rule does not say it has from the first time.
        said = parts.keys()
        if self._often == "YEARLY" and not {"BYMONTH", "BYMONTHDAY", "BYDAY"} & said:
            parts["BYMONTH"] = str(first.month)
        if self._often in _MONTHS and not {"BYMONTHDAY", "BYDAY"} & said:
            parts["BYMONTHDAY"] = str(first.day)
        if self._often == "WEEKLY" and not {"BYMONTHDAY", "BYDAY"} & said:
            parts["BYDAY"] = _WEEKDAYS[first.weekday()]
        self._rule = ";".join(f"{name}={value}" for name, value in parts.items())
        self._origin = first
        if self._often in _MONTHS:
            self._origin = first.replace(day=1)
        elif self._often == "WEEKLY":
            self._origin -= timedelta(days=(first.weekday() - _WEEKDAYS.index(parts.get("WKST", "MO"))) % 7)

    def since(self, at: int) -> Iterator[int]:
        """
        Every beginning from an instant on, in order, as long as there is one within a hundred years of it.
        """
        after = max(self._local(at), self._origin)
        start = self._period(max(after - _MARGIN, self._origin))
        shift = _CYCLE * ((MAXYEAR - _AHEAD - start.year) // 400)
        for local in rrulestr(self._rule, dtstart=start + shift):
            found = first_instant(local - shift, self._zone)
            if found >= max(at, self._begin):
                yield found

    def _period(self, local: datetime) -> datetime:
        """
        The beginning of the last period that counts, by the interval, up to a local time.
        """
        if self._often in _STEPS:
            step = _STEPS[self._often] * self._interval
            return self._origin + (local - self._origin) // step * step
        months = _MONTHS[self._often] * self._interval
        passed = (local.year - self._origin.year) * 12 + local.month - self._origin.month
        month = self._origin.month - 1 + passed // months * months
        return self._origin.replace(year=self._origin.year + month // 12, month=month % 12 + 1)

    def _local(self, at: int) -> datetime:
        return from_millis(at).astimezone(self._zone).replace(tzinfo=None)
