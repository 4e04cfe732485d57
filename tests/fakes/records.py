"""
A record as a client library would bring it.
"""

from dataclasses import dataclass, field

__all__ = ["FakeRecord"]


@dataclass
class FakeRecord:
    offset: int
    value: bytes | None
    key: bytes | None = b"s1"
    timestamp: int = 0
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    topic: str = "events"
    partition: int = 0
