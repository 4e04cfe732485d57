"""
What alerts are made of: violations as the service of standards says them, in the fields that matter here.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from schemas.base import LAST, to_millis

__all__ = ["Violation", "decode_violation"]

# As the contract bounds them: what is longer would be in an alert that no reader of its topic takes.
_Id = Annotated[str, Meta(min_length=3, max_length=512)]
_Name = Annotated[str, Meta(max_length=64)]
_Whole = Annotated[int, Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
_At = Annotated[int, Meta(ge=0, lt=to_millis(LAST))]
"""What lies outside is no time of service but a broken clock, and nobody could be told of it: calendars end."""


class Violation(msgspec.Struct, frozen=True, gc=False):
    """See ``schemas.outcomes.Violation``."""

    id: _Id
    standard: _Name
    version: Annotated[int, Meta(ge=1, le=(1 << 63) - 1)]
    rev_offset: _Whole
    rev_watermark: _Whole
    site: _Name
    kind: _Name
    state: Literal["opened", "updated", "retracted", "closed"]
    opened_at: _At
    as_of: _Whole
    queue: _Name | None = None
    channel: _Name | None = None
    service: _Name | None = None
    segment: _Name | None = None
    priority: _Name | None = None
    late: bool = False
    limit_ms: _Whole = 0
    scope: Annotated[str, Meta(max_length=300)] | None = None
    window: Annotated[str, Meta(max_length=160)] | None = None
    burn_tier: _Name | None = None
    severity: _Name | None = None

    @property
    def revision(self) -> tuple[int, int]:
        """Of two with one id the greater holds."""
        return self.rev_offset, self.rev_watermark

    @property
    def is_over(self) -> bool:
        """Whether it is no more, or never was."""
        return self.state in {"closed", "retracted"}

    @property
    def standard_key(self) -> str:
        """Its standard with the version."""
        return f"{self.standard}@{self.version}"


_DECODER: Final = msgspec.json.Decoder(Violation)


def decode_violation(value: bytes) -> Violation:
    """Read a record of the topic of violations. Raises one of ``schemas.decoding.NOT_READABLE`` for what is none."""
    return _DECODER.decode(value)
