"""
Traces of the way from a request to a message, for whoever runs a collector (docs/tracing.md); none unless asked for.
"""

from services.runtime.tracing.opening import TracingSettings, open_tracing
from services.runtime.tracing.untraced import (
    TRACEPARENT,
    UNTRACED,
    Facts,
    Tell,
    Tracing,
    Untraced,
    contexts_of,
    processing,
)

__all__ = [
    "TRACEPARENT",
    "UNTRACED",
    "Facts",
    "Tell",
    "Tracing",
    "TracingSettings",
    "Untraced",
    "contexts_of",
    "open_tracing",
    "processing",
]
