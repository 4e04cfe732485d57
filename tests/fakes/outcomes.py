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


_LEFT = [entry(T0, "journey.arrived", "start"), entry(T0 + 8_000, "journey.abandoned", "abandon")]
_GONE = [entry(T0, "journey.arrived", "start"), entry(T0 + 153_000, "journey.abandoned", "abandon")]
_CALLED_OFF = [entry(T0, "journey.arrived", "start"), entry(T0 + 8_000, "journey.cancelled", "cancel")]
_WAITED = [entry(T0, "journey.arrived", "start"), entry(T0 + 12_000, "journey.called", "stop")]
_HALTED = [
    entry(T0, "journey.arrived", "start"),
    entry(T0 + 15_000, "service.paused", "pause"),
    entry(T0 + 45_000, "service.resumed", "resume"),
    entry(T0 + 55_400, "journey.called", "stop"),
]


def _piece(begin: int, end: int, *, counts: bool = True, **more: object) -> dict[str, object]:
    return {"from_at": T0 + begin, "to_at": T0 + end, "counts": counts, **more}


def _ended(after: int, **changes: object) -> Measurement:
    return measurement(**{"ended_at": T0 + after, "value_ms": after, "segments": [_piece(0, after)]} | changes)


_KEPT = _ended(12_000, met=True, trail=_WAITED)
_ALIVE = [entry(T0, "journey.arrived", "start")]

CASES: dict[str, tuple[Measurement | Violation, tuple[Measurement | Violation, ...]]] = {
    "kept": (_KEPT, ()),
    "broken": (measurement(segment="private", channel="phone", late=True), ()),
    "abandoned": (_ended(8_000, met=None, ended_by="abandoned", trail=_LEFT), ()),
    "abandoned-late": (_ended(153_000, met=None, ended_by="abandoned", trail=_GONE), ()),
    "expired": (_ended(86_400_000, met=None, ended_by="expired", trail=_ALIVE), ()),
    "retired": (_ended(8_000, met=None, ended_by="retired", trail=_ALIVE), ()),
    "overnight": (
        _ended(
            72_000_000,
            met=False,
            value_ms=25_000,
            calendar="riga-shops@2 Europe/Riga",
            band="C",
            segments=[
                _piece(0, 15_000),
                _piece(15_000, 30_000_000, counts=False, why="closed"),
                _piece(30_000_000, 71_990_000, counts=False, why="holiday", name="Lāčplēša diena"),
                _piece(71_990_000, 72_000_000),
            ],
        ),
        (),
    ),
    "cancelled": (_ended(8_000, met=None, ended_by="cancelled", cycle=1, trail=_CALLED_OFF), ()),
    "implausible": (_ended(300, met=None, validity="too_short"), ()),
    "paused": (
        _ended(
            55_400,
            met=False,
            value_ms=25_400,
            paused_ms=30_000,
            trail=_HALTED,
            segments=[_piece(0, 15_000), _piece(15_000, 45_000, counts=False), _piece(45_000, 55_400)],
        ),
        (),
    ),
    "withdrawn": (
        _ended(0, met=None, state="withdrawn", rev_offset=9, rev_watermark=T0 + 400_000),
        (_KEPT, measurement(rev_offset=8, rev_watermark=T0 + 200_000)),
    ),
    "corrected": (_ended(12_000, met=True, trail=_WAITED, rev_offset=9), (measurement(rev_watermark=T0 + 153_000),)),
    "running": (violation(trail=_ALIVE), ()),
    "retracted": (violation(state="retracted", reason="ended_in_time", closed_at=T0 + 20_000), (violation(),)),
    "at-risk": (
        violation(kind="at_risk", reason="warning_passed", value_ms=10_000, opened_at=T0 + 10_000, trail=_ALIVE),
        (),
    ),
}
"""Verdicts of every sort by name, each with the revisions that it corrected."""
