"""
What a record looks like to those who handle one, whatever client library brought it.
"""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

__all__ = ["Headers", "Place", "Record", "Untyped"]

Place: TypeAlias = tuple[str, int]
"""A topic's cluster name and a partition."""

Headers: TypeAlias = Sequence[tuple[str, bytes]]

Untyped: TypeAlias = Any
"""An object of a vendor library that ships no types."""


class Record(Protocol):
    """
    One record of a topic. `timestamp` is in milliseconds: the broker's, where the topic says LogAppendTime.
    """

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Headers: ...
