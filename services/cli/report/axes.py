"""
Axes of charts: round numbers between two ends, and what stands beside them in the reader's language.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil, floor, log10
from typing import Any, Final, NamedTuple

from schemas.base import DAY_MS, HOUR_MS, MINUTE_MS

__all__ = ["Axis", "axis_of", "drawn", "spread"]

_STEPS_OF_TIME: Final = (
    *(1, 2, 5, 10, 20, 50, 100, 200, 500),
    *(n * 1_000 for n in (1, 2, 5, 10, 15, 30)),
    *(n * MINUTE_MS for n in (1, 2, 5, 10, 15, 30)),
    *(n * HOUR_MS for n in (1, 2, 4, 6, 12)),
    *(n * DAY_MS for n in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
)
_LENGTHS: Final = frozenset({"count", "milliseconds"})
_MOST_TICKS: Final = 7
_ROOM: Final = 0.04
_WHOLE: Final = 100


class Axis(NamedTuple):
    """
    The two ends of an axis, and the places between them that are named.
    """

    low: float
    high: float
    labels: Mapping[float, str]

    def spec(self, *, grid: bool = True) -> dict[str, Any]:
        """
        The axis as Vega-Lite takes it.
        """
        return {"values": list(self.labels), "labelExpr": named(self.labels), "title": None, "grid": grid}

    @property
    def scale(self) -> dict[str, Any]:
        return {"domain": [self.low, self.high], "nice": False, "zero": False}


def named(labels: Mapping[float, str]) -> str:
    """
    An expression that finds the name of a place.
    """
    return f"{json.dumps({f'{at:.12g}': text for at, text in labels.items()})}['' + datum.value]"


def drawn(unit: str, value: float) -> float:
    """
    A value as it is drawn: shares in percent, scores in steps, times in milliseconds.
    """
    if unit == "share":
        return 100 * value
    return value / 100 if unit == "hundredths" else value


def axis_of(unit: str, values: Iterable[float], said: Callable[[float], str]) -> Axis:
    """
    An axis that holds all values (as they are drawn); lengths begin at zero, a share never goes beyond 0 and 100 %.
    """
    held = list(values) or [0.0, 1.0]
    low, high = min(held), max(held)
    if unit in _LENGTHS:
        low = min(0.0, low)
    span = high - low or abs(high) or 1.0
    if unit not in _LENGTHS:
        low -= _ROOM * span
    high += _ROOM * span
    if unit == "share":
        low, high = max(low, 0.0), min(high, float(_WHOLE))
    elif low < 0 <= min(held):
        low = 0.0
    if high <= low:
        low, high = (low - 1, high) if high >= _WHOLE else (low, low + 1)
    step = _step(high - low, unit)
    ticks = [step * n for n in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]
    return Axis(low, high, {tick: said(tick) for tick in ticks})


def _step(span: float, unit: str) -> float:
    if unit == "milliseconds":
        return next((one for one in _STEPS_OF_TIME if span / one <= _MOST_TICKS), 1_000 * DAY_MS)
    size = 10 ** floor(log10(span / _MOST_TICKS))
    if unit == "count":
        size = max(size, 1)
    return next(float(f"{n * size:.6g}") for n in (1, 2, 5, 10) if span / (n * size) <= _MOST_TICKS)


def spread(places: Sequence[float], names: Sequence[str], most: int) -> dict[float, str]:
    """
    Choose not more than so many places, evenly apart, with their names.
    """
    every = -(-len(places) // most) or 1
    return {places[n]: names[n] for n in range(0, len(places), every)}
