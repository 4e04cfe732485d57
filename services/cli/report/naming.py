"""
Who is named: nobody of whom there is little, nor anybody whose figure the others give away.

A figure of few journeys says more of chance than of a person. Left out alone, it could be worked out all the same, for
the total is shown, and so are all others. So where a total lacks one alone, the smallest of the others is left out as
well: the complementary suppression of statistical offices. Dashboards do the same in SQL (`dashboards/people.py`), and
a law holds both against each other.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from services.history.engine import By

__all__ = ["PEOPLE", "without_names"]

PEOPLE: Final = (By.EMPLOYEE, By.TEAM)
"""What is split by these rates people."""


class Group(Protocol):
    """
    What is counted together: the value of each thing that it is split by, and of how many it is.
    """

    @property
    def by(self) -> Mapping[Any, Any] | tuple[tuple[str, Any], ...]: ...

    @property
    def n(self) -> int: ...


G = TypeVar("G", bound=Group)


def without_names(found: Sequence[G], by: Sequence[By], least: int) -> tuple[list[G], list[G]]:
    """
    Split groups of people into those that are shown and those that are not: all of fewer than `least`, and as many more
    that every total over one of the things that they are split by lacks two or none. Both keep their order.
    """
    if not set(by) & set(PEOPLE):
        return list(found), []
    out = {place for place, one in enumerate(found) if one.n < least}
    size = 0
    while size != len(out):
        size = len(out)
        for line in _lines(found, by):
            missing = [place for place in line if place in out and found[place].n]
            kept = [place for place in line if place not in out]
            if len(missing) == 1 and kept:
                out.add(min(kept, key=lambda place: (found[place].n, str(dict(found[place].by)))))
    return (
        [one for place, one in enumerate(found) if place not in out],
        [one for place, one in enumerate(found) if place in out],
    )


def _lines(found: Sequence[Group], by: Sequence[By]) -> Iterator[list[int]]:
    """
    Which groups add up to one total, by their places: those that differ in one thing alone.
    """
    for along in by:
        lines: dict[Hashable, list[int]] = {}
        for place, one in enumerate(found):
            others = tuple((name, value) for name, value in dict(one.by).items() if name != along)
            lines.setdefault(others, []).append(place)
        yield from lines.values()
