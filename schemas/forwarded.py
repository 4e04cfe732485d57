"""
What an agent adds to a request that waited with it: three headers, which count under its token alone.
"""

from typing import Final

__all__ = ["AGENT_AUTHORIZATION", "CLOCK_SKEW", "FORWARDED", "RECEIVED_AT"]

RECEIVED_AT: Final = "sqm-received-at"
"""When the agent received it, by the clock of its machine (RFC 3339)."""
CLOCK_SKEW: Final = "sqm-clock-skew-ms"
"""How far that clock is ahead of ingest's (milliseconds, negative where it is behind)."""
AGENT_AUTHORIZATION: Final = "sqm-agent-authorization"
"""``Bearer`` and the agent's token."""
FORWARDED: Final = frozenset({RECEIVED_AT, CLOCK_SKEW, AGENT_AUTHORIZATION})
"""All three; a sender's own are thrown away by an agent, and none is stored by ingest."""
