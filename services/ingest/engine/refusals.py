"""
Why something is not accepted: the closed list of reasons, the same in answers, metrics, logs and dead letters.
"""

from enum import StrEnum
from typing import NamedTuple

__all__ = ["RefusalReason", "Refused"]


class RefusalReason(StrEnum):
    """
    The named reasons; an answer adds where (a JSON pointer) and a sentence that says what to change.
    """

    NOT_JSON = "not_json"
    """The bytes are not one JSON text in UTF-8."""
    NOT_AN_OBJECT = "not_an_object"
    """JSON, but an event is an object."""
    TOO_DEEP = "too_deep"
    """Nested deeper than any event is."""
    TOO_LARGE = "too_large"
    """One event larger than the limit."""
    UNKNOWN_TYPE = "unknown_type"
    """`type` is missing or is not one of the service events."""
    MISSING_FIELD = "missing_field"
    UNKNOWN_FIELD = "unknown_field"
    """A field of `data` that this type of event does not have; perhaps misspelt."""
    INVALID_VALUE = "invalid_value"
    INVALID_TIME = "invalid_time"
    """Not an RFC 3339 instant with an offset between 1970 and 2299."""
    IN_THE_FUTURE = "in_the_future"
    """Further ahead of ingest's clock than is tolerated."""
    SOURCE_NOT_ALLOWED = "source_not_allowed"
    """The token belongs to another source system."""
    UNSUPPORTED_CONTENT_TYPE = "unsupported_content_type"
    """Neither a structured nor a binary CloudEvent."""
    INVALID_HEADER = "invalid_header"
    """A CloudEvents attribute in a header that cannot be read, or comes twice."""
    IDENTITY_IN_NAME = "identity_in_name"
    """The name of a journey holds the customer's or the employee's own, which nothing that is kept may."""
    EMPTY = "empty"
    """A Kafka record without a value (a tombstone)."""


class Refused(NamedTuple):
    """
    One event that was not accepted: `pointer` is the place in the event (RFC 6901), `detail` says what to change and
    never repeats a value, since it goes into logs and headers.
    """

    reason: RefusalReason
    pointer: str
    detail: str
