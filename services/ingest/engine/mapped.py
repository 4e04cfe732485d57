"""
Events that a mapping yields, light enough to be made by the hundred thousand, and their way to CloudEvents.
"""

import hashlib
import json
from typing import Any, Final, NamedTuple

import msgspec

from schemas.base import format_instant

__all__ = ["UNREVISED", "Facts", "MappedEvent", "Revisions", "cloud_event", "encode_event", "journey_prefix"]

LONGEST_ID: Final = 128


class Revisions(NamedTuple):
    """
    What a row's events carry as their revision, by which of several versions should stand; of the same event the
    highest revision stands. 0: the source does not correct itself.
    """

    newest: int
    oldest: int


UNREVISED: Final = Revisions(0, 0)


class Facts(msgspec.Struct, gc=False):
    """
    The data of events, checked once and shared by all events that have the same; never changed.
    """

    site: str
    data: dict[str, Any]
    encoded: bytes
    """The data as JSON."""


class MappedEvent(msgspec.Struct, gc=False):
    """
    One service event out of a file: what CloudEvents knows about it, its instant, and the place it came from.
    """

    id: str
    source: str
    type: str
    subject: str
    time_ms: int
    facts: Facts
    file: str
    line: int
    revision: int = 0
    """As in Revisions."""


def journey_prefix(mapping: str, subject: str, longest: int) -> str:
    """
    What the ids of a journey's events begin with, at most so long: the same whichever file it comes in, however often.
    """
    prefix = f"{mapping}/{subject}/"
    return prefix if len(prefix) <= longest else hashlib.sha256(prefix.encode()).hexdigest() + "/"


def cloud_event(event: MappedEvent) -> dict[str, Any]:
    """
    The event as a CloudEvent, as ingest takes it.
    """
    told: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": format_instant(event.time_ms),
        "data": dict(event.facts.data),
    }
    return told | {"revision": event.revision} if event.revision else told


def encode_event(event: MappedEvent) -> bytes:
    """
    The event as the JSON of a CloudEvent, put together from what is encoded already.
    """
    return (
        b'{"specversion":"1.0","id":%b,"source":%b,"type":%b,"subject":%b,"time":"%b","data":%b%b}'
        % (
            _text(event.id), _text(event.source), _text(event.type), _text(event.subject),
            format_instant(event.time_ms).encode(), event.facts.encoded,
            b',"revision":%d' % event.revision if event.revision else b"",
        )
    )  # fmt: skip


def _text(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False).encode()
