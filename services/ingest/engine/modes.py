"""
Which CloudEvents mode a message uses, and what its headers say in binary mode; the same rules for HTTP and Kafka.

The content type decides, as the CloudEvents bindings say; `ce-` headers beside a structured event are ignored. A Kafka
record that says nothing at all is read as a structured event, because simple producers set no headers.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from urllib.parse import unquote_to_bytes

from services.ingest.engine.refusals import RefusalReason, Refused

__all__ = ["HTTP_PREFIX", "KAFKA_PREFIX", "STRUCTURED", "Mode", "binary_attributes", "mode_of"]

HTTP_PREFIX: Final = b"ce-"
KAFKA_PREFIX: Final = b"ce_"
STRUCTURED: Final = (("content-type", b"application/cloudevents+json"),)
"""The headers of a Kafka record that is a structured event."""

_JSON: Final = "application/json"
_LONGEST_HEADER: Final = 4_096
_RESERVED: Final = frozenset({"data", "data_base64", "datacontenttype"})


class Mode(StrEnum):
    """
    How a message carries events.
    """

    STRUCTURED = "structured"
    BINARY = "binary"
    BATCH = "batch"


def mode_of(content_type: bytes | None, *, has_attributes: bool) -> Mode | None:
    """
    Return the mode; None for a content type that carries no event that could be read, a charset but UTF-8 included.
    """
    if content_type is None:
        return Mode.BINARY if has_attributes else None
    media, *parameters = content_type.decode("latin-1").lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8"):
            return None
    match media.strip():
        case "application/cloudevents+json":
            return Mode.STRUCTURED
        case "application/cloudevents-batch+json":
            return Mode.BATCH
        case "application/json" if has_attributes:
            return Mode.BINARY
        case _:
            return None


def binary_attributes(headers: Iterable[tuple[bytes, bytes]], prefix: bytes) -> dict[str, str] | Refused:
    """
    Read the event's attributes from headers: names behind the prefix, values in UTF-8 (on HTTP percent-encoded).

    A repeated attribute is refused: proxies and readers disagree about which one counts.
    """
    attributes: dict[str, str] = {"datacontenttype": _JSON}
    for header, raw in headers:
        lowered = header.lower()
        if not lowered.startswith(prefix):
            continue
        name = lowered[len(prefix) :].decode("latin-1")
        if not (name.isascii() and name.isalnum()) or name in _RESERVED:
            return _refused("", "a CloudEvents header names an attribute that cannot be: letters and digits only")
        if name in attributes:
            return _refused(f"/{name}", "the header of this attribute comes twice")
        if len(raw) > _LONGEST_HEADER:
            return _refused(f"/{name}", f"the header is longer than {_LONGEST_HEADER} bytes")
        try:
            attributes[name] = (unquote_to_bytes(raw) if prefix == HTTP_PREFIX else raw).decode()
        except UnicodeDecodeError:
            return _refused(f"/{name}", "the header's value is not UTF-8")
    return attributes


def _refused(pointer: str, detail: str) -> Refused:
    return Refused(RefusalReason.INVALID_HEADER, pointer[:64], detail)
