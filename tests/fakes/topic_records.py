"""
Records as a Kafka client hands them over, and messages to put into them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_SHARED = (
    "standard", "version", "rev_offset", "rev_watermark", "site", "queue", "journey", "cycle", "arrived_at", "late",
    "limit_ms", "trail",
)  # fmt: skip
NOON = 1_790_000_000_000 - 1_790_000_000_000 % 60_000
RECORDED = 4_000_000_000_000
"""In the year 2096: tables delete what was recorded too long ago, and a test must not depend on the day it runs."""


@dataclass
class TopicRecord:
    offset: int
    value: bytes | None
    partition: int = 0
    topic: str = ""
    key: bytes | None = b"branch-7"
    headers: Sequence[tuple[str, bytes]] = ()
    timestamp: int = 0

    def __post_init__(self) -> None:
        self.timestamp = self.timestamp or RECORDED + self.offset


def as_json(message: object) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode()


def event(number: int = 0, **changes: object) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": "/till/1",
        "type": "sqm.journey.arrived",
        "subject": f"journey-{number}",
        "time": "2026-09-21T14:13:20.123Z",
        "receivedat": "2026-09-21T14:13:21.000Z",
        "data": {"site": "branch-7", "queue": "counter", "channel": "walk_in"},
        **changes,
    }


def attainment(
    *, minute: int = NOON, site: str = "branch-7", queue: str | None = "counter", **changes: object
) -> dict[str, Any]:
    return {
        "id": f"a:wait@1:{minute}:{site}:{queue or ''}",
        "standard": "wait",
        "version": 1,
        "rev_offset": 1,
        "rev_watermark": NOON,
        "site": site,
        "queue": queue,
        "minute": minute,
        "metric": "sl_all_offered",
        "good": 0,
        "total": 0,
        "answered": 0,
        "answered_within": 0,
        "abandoned": 0,
        "abandoned_within": 0,
        "abandoned_short": 0,
        "answered_wait_ms": 0,
        "implausible": 0,
        "cancelled": 0,
        "expired": 0,
        **changes,
    }


def measurement(number: int = 0, *, site: str = "branch-7", **changes: object) -> dict[str, Any]:
    return {
        "id": f"m:wait@1:0:{site}:journey-{number}",
        "standard": "wait",
        "version": 1,
        "rev_offset": 1,
        "rev_watermark": NOON,
        "site": site,
        "queue": "counter",
        "channel": None,
        "service": None,
        "segment": None,
        "priority": None,
        "team": None,
        "employee": None,
        "journey": f"journey-{number}",
        "cycle": 0,
        "arrived_at": NOON,
        "late": False,
        "state": "standing",
        "started_at": NOON,
        "ended_at": NOON + 15_000,
        "ended_by": "stopped",
        "value_ms": 15_000,
        "paused_ms": 0,
        "limit_ms": 20_000,
        "validity": "plausible",
        "met": True,
        "short_abandon": False,
        "trail": [{"at": NOON, "type": "sqm.journey.arrived", "source": "/till/1", "id": "e1", "role": "arrive"}],
        "segments": [{"from_at": NOON, "to_at": NOON + 15_000, "counts": True}],
        **changes,
    }


def violation(number: int = 0, *, site: str = "branch-7", **changes: object) -> dict[str, Any]:
    shared = {
        name: value
        for name, value in measurement(number, site=site).items()
        if name
        in [
            "standard",
            "version",
            "rev_offset",
            "rev_watermark",
            "site",
            "queue",
            "journey",
            "cycle",
            "arrived_at",
            "late",
            "limit_ms",
            "trail",
        ]
    }
    return {
        **shared,
        "id": f"v:wait@1:journey:0:{site}:journey-{number}",
        "kind": "journey",
        "state": "opened",
        "reason": "limit_passed",
        "opened_at": NOON + 20_000,
        "closed_at": None,
        "detected_at": NOON + 20_100,
        "as_of": NOON + 20_000,
        "value_ms": 20_000,
        **changes,
    }
