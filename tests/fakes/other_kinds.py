"""
Verdicts of the kinds that are no clock and on objectives, each with its standard, to be changed as a test needs.
"""

from typing import Any

from schemas.outcomes import MEASUREMENTS, VIOLATIONS, Measurement, Violation
from schemas.standards import DOCUMENTS, Standard
from tests.fakes.outcomes import T0, entry

MINUTE, DAY = 60_000, 86_400_000


def of_kind(ident: str, title: str, metric: str, target: str, **said: Any) -> Standard:  # noqa: ANN401 - parts of a document
    meta = {
        "id": ident,
        "version": 1,
        "title": title,
        "owner": "care",
        "why": "w",
        "effective_from": "2026-01-01T00:00:00Z",
    }
    aim = {} if "presence" in said else {"objective": {"metric": metric, "target": target}}
    read = DOCUMENTS.validate_python({"apiVersion": "sqm/v1", "kind": "Standard", "metadata": meta, **said, **aim})
    assert isinstance(read, Standard)
    return read


def _milestone(name: str) -> dict[str, Any]:
    return {"event": "milestone.reached", "where": {"milestone": name}}


LOST = of_kind(
    "lost-sales",
    "Sales lost",
    "lost_sales_per_100",
    "5",
    rate={"count": "sale.lost", "of": ["sale.completed", "sale.lost"]},
)
TRANSFERS = of_kind(
    "transfers", "Hand-overs", "transfer_rate", "30%",
    rate={"count": "journey.transferred", "of": "journey.called", "per": "journey"},
)  # fmt: skip
SETTLED = of_kind(
    "settled", "Settled at once", "first_contact_resolution", "75%",
    rate={"of": "service.completed", "unless": "journey.arrived", "per": "customer", "within": "7d"},
)  # fmt: skip
CSAT = of_kind(
    "csat", "Satisfaction", "csat_mean", "4.25",
    score={"of": "feedback.received", "highest": 5, "lowest": 1, "minimum": "2"},
)  # fmt: skip
TOP2 = of_kind("top2", "Satisfied", "csat_top2", "80%", score={"of": "feedback.received", "highest": 5, "lowest": 1})
NPS = of_kind("nps", "Recommendation", "nps", "30", score={"of": "feedback.received", "highest": 10})
VISIT = of_kind(
    "visit", "Mystery visit", "checklist_score", "80%", score={"of": "observation.recorded", "minimum": "70%"}
)
CRITICAL = of_kind("critical", "Nothing critical", "critical_failures", "0%", score={"of": "observation.recorded"})
COUNTER = of_kind(
    "counter", "Served in order", "rate", "90%",
    sequence={"start": "journey.called", "end": "service.completed", "steps": [
        {"name": "greeted", "shown_by": _milestone("greeted"), "within": "10s"},
        {"name": "paid", "shown_by": "sale.completed", "within": "5m"},
        {"name": "farewell", "shown_by": _milestone("farewell")}]},
)  # fmt: skip
OBJECTION = of_kind(
    "objection", "Objections met", "rate", "90%",
    sequence={"start": "incident.reported", "end": "service.completed", "courses": [
        {"name": "explained", "steps": [{"name": "listened", "shown_by": _milestone("listened")}]},
        {"name": "handed over", "steps": [{"name": "supervisor called", "shown_by": "journey.transferred"}]}]},
)  # fmt: skip
WAITED = of_kind(
    "counter-wait", "Called soon", "p90", "10m",
    clock={"start": "journey.arrived", "stop": "journey.called", "limit": "10m"},
)  # fmt: skip
TILLS = of_kind("tills", "Tills report", "rate", "100%", presence={"every": "5m", "grace": "1m"})


def _verdict(of: Standard, **changes: object) -> dict[str, object]:
    return {
        "standard": of.metadata.id, "version": 1, "rev_offset": 7, "rev_watermark": T0, "site": "centre",
        "journey": "E1", "arrived_at": T0, "limit_ms": 0, "value_ms": 0, "trail": [], **changes,
    }  # fmt: skip


def measured(of: Standard, **changes: object) -> Measurement:
    fields = {
        "id": f"m:{of.metadata.id}@1:0:centre:E1", "started_at": T0, "ended_at": T0, "ended_by": "stopped",
        "paused_ms": 0, "validity": "plausible", "met": None, "short_abandon": False, "segments": [],
        "kind": of.kind_of,
    }  # fmt: skip
    return MEASUREMENTS.validate_python(_verdict(of, **{**fields, **changes}))


def violated(of: Standard, **changes: object) -> Violation:
    kind = "presence" if of.presence is not None else "journey"
    fields = {
        "id": f"v:{of.metadata.id}@1:{kind}:0:centre:E1", "kind": kind, "state": "closed", "reason": "below_minimum",
        "opened_at": T0, "closed_at": T0, "detected_at": T0, "as_of": T0,
    }  # fmt: skip
    return VIOLATIONS.validate_python(_verdict(of, **{**fields, **changes}))


def fault(step: str, wrong: str, after: int) -> dict[str, object]:
    return {"step": step, "fault": wrong, "at": T0 + after}


SCORED = [entry(T0, "feedback.received", "count")]
SEEN = [entry(T0, "observation.recorded", "count")]
_BACK = [entry(T0, "service.completed", "of"), entry(T0 + 3 * DAY, "journey.arrived", "count")]
_STEPS = [
    entry(T0, "journey.called", "start"),
    entry(T0 + 40_000, "sale.completed", "step"),
    entry(T0 + 45_000, "milestone.reached", "step"),
    entry(T0 + 55_000, "service.completed", "stop"),
]
BAD = {
    "value_ms": 55_000, "trail": _STEPS,
    "faults": [fault("greeted", "out_of_order", 45_000), fault("greeted", "repeated", 50_000),
               fault("farewell", "missing", 55_000)],
}  # fmt: skip
SILENT = {
    "journey": "/till/2", "turn": T0 // 1_000, "limit_ms": 6 * MINUTE, "value_ms": 6 * MINUTE,
    "opened_at": T0 + 6 * MINUTE, "detected_at": T0 + 6 * MINUTE + 1,
}  # fmt: skip
_SIGN = [entry(T0, "source.heartbeat", "start")]

SCOPE: dict[str, Any] = {
    "kind": "objective", "state": "opened", "reason": "target_missed", "journey": "", "closed_at": None,
    "scope": "site:centre", "window": "calendar:month", "opened_at": T0, "as_of": T0,
}  # fmt: skip


def of_scope(of: Standard, good: int, total: int, **more: Any) -> Violation:  # noqa: ANN401 - fields of a violation
    """
    A verdict on the standard's objective.
    """
    aim = of.objective
    figure = {"metric": aim.metric, "target": aim.target_value, "good": good, "total": total, "n": total}
    return violated(of, **SCOPE | figure | more)


KINDS: dict[str, tuple[Measurement | Violation, Standard]] = {
    "rate-counted": (
        measured(LOST, reason="out of stock", employee="ann", turn=123, trail=[entry(T0, "sale.lost", "count")]),
        LOST,
    ),
    "rate-settled": (measured(SETTLED, met=True, ended_at=T0 + 7 * DAY, trail=_BACK[:1]), SETTLED),
    "rate-returned": (measured(SETTLED, met=False, ended_at=T0 + 3 * DAY, trail=_BACK), SETTLED),
    "score-answer": (measured(CSAT, met=False, score=150, minimum=200, turn=99, trail=SCORED), CSAT),
    "score-checklist": (measured(VISIT, met=True, score=7_550, minimum=7_000, trail=SEEN), VISIT),
    "score-violation": (violated(VISIT, score=0, minimum=7_000, trail=SEEN), VISIT),
    "steps-broken": (measured(COUNTER, met=False, ended_at=T0 + 55_000, **BAD), COUNTER),
    "steps-course": (measured(OBJECTION, met=True, course="handed over", ended_at=T0 + 55_000), OBJECTION),
    "steps-running": (
        violated(
            COUNTER, state="opened", reason="step_late", opened_at=T0 + 10_000, closed_at=None, trail=_STEPS[:1],
            faults=[fault("greeted", "late", 10_000)],
        ),
        COUNTER,
    ),
    "silent": (violated(TILLS, **SILENT, state="opened", reason="silent", closed_at=None, trail=_SIGN), TILLS),
    "silence-over": (
        violated(
            TILLS, **SILENT, reason="reported_again", closed_at=T0 + 10 * MINUTE, arrived_at=T0 + 10 * MINUTE,
            trail=[entry(T0 + 10 * MINUTE, "source.heartbeat", "arrive")],
        ),
        TILLS,
    ),
    "objective-rate": (of_scope(LOST, 700, 60), LOST),
    "objective-score": (of_scope(NPS, -100, 6, state="closed", closed_at=T0 + DAY, reason="window_over"), NPS),
    "objective-share": (of_scope(TRANSFERS, 13, 40), TRANSFERS),
    "objective-percentile": (of_scope(WAITED, 33, 40, value_ms=14 * MINUTE + 12_000), WAITED),
    "burn": (
        of_scope(
            TOP2, 31, 40, kind="burn", reason="burning", burn_tier="1h/5m", severity="page", exhaustion_ms=3 * DAY
        ),
        TOP2,
    ),
}  # fmt: skip
"""Verdicts of every kind by name, each with its standard."""
