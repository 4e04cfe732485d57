"""
Columns: what the text of a field means, by the type that the mapping gives it.

A reader takes a field's text and answers with its value: text, whole number, or milliseconds. It raises ValueError,
whose message says what was expected, where the text is something else.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from schemas.base import to_millis
from schemas.mappings import Column
from services.ingest.engine.zones import LocalDays

__all__ = ["day_reader", "scalar_reader", "second_reader"]

_INTEGER: Final = re.compile(r"[-+]?\d{1,18}", re.ASCII)
_DECIMAL: Final = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_SECONDS: Final = re.compile(r"(\d{1,11})(?:\.(\d{1,9}))?", re.ASCII)
_TIME_OF_DAY: Final = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.(\d{1,12}))?(?:[Zz]|[+-]\d\d:?\d\d)", re.ASCII)
_BOOLEANS: Final = {
    "true": True,
    "yes": True,
    "y": True,
    "1": True,
    "false": False,
    "no": False,
    "n": False,
    "0": False,
}
_MOST_REMEMBERED: Final = 100_000
_LONGEST_MILLIS: Final = 15
_HOURS: Final = 24
_SIXTY: Final = 60
_ISO: Final = "2026-01-31 08:05:09"

T = TypeVar("T")


def scalar_reader(column: Column, days: LocalDays) -> Callable[[str], str | int | float | bool]:
    """
    The reader of a column whose text says everything by itself (all types but ``time_of_day``).
    """
    match column.type:
        case "integer":
            return _integer
        case "decimal":
            return _decimal
        case "boolean":
            return _boolean
        case "seconds":
            return _remembering(_seconds)
        case "milliseconds" | "epoch_milliseconds":
            return _milliseconds
        case "date":
            day = day_reader(column)
            return lambda text: days.instant_ms(day(text), 0)
        case "local_time":
            return _local_time(column.format or "", days)
        case "instant":
            return _instant
        case "epoch":
            return _epoch
        case _:
            return _text


def day_reader(column: Column) -> Callable[[str], int]:
    """
    The reader of a date: its day as an ordinal number.
    """
    form = column.format or ""

    def read(text: str) -> int:
        try:
            return _strptime(text, form).toordinal()
        except ValueError:
            raise ValueError(f"expected a date like {_sample(form)} ({form})") from None

    return _remembering(read)


def second_reader(column: Column) -> Callable[[str], int]:
    """
    The reader of a time of day: seconds since midnight.
    """
    form = column.format
    if form is None:
        return _remembering(_second_of_day)

    def read(text: str) -> int:
        try:
            at = _strptime(text, form)
        except ValueError:
            raise ValueError(f"expected a time like {_sample(form)} ({form})") from None
        return at.hour * 3_600 + at.minute * 60 + at.second

    return _remembering(read)


def _remembering(read: Callable[[str], T]) -> Callable[[str], T]:
    known: dict[str, T] = {}

    def recall(text: str) -> T:
        value = known.get(text)
        if value is not None:
            return value
        value = read(text)
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        known[text] = value
        return value

    return recall


def _text(text: str) -> str:
    return text


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError("expected a whole number of at most 18 digits")
    return int(text)


def _decimal(text: str) -> float:
    if not _DECIMAL.fullmatch(text):
        raise ValueError("expected a number like 12 or 12.5")
    return float(text)


def _boolean(text: str) -> bool:
    value = _BOOLEANS.get(text.lower())
    if value is None:
        raise ValueError("expected true or false, yes or no, 1 or 0")
    return value


def _seconds(text: str) -> int:
    match = _SECONDS.fullmatch(text)
    if match is None:
        raise ValueError("expected a number of seconds, not negative")
    return int(match[1]) * 1_000 + int((match[2] or "0")[:3].ljust(3, "0"))


def _milliseconds(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > _LONGEST_MILLIS:
        raise ValueError("expected a whole number of milliseconds, not negative")
    return int(text)


def _epoch(text: str) -> int:
    try:
        return _seconds(text)
    except ValueError:
        raise ValueError("expected seconds since 1970, with or without decimals") from None


def _instant(text: str) -> int:
    if not (match := _INSTANT.fullmatch(text)):
        raise ValueError("expected an instant with its offset, like 2026-01-31T08:00:00Z")
    if match[1]:  # Python reads six decimals; sources write nine
        text = text.replace("." + match[1], "." + match[1][:6].ljust(6, "0"))
    try:
        return to_millis(datetime.fromisoformat(text.upper()))
    except ValueError:
        raise ValueError("expected an instant with its offset, like 2026-01-31T08:00:00Z") from None


def _local_time(form: str, days: LocalDays) -> Callable[[str], int]:
    iso = form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")

    def read(text: str) -> int:
        try:
            # strptime costs microseconds; the commonest form has a shorter way.
            at = datetime.fromisoformat(text) if iso and len(text) == len(_ISO) else _strptime(text, form)
        except ValueError:
            raise ValueError(f"expected a date and time like {_sample(form)} ({form})") from None
        if at.tzinfo is not None:
            raise ValueError(f"expected a local time without an offset, like {_sample(form)}")
        return days.instant_ms(at.toordinal(), at.hour * 3_600 + at.minute * 60 + at.second) + at.microsecond // 1_000

    return read


def _second_of_day(text: str) -> int:
    if _TIME_OF_DAY.fullmatch(text):
        hour, minute, second = map(int, text.split(":")) if text.count(":") > 1 else (*map(int, text.split(":")), 0)
        if (hour < _HOURS and minute < _SIXTY and second < _SIXTY) or (hour, minute, second) == (_HOURS, 0, 0):
            return hour * 3_600 + minute * 60 + second
    raise ValueError("expected a time of day like 7:05:09 or 07:05")


def _strptime(text: str, form: str) -> datetime:
    # A date alone lies at no instant; the zone is added where day and second meet.
    return datetime.strptime(text, form)  # noqa: DTZ007 - as above


def _sample(form: str) -> str:
    return datetime(2026, 1, 31, 8, 5, 9).strftime(form)  # noqa: DTZ001 - an example for a message
