"""
Topics without a broker: records get their offsets and times here and wait for history.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Log", "Written"]

Headers = Sequence[tuple[str, bytes]]


class Written(NamedTuple):
    """
    A record as a broker would have kept it; every topic has one partition.
    """

    topic: str
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    partition: int = 0


class Log:
    """
    What was written and not taken yet, by topic.
    """

    def __init__(self) -> None:
        self._next: Counter[str] = Counter()
        self._waiting: dict[str, list[Written]] = {}

    def put(self, topic: str, at: int, key: str, value: bytes, headers: Headers = ()) -> Written:
        """
        Write a record at an instant (milliseconds) and return it.
        """
        record = Written(topic, self._next[topic], at, key.encode(), value, headers)
        self._next[topic] += 1
        self._waiting.setdefault(topic, []).append(record)
        return record

    def take(self) -> dict[str, list[Written]]:
        """
        Return all that was written since the last call.
        """
        taken, self._waiting = self._waiting, {}
        return taken

    def written(self) -> Counter[str]:
        """
        How many records were written, by topic.
        """
        return Counter(self._next)
