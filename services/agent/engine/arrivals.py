"""
What a till sent: events to keep, or what is wrong with them, told as ingest tells it.

Only what would be in the way is looked at here: that it is JSON, has an identity and a bearable size. The rest is
ingest's to judge, which may know more than this agent does; what it refuses later becomes a dead letter.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

__all__ = ["Arrival", "ArrivalReason", "Form", "Kept", "Refused", "Twice", "arrivals", "form_of"]

_NEEDED: Final = ("specversion", "id", "source", "type")


class ArrivalReason(StrEnum):
    """
    Why an event is not kept; the words are ingest's.
    """

    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    TOO_DEEP = "too_deep"
    TOO_LARGE = "too_large"
    MISSING_FIELD = "missing_field"
    INVALID_VALUE = "invalid_value"


class Form(StrEnum):
    """
    How a request carries events.
    """

    ONE = "application/cloudevents+json"
    BATCH = "application/cloudevents-batch+json"
    HEADERS = "application/json"
    """Attributes in headers: kept as a whole request."""


class Kept(NamedTuple):
    """
    To be kept, as it came.
    """

    body: bytes


class Twice(NamedTuple):
    """
    Its identity came earlier in the same request.
    """


class Refused(NamedTuple):
    """
    Will never do; ``pointer`` leads to the place, ``detail`` says what to change.
    """

    reason: ArrivalReason
    pointer: str
    detail: str


Arrival = Kept | Twice | Refused


def form_of(content_type: str, *, has_attributes: bool) -> Form | None:
    """
    Which form a request has; None for one that carries no events. `has_attributes`: it has headers of CloudEvents.
    """
    media = content_type.partition(";")[0].strip().lower()
    if media in {Form.ONE, Form.BATCH}:
        return Form(media)
    return Form.HEADERS if media == Form.HEADERS and has_attributes else None


def arrivals(items: Iterable[bytes | msgspec.Raw], longest: int) -> list[Arrival]:
    """
    Judge the events of one request; none may have more than `longest` bytes.
    """
    seen: set[tuple[str, str]] = set()
    found: list[Arrival] = []
    for item in items:
        body = bytes(item)
        identity = _identity(body, longest)
        if isinstance(identity, Refused):
            found.append(identity)
        elif identity in seen:
            found.append(Twice())
        else:
            seen.add(identity)
            found.append(Kept(body))
    return found


def _identity(body: bytes, longest: int) -> tuple[str, str] | Refused:
    if len(body) > longest:
        return Refused(ArrivalReason.TOO_LARGE, "", f"an event may have {longest} bytes")
    try:
        event = msgspec.json.decode(body, type=dict[str, object])
    except msgspec.ValidationError:
        return Refused(ArrivalReason.NOT_AN_OBJECT, "", "an event is a JSON object")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Refused(ArrivalReason.NOT_JSON, "", "not JSON in UTF-8")
    except RecursionError:
        return Refused(ArrivalReason.TOO_DEEP, "", "the event is nested too deeply")
    for name in _NEEDED:
        if name not in event:
            return Refused(ArrivalReason.MISSING_FIELD, f"/{name}", f"`{name}` is missing")
        if not isinstance(event[name], str) or not event[name]:
            return Refused(ArrivalReason.INVALID_VALUE, f"/{name}", f"`{name}` is text, and not empty")
    return str(event["source"]), str(event["id"])
