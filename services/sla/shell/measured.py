"""
Counts what measurements say when they are said: how many kept each standard, and how long they took beside its limits.

Counters cannot go back: what is corrected later counts again as it is said then, and what is withdrawn stays counted.
The figures that hold are in the history; these say what the live line does.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import accumulate
from typing import Final

from schemas.metrics import MINUTES
from services.runtime.metrics import OTHER, Distribution
from services.sla.engine import Book, Measurement

__all__ = ["Measured", "Result"]

_MOST_STANDARDS: Final = 200
_MOST_LIMITS: Final = 10
_BELOW: Final = (0.25, 0.5, 0.75)
_BEYOND: Final = (1.25, 1.5, 2.0, 3.0, 6.0)


class Result(StrEnum):
    """
    What a measurement says about its standard.
    """

    KEPT = "kept"
    MISSED = "missed"
    ABANDONED = "abandoned"
    """The customer left before the clock stopped."""
    NOT_JUDGED = "not_judged"
    """Cancelled, expired, retired or implausible."""


class _Waits:
    """
    The distribution of one standard's values, in seconds.
    """

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._total_ms = 0

    def add(self, milliseconds: int) -> None:
        self._counts[bisect_left(self.bounds, milliseconds / 1_000)] += 1
        self._total_ms += milliseconds

    def told(self, standard: str) -> Distribution:
        return (
            (standard,),
            list(zip(self.bounds, accumulate(self._counts), strict=False)),
            sum(self._counts),
            self._total_ms / 1_000,
        )


class Measured:
    """
    Counts measurements by standard, site and result, and the values of clocks that were stopped by standard alone.

    A standard's buckets lie on its own limits and grades, of all its versions that were published, with parts and
    multiples of them around; when these change, its distribution begins anew, as after a restart. Where a limit depends
    on the journey, the buckets are those of a day. The first 200 standards have a distribution.
    """

    def __init__(self, book: Callable[[], Book]) -> None:
        self._book = book
        self._bounded_by: Book | None = None
        self._bounds: dict[str, tuple[float, ...]] = {}
        self._waits: dict[str, _Waits] = {}
        self._results: dict[tuple[str, str, Result], int] = {}

    def count(self, measurements: Iterable[Measurement], most: int = 10_000) -> None:
        """
        Count what is being said; `most` lines are kept apart until somebody asks.
        """
        self._look_at_limits()
        for one in measurements:
            if one.state != "standing" or one.kind == "rate":
                continue
            key = (one.standard, one.site, _result(one))
            if key not in self._results and len(self._results) >= most:
                key = (OTHER, OTHER, key[2])
            self._results[key] = self._results.get(key, 0) + 1
            if one.kind == "clock" and one.met is not None:
                self._add(one)

    def take_results(self) -> dict[tuple[str, str, Result], int]:
        """
        How many there were by standard, site and result since the last call.
        """
        results, self._results = self._results, {}
        return results

    def waits(self) -> Iterator[Distribution]:
        """
        The distributions as they are now.
        """
        return (found.told(standard) for standard, found in self._waits.items())

    def _add(self, one: Measurement) -> None:
        bounds = self._bounds.get(one.standard, MINUTES)
        waits = self._waits.get(one.standard)
        if waits is None or waits.bounds != bounds:
            if waits is None and len(self._waits) >= _MOST_STANDARDS:
                return
            waits = self._waits[one.standard] = _Waits(bounds)
        waits.add(one.value_ms)

    def _look_at_limits(self) -> None:
        book = self._book()
        if book is not self._bounded_by:
            limits: dict[str, set[int]] = {}
            for rule in book.rules.values():
                if rule.kind == "clock":
                    limits.setdefault(rule.id, set()).update(rule.terms.edges())
            self._bounds = {name: _bounds(sorted(found)) for name, found in limits.items()}
            self._bounded_by = book


def _bounds(limits_ms: list[int]) -> tuple[float, ...]:
    if not limits_ms:
        return MINUTES
    kept = limits_ms[:_MOST_LIMITS]
    around = [kept[0] * part for part in _BELOW] + [kept[-1] * times for times in _BEYOND]
    return tuple(sorted({milliseconds / 1_000 for milliseconds in (*kept, *around)}))


def _result(one: Measurement) -> Result:
    if one.met is not None:
        return Result.KEPT if one.met else Result.MISSED
    return Result.ABANDONED if one.ended_by == "abandoned" else Result.NOT_JUDGED
