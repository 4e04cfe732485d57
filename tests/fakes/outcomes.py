"""
Outcomes about one call and the standard that they are about, to be changed as a test needs.
"""

from typing import Any

from schemas.outcomes import MEASUREMENTS, VIOLATIONS, Measurement, Violation
from schemas.standards import DOCUMENTS, Standard

T0 = 1_790_000_000_000  # 2026-09-21 14:13:20 UTC


def standard() -> Standard:
    read = DOCUMENTS.validate_python(
        {
            "apiVersion": "sqm/v1",
            "kind": "Standard",
            "metadata": {
                "id": "call-answer",
                "version": 1,
                "title": "Calls answered",
                "owner": "care",
                "why": "nobody\n  likes to wait",
                "effective_from": "2026-01-01T00:00:00Z",
            },
            "clock": {"start": "journey.arrived", "stop": "journey.called", "limit": "20s"},
            "objective": {"metric": "sl_all_offered", "target": "80%"},
        }
    )
    assert isinstance(read, Standard)
    return read


def entry(at: int, type_: str, role: str) -> dict[str, Any]:
    return {"at": at, "type": f"sqm.{type_}", "source": "/pbx", "id": f"e{at}", "role": role}


def verdict(kind: str) -> dict[str, Any]:
    return {
        "id": f"{kind}:call-answer@1:0:centre:E1",
        "standard": "call-answer",
        "version": 1,
        "rev_offset": 7,
        "rev_watermark": T0,
        "site": "centre",
        "queue": "everyday",
        "journey": "E1",
        "arrived_at": T0,
        "limit_ms": 20_000,
        "trail": [entry(T0, "journey.arrived", "start"), entry(T0 + 153_000, "journey.called", "stop")],
    }


def measurement(**changes: object) -> Measurement:
    fields = verdict("m") | {
        "started_at": T0,
        "ended_at": T0 + 153_000,
        "ended_by": "stopped",
        "value_ms": 153_000,
        "paused_ms": 0,
        "validity": "plausible",
        "met": False,
        "short_abandon": False,
        "segments": [{"from_at": T0, "to_at": T0 + 153_000, "counts": True}],
    }
    return MEASUREMENTS.validate_python(fields | changes)


def violation(**changes: object) -> Violation:
    fields = verdict("v:journey") | {
        "kind": "journey",
        "state": "opened",
        "reason": "limit_passed",
        "opened_at": T0 + 20_000,
        "closed_at": None,
        "detected_at": T0 + 20_300,
        "as_of": T0 + 20_300,
        "value_ms": 20_000,
    }
    return VIOLATIONS.validate_python(fields | changes)
