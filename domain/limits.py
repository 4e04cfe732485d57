"""
Limits in words: to what a clock is held, as every page, list and report says it.
"""

from domain.moments import spoken_duration
from schemas.clocks import Clock

__all__ = ["spoken_limit"]


def spoken_limit(clock: Clock) -> str:
    """
    Say to what a clock is held, in the words that every list uses: a length of time, the promised time, a business day.
    """
    if clock.within_business_days is not None:
        days = clock.within_business_days
        return f"close of the {_ordinal(days)} business day" if days > 1 else "close of the next business day"
    limit = clock.limit
    own = spoken_duration(limit) if isinstance(limit, int) else "the promised time"
    return own + (" of open time" if clock.calendar else "") + (", or as the table says" if clock.limits else "")


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in {11, 12, 13} else ends.get(number % 10, 'th')}"
