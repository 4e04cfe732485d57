"""
Dead letters: the headers that say why and where something was refused; key, value and the sender's headers stay
byte for byte.

The record's own headers come first, unchanged; ``sqm-headers`` says how many they were, and ours follow it. On
Kafka each value is UTF-8 text, numbers included.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Contract, Name

__all__ = ["DeadLetterHeaders"]

_Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]
_Said = Annotated[str, StringConstraints(max_length=1_000)]


class DeadLetterHeaders(Contract):
    """
    Our headers of one refusal, behind those of the refused record.
    """

    headers: _Number = Field(alias="sqm-headers")
    """How many headers the refused record had; so many stand before this one."""
    reason: Name = Field(alias="sqm-reason")
    """The named reason; the same word is in the log and the metric."""
    stage: Literal["ingest", "mapping", "sla", "history"] = Field(alias="sqm-stage")
    """Who refused it."""
    detail: _Said = Field(alias="sqm-detail")
    """A sentence for people; says nothing of the content but names, places and bounds."""
    first_failed_at: _Number = Field(alias="sqm-first-failed-at")
    """When it was refused for the first time (milliseconds since 1970, UTC)."""
    attempt: _Number = Field(alias="sqm-attempt")
    """How often it has been refused."""
    group: _Said | None = Field(default=None, alias="sqm-group")
    """Consumer group that read it."""
    topic: _Said | None = Field(default=None, alias="sqm-topic")
    """Topic that it was read from."""
    partition: _Number | None = Field(default=None, alias="sqm-partition")
    """Partition that it was read from."""
    offset: _Number | None = Field(default=None, alias="sqm-offset")
    """Its offset there."""
    timestamp: _Number | None = Field(default=None, alias="sqm-timestamp")
    """The broker's time of it (milliseconds since 1970, UTC)."""
    file: _Said | None = Field(default=None, alias="sqm-file")
    """File that it came from."""
    line: _Number | None = Field(default=None, alias="sqm-line")
    """Line in that file; the first is 1."""
    field: _Said | None = Field(default=None, alias="sqm-field")
    """Field that is at fault: a column, or a JSON pointer."""
