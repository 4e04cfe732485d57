"""
What the agent keeps: events, which go out in batches, and whole requests, which go out as they came.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from schemas.base import Millis, format_instant
from schemas.forwarded import AGENT_AUTHORIZATION, CLOCK_SKEW, FORWARDED, RECEIVED_AT

__all__ = ["DeadLetter", "Header", "Lane", "Record", "Waiting", "forwarded_headers", "kept_headers"]

Header = tuple[str, str]

_ROW_BYTES: Final = 64
"""What a row takes beside its contents, roughly: its numbers, the index, its share of half-filled pages."""

_OF_THE_CONNECTION: Final = frozenset({
    "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
})  # fmt: skip
"""Headers that speak of one connection, not of the message (RFC 9110, 7.6.1), and those that the next one has anew."""


class Lane(StrEnum):
    """
    Two lanes, so that trouble with one does not hold up the other.
    """

    EVENTS = "events"
    """CloudEvents in JSON."""
    REQUESTS = "requests"
    """Webhooks, and events whose attributes are in headers: each a request of its own."""


class Record(NamedTuple):
    """
    What came in. ``path`` (with the query) and ``headers`` are those of a request, and empty for an event.
    """

    lane: Lane
    received_at: Millis
    body: bytes
    path: str = ""
    headers: tuple[Header, ...] = ()

    @property
    def size(self) -> int:
        """
        Bytes on the disk, about.
        """
        return _ROW_BYTES + len(self.body) + len(self.path) + sum(len(name) + len(text) for name, text in self.headers)


class Waiting(NamedTuple):
    """
    A record that is kept; ``seq`` numbers all of them in the order in which they came.
    """

    seq: int
    record: Record


class DeadLetter(NamedTuple):
    """
    A record that ingest will never take, and why.
    """

    seq: int
    reason: str
    detail: str
    died_at: Millis


def kept_headers(headers: Iterable[Header]) -> tuple[Header, ...]:
    """
    The headers of a request that are part of its message. Those that only the agent may write are left out, so that
    nobody says in its name when something was received.
    """
    return tuple(
        (name, text)
        for name, text in ((name.lower(), text) for name, text in headers)
        if name not in _OF_THE_CONNECTION and name not in FORWARDED and not name.startswith("proxy-")
    )


def forwarded_headers(record: Record, token: str | None, skew_ms: Millis | None, events_path: str) -> list[Header]:
    """
    The headers of a request as it goes on: its own, when it was received by this machine's clock, how far that clock
    is ahead (where known), and the agent's token, by which ingest may believe both. Requests to ``events_path`` show
    the token as their own.
    """
    bearer = f"Bearer {token}"
    told = [(RECEIVED_AT, format_instant(record.received_at))]
    if skew_ms is not None:
        told.append((CLOCK_SKEW, str(skew_ms)))
    if record.path != events_path:
        return [*record.headers, *told, *([(AGENT_AUTHORIZATION, bearer)] if token else [])]
    own = [(name, text) for name, text in record.headers if name != "authorization"]
    return [*own, *told, *([("authorization", bearer)] if token else [])]
