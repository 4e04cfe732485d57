"""
Durations in the reader's language: ``2 min 33 s``.
"""

from typing import Final

from domain.moments import UNITS, largest_units
from domain.wording.catalogue import Catalogue
from schemas.base import MINUTE_MS, SECOND_MS

_KEYS: Final = {"d": "unit-days", "h": "unit-hours", "min": "unit-minutes", "s": "unit-seconds"}
"""What each unit of ``domain.moments`` is called in the catalogues."""
_SIZES: Final = tuple((size, _KEYS[unit]) for size, unit in UNITS)


def duration(catalogue: Catalogue, millis: int) -> str:
    """
    Say a duration (0 ms or longer) in its two largest units, rounded down: what is said never claims more than was.

    Less than a minute is told to the tenth of a second if it is not whole; less than a second in milliseconds. It is
    what ``domain.moments.spoken_duration`` says in English.
    """
    if 0 < millis < SECOND_MS:
        return catalogue.say("unit-milliseconds", {"n": millis})
    tenth = millis % SECOND_MS // 100
    if millis < MINUTE_MS and tenth:
        return catalogue.say("unit-tenths", {"n": millis // SECOND_MS, "tenth": str(tenth)})
    said = [catalogue.say(_KEYS[unit], {"n": count}) for count, unit in largest_units(millis)]
    return " ".join(said) or catalogue.say("unit-seconds", {"n": 0})


def whole_duration(catalogue: Catalogue, millis: int) -> str:
    """
    Say a duration in all its units, to the millisecond.
    """
    said: list[str] = []
    rest = millis
    for size, key in (*_SIZES, (1, "unit-milliseconds")):
        count, rest = divmod(rest, size)
        if count:
            said.append(catalogue.say(key, {"n": count}))
    return " ".join(said) or catalogue.say("unit-seconds", {"n": 0})


def rounded_up(millis: int) -> int:
    """
    Round a duration up to what ``duration`` says without losing anything of it.
    """
    step = _step(millis)
    return -(-millis // step) * step


def _step(millis: int) -> int:
    """Return the smallest part (milliseconds) that is told of a duration as long as this."""
    if millis < SECOND_MS:
        return 1
    if millis < MINUTE_MS:
        return 100
    largest = next(place for place, (size, _) in enumerate(_SIZES) if millis >= size)
    return _SIZES[largest + 1][0]


__all__ = ["duration", "rounded_up", "whole_duration"]
