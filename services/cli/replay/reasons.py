"""
Reasons that events stated: of every standard that counts events, how often each reason was given.
"""

from collections import Counter, defaultdict

from services.sla.engine import Measurement

__all__ = ["Reasons"]


class Reasons:
    """
    Counts the reasons of measurements that stand; each is added once.
    """

    def __init__(self) -> None:
        self._stated: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)

    def add(self, measurement: Measurement) -> None:
        """
        Count the reason of one measurement, if its event stated any.
        """
        if measurement.reason is not None:
            self._stated[measurement.standard, measurement.version][measurement.reason] += 1

    def of(self, standard: str, version: int) -> list[tuple[str, int]]:
        """
        Each reason with how often it was stated, the most frequent first.
        """
        stated = self._stated.get((standard, version), Counter())
        return sorted(stated.items(), key=lambda one: (-one[1], one[0]))
