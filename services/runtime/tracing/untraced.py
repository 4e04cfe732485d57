"""
What services know of traces, and what stands there while there are none: it costs nothing and reads no header.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Final, Protocol, TypeAlias

__all__ = ["TRACEPARENT", "UNTRACED", "Facts", "Tell", "Tracing", "Untraced", "contexts_of", "processing"]

TRACEPARENT: Final = "traceparent"
"""The header of W3C Trace Context, of requests and of records alike."""

Facts: TypeAlias = Mapping[str, str | int]
"""What a span says of itself: names of topics and tables, numbers, outcomes. Never whom or what an event is about."""


Headers: TypeAlias = Sequence[tuple[str, bytes]]


class Headed(Protocol):
    """
    A record, as far as traces look at one.
    """

    @property
    def headers(self) -> Headers: ...


Tell: TypeAlias = Callable[[str, str | int], None]
"""Says one more fact of the span under way: its name and value."""


class Tracing(Protocol):
    """
    Makes spans. Within one, `carried` gives the headers for records that were written because of it.
    """

    @property
    def active(self) -> bool:
        """
        Whether contexts are worth keeping for later.
        """
        ...

    def request(self, name: str, headers: Mapping[str, str], facts: Facts) -> AbstractContextManager[Tell]:
        """
        A span for what a caller asked, in the caller's trace, where it says that it has one.
        """
        ...

    def batch(
        self, name: str, causes: Iterable[bytes], facts: Facts, *, begins: bool = False, began_ms: int | None = None
    ) -> AbstractContextManager[Tell]:
        """
        A span for what was done with many records, with links to the contexts that came with them.

        Only where one of them is traced; with `begins` now and then also where none is, as at the beginning of a line.
        `began_ms` (since the epoch) is when it began, where that was before now.
        """
        ...

    def carried(self) -> Headers:
        """
        The headers that lead back to the span under way; none where it is not traced.
        """
        ...

    def close(self) -> None:
        """
        Send what still waits, or give it up after a few seconds; blocks meanwhile.
        """
        ...


def _to_nobody(_name: str, _value: str | int) -> None:
    return


_NO_SPAN: Final[AbstractContextManager[Tell]] = nullcontext(_to_nobody)


class Untraced:
    """
    No traces.
    """

    active = False

    def request(self, name: str, headers: Mapping[str, str], facts: Facts) -> AbstractContextManager[Tell]:  # noqa: ARG002  the protocol's
        return _NO_SPAN

    def batch(
        self,
        name: str,  # noqa: ARG002  the protocol's, here and below
        causes: Iterable[bytes],  # noqa: ARG002
        facts: Facts,  # noqa: ARG002
        *,
        begins: bool = False,  # noqa: ARG002
        began_ms: int | None = None,  # noqa: ARG002
    ) -> AbstractContextManager[Tell]:
        return _NO_SPAN

    def carried(self) -> Headers:
        return ()

    def close(self) -> None:
        """
        Nothing waits.
        """


UNTRACED: Final = Untraced()


def contexts_of(records: Iterable[Headed]) -> Iterator[bytes]:
    """
    The contexts that records carry in their headers, one after the other; nothing is read before somebody asks.
    """
    for record in records:
        for name, value in record.headers:
            if name == TRACEPARENT:
                yield value


def processing(topic: str, records: int, partition: int | None = None) -> Facts:
    """
    What the span of a batch from a topic says, by OpenTelemetry's conventions for messaging (in development, v1.37).
    """
    facts: dict[str, str | int] = {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": topic,
        "messaging.batch.message_count": records,
    }
    if partition is not None:
        facts["messaging.destination.partition.id"] = str(partition)
    return facts
