"""
When a webhook was received, where an agent held it until it could be forwarded.
"""

import re
from collections.abc import Mapping
from typing import Final

from schemas.base import parse_instant
from schemas.forwarded import CLOCK_SKEW, RECEIVED_AT
from schemas.topics import RAW

__all__ = ["OLDEST_MS", "told_receipt"]

OLDEST_MS: Final = RAW.retention_ms
"""So long ago an agent may have received a webhook: had it been stored then, it would be stored still."""
_SKEW: Final = re.compile(r"-?[0-9]{1,15}")


def told_receipt(headers: Mapping[str, str], now_ms: int) -> int:
    """
    Return the instant at which an agent says that it received a request, by our clock; `now_ms` where it does not say
    it, or says what cannot be: later than now, or more than ``OLDEST_MS`` ago.

    Only for an agent whose token was right: anybody may write these headers.
    """
    written, skew = headers.get(RECEIVED_AT, ""), headers.get(CLOCK_SKEW, "")
    if not _SKEW.fullmatch(skew):
        return now_ms
    try:
        received_at = parse_instant(written) - int(skew)
    except ValueError:
        return now_ms
    return received_at if now_ms - OLDEST_MS <= received_at < now_ms else now_ms
