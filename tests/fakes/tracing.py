"""
A line of traces that remembers what it was asked for, and carries the same header from each span.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from services.runtime.tracing import TRACEPARENT, Facts, Tell

CARRIED = (TRACEPARENT, b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01")


class RecordedTracing:
    """
    `spans` has of each its name, the contexts that it was caused by, and its facts.
    """

    active = True

    def __init__(self) -> None:
        self.spans: list[tuple[str, list[bytes], dict[str, str | int]]] = []
        self._under_way = 0

    @contextmanager
    def request(self, name: str, headers: Mapping[str, str], facts: Facts) -> Iterator[Tell]:
        caller = headers.get(TRACEPARENT)
        with self.batch(name, [caller.encode()] if caller else [], facts) as tell:
            yield tell

    @contextmanager
    def batch(
        self, name: str, causes: Iterable[bytes], facts: Facts, *, begins: bool = False, began_ms: int | None = None
    ) -> Iterator[Tell]:
        said = dict(facts)
        self.spans.append((name, list(causes), said))
        self._under_way += 1
        try:
            yield said.__setitem__
        finally:
            self._under_way -= 1

    def carried(self) -> tuple[tuple[str, bytes], ...]:
        return (CARRIED,) if self._under_way else ()

    def close(self) -> None:
        assert not self._under_way
