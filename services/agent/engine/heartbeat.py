"""
The agent's sign of life: a service event that says how much waits and how far the clock is off.
"""

from typing import Final

import msgspec

from schemas.base import Millis, format_instant

__all__ = ["heartbeat"]

_MOST: Final = 1_000_000
"""The contract counts no further."""


def heartbeat(source: str, site: str, now_ms: Millis, backlog: int, skew_ms: Millis | None) -> bytes:
    """
    Write the event; `backlog` counts records. Its instant is the server's where the skew is known: an event that is
    ahead of the server would be refused, and nobody would hear why.
    """
    at = now_ms - (skew_ms or 0)
    said = {"site": site, "backlog": min(backlog, _MOST)} | ({} if skew_ms is None else {"skew_ms": skew_ms})
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": f"heartbeat-{at}",
            "source": source,
            "type": "sqm.source.heartbeat",
            "time": format_instant(at),
            "data": said,
        }
    )
