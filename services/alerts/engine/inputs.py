"""
What alerts are made of: violations as the service of standards says them, in the fields that matter here.
"""

from typing import Final

import msgspec

from schemas.outcomes import Violation as Contract

__all__ = ["Violation", "decode_violation", "violation_of"]


class Violation(msgspec.Struct, frozen=True, gc=False):
    """See ``schemas.outcomes.Violation``."""

    id: str
    standard: str
    version: int
    rev_offset: int
    rev_watermark: int
    site: str
    kind: str
    state: str
    opened_at: int
    as_of: int
    queue: str | None = None
    channel: str | None = None
    service: str | None = None
    segment: str | None = None
    priority: str | None = None
    late: bool = False
    limit_ms: int = 0
    scope: str | None = None
    window: str | None = None
    burn_tier: str | None = None
    severity: str | None = None

    @property
    def revision(self) -> tuple[int, int]:
        """Of two with one id the greater holds."""
        return self.rev_offset, self.rev_watermark

    @property
    def standard_key(self) -> str:
        """Its standard with the version."""
        return f"{self.standard}@{self.version}"


_DECODER: Final = msgspec.json.Decoder(Violation)


def decode_violation(value: bytes) -> Violation:
    """Read a record of the topic of violations. Raises msgspec.MsgspecError for what is none."""
    return _DECODER.decode(value)


def violation_of(contract: Contract) -> Violation:
    """Take over what the contract's model says."""
    return Violation(**{name: getattr(contract, name) for name in Violation.__struct_fields__})
