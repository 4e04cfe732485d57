"""
Durations and instants as people say them: ``2 min 33 s``, ``14:05:07``.
"""

from datetime import tzinfo
from typing import Final

from schemas.base import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, from_millis

_WRITTEN: Final = ((DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "m"), (SECOND_MS, "s"), (1, "ms"))
UNITS: Final = ((DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "min"), (SECOND_MS, "s"))
"""The units in which durations are told, each with its milliseconds, the largest first."""


def spoken_duration(millis: int) -> str:
    """
    Say a duration in its two largest units, rounded down: what is said never claims more than what was.

    Less than a minute is told to the tenth of a second if it is not whole; less than a second in milliseconds.
    """
    if millis < 0:
        return f"minus {spoken_duration(-millis)}"
    if 0 < millis < 1_000:  # noqa: PLR2004 - one second
        return f"{millis} ms"
    tenth = millis % 1_000 // 100
    if millis < MINUTE_MS and tenth:
        return f"{millis // 1_000}.{tenth} s"
    return " ".join(f"{count} {unit}" for count, unit in largest_units(millis)) or "0 s"


def largest_units(millis: int) -> list[tuple[int, str]]:
    """
    Split a duration into its two largest units (``d``, ``h``, ``min``, ``s``), rounded down; what is zero is left out.
    """
    parts: list[tuple[int, str]] = []
    rest = millis
    for size, unit in UNITS:
        count, rest = divmod(rest, size)
        if count or parts:
            parts.append((count, unit))
    return [(count, unit) for count, unit in parts[:2] if count]


def written_duration(millis: int) -> str:
    """
    Write a duration exactly, as documents do: ``90m`` becomes ``1h30m``.
    """
    parts = []
    rest = millis
    for size, unit in _WRITTEN:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def spoken_instant(millis: int, zone: tzinfo) -> str:
    """
    Say a day and a time in a zone, to the second.
    """
    return from_millis(millis).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def spoken_time(millis: int, zone: tzinfo) -> str:
    """
    Say a time of day in a zone, to the second.
    """
    return from_millis(millis).astimezone(zone).strftime("%H:%M:%S")


__all__ = ["UNITS", "largest_units", "spoken_duration", "spoken_instant", "spoken_time", "written_duration"]
