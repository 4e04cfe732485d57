"""
A small history for reports: two weeks at a few sites, standards of every kind that a report treats apart, and names as
nobody should choose them.
"""

from collections.abc import Iterator
from typing import Any, Final

from schemas.base import format_instant
from services.runtime.clickhouse import Database
from tests.fakes.stored_replay import publish, put
from tests.fakes.topic_records import as_json, attainment, event, measurement, violation
from tests.properties.drawing import of_kind, standard

__all__ = ["BEGIN", "DAY", "HOSTILE", "SITES", "fill"]

HOUR, DAY = 3_600_000, 86_400_000
BEGIN: Final = 1_772_409_600_000
"""2026-03-02, a Monday, at midnight UTC."""
HOSTILE: Final = (
    "<script>alert(1)</script>", "שלום \u202eabc", "x" * 500, '"><img src=x onerror=y>', "{{ 7 * 7 }} & 'q'",
)  # fmt: skip
SITES: Final = ("north", "south", "tiny")

_COMPLAINTS: Final = standard(
    "answers", clock={"start": "complaint.opened", "stop": "complaint.responded", "limit": "1h"},
    objective={"metric": "goal_met", "target": "90%"},
)  # fmt: skip
_STANDARDS: Final = (
    standard("wait", objective={"metric": "sl_all_offered", "target": "80%", "minimum_n": 5},
             metadata={"title": HOSTILE[0]}),
    standard("wait-p90", objective={"metric": "p90", "target": "30s"}),
    standard("mean", objective={"metric": "asa", "target": "15s"}, clock={"limit": "promised"}),
    of_kind("csat", "score", {"of": "feedback.received", "highest": 5, "minimum": "3"}, "csat_mean", "4"),
    of_kind("visits", "rate", {"count": "complaint.opened", "of": "journey.arrived"}, "complaints_per_1000", "5"),
    _COMPLAINTS,
)  # fmt: skip


def fill(database: Database) -> None:
    """
    Put it into a database that has its tables.
    """
    places = {"north": "north/city", "south": "south", "tiny": ""}
    titles = {"north": HOSTILE[3], "south": HOSTILE[1], "tiny": "Tiny"}
    sites = [
        {"apiVersion": "sqm/v1", "kind": "Site",
         "metadata": {"id": ident, "title": titles[ident], "zone": "Europe/Riga"}
         | ({"region": region} if region else {})}
        for ident, region in places.items()
    ]  # fmt: skip
    texts = [one.model_dump(mode="json", by_alias=True, exclude_defaults=True) for one in _STANDARDS]
    publish(database, [*sites, *texts, _cut()])
    waits = list(_waits())
    put(database, "sqm.measurements.v1", [as_json(one) for one in waits])
    put(database, "sqm.attainment.v1", [as_json(one) for one in _minutes(waits)])
    put(database, "sqm.violations.v1", [as_json(one) for one in _violations()])
    put(database, "sqm.events.v1", [as_json(one) for one in _events()])


def _cut() -> dict[str, Any]:
    meta = {"id": "cut", "reason": HOSTILE[4], "author": "me", "entered_at": "2026-04-01T00:00:00Z"}
    span = {"from": format_instant(BEGIN + 8 * HOUR), "until": format_instant(BEGIN + 10 * HOUR)}
    return {"apiVersion": "sqm/v1", "kind": "Exclusion", "metadata": meta, "applies_to": {}, **span}


def _waits() -> Iterator[dict[str, Any]]:
    number = 0
    for name in ("wait", "wait-p90", "mean", "answers"):
        for day in range(14):
            for site in SITES if not day else SITES[:2]:
                for visit in range(8 if site != "tiny" else 2):
                    number += 1
                    at = BEGIN + day * DAY + (8 + visit) * HOUR
                    left = visit == 6
                    value = 5_000 + 4_000 * visit + (day % 3) * 1_000
                    yield measurement(
                        number, site=site, standard=name, id=f"m:{name}@1:0:{site}:j{number}", journey=f"j{number}",
                        arrived_at=at, started_at=at, ended_at=at + value, value_ms=value, limit_ms=20_000,
                        met=None if left else value <= 20_000, ended_by="abandoned" if left else "stopped",
                        service=HOSTILE[visit % 5], team="red" if visit % 2 else "blue", channel="walk_in",
                        employee=f"e{visit}" if visit < 3 else None, queue=HOSTILE[2] if visit == 7 else "counter",
                    )  # fmt: skip


def _minutes(waits: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    aims = {"wait": "sl_all_offered", "wait-p90": "p90", "mean": "asa", "answers": "goal_met"}
    for one in waits:
        stopped = one["ended_by"] == "stopped"
        within = int(stopped and one["value_ms"] <= one["limit_ms"])
        yield attainment(
            minute=one["arrived_at"], site=one["site"], queue=one["queue"], standard=one["standard"],
            id=f"a:{one['standard']}:{one['arrived_at']}:{one['site']}:{one['queue']}", metric=aims[one["standard"]],
            good=within, total=1, answered=int(stopped), answered_within=within, abandoned=int(not stopped),
            answered_wait_ms=one["value_ms"] if stopped else 0,
        )  # fmt: skip
    for day in range(14):
        for site in SITES[:2]:
            at = BEGIN + day * DAY + 9 * HOUR
            scores = (200, 400, 400 + 5 * day)
            yield attainment(
                minute=at, site=site, queue=None, standard="csat", id=f"a:csat:{at}:{site}", metric="csat_mean", n=3,
                score_sum=sum(scores),
                score_sum_squares=sum(one * one for one in scores), top2=2, good=sum(scores), total=3,
            )  # fmt: skip
            yield attainment(
                minute=at,
                site=site,
                queue=None,
                standard="visits",
                id=f"a:visits:{at}:{site}",
                metric="complaints_per_1000",
                good=1_000,
                total=50,
            )


def _violations() -> Iterator[dict[str, Any]]:
    for number in range(30):
        at = BEGIN + number % 14 * DAY + 9 * HOUR
        yield violation(
            number, site=SITES[number % 2], opened_at=at, arrived_at=at, value_ms=20_000 + number * 1_000,
            state=("closed", "opened", "retracted")[number % 3], kind="journey",
            reason=("ended_late", "limit_passed", "no_such_clock")[number % 3],
        )  # fmt: skip
    yield violation(
        90, id="v:o", kind="objective", journey="", scope="site:north", window="rolling:1h", metric="sl_all_offered",
        target=8_000, good=1, total=5, n=5, limit_ms=0, value_ms=0, opened_at=BEGIN + DAY, arrived_at=BEGIN,
        reason="target_missed", site="north",
    )  # fmt: skip
    yield violation(91, id="v:r", kind="at_risk", reason="warning_passed", opened_at=BEGIN + DAY)


def _events() -> Iterator[dict[str, Any]]:
    def said(ident: str, what: str, subject: str, at: int, **data: Any) -> dict[str, Any]:  # noqa: ANN401 - attributes
        return event(0, id=ident, type=f"sqm.{what}", subject=subject, time=format_instant(at),
                     data={"site": SITES[len(subject) % 2], **data})  # fmt: skip

    for number in range(40):
        yield said(f"a{number}", "journey.arrived", f"v{number}", BEGIN + number % 14 * DAY)
    for number in range(6):
        at = BEGIN + number * DAY
        yield said(f"c{number}", "complaint.opened", f"c{number}", at, topic=HOSTILE[number % 2], severity="high")
        if number % 2:
            yield said(f"r{number}", "complaint.resolved", f"c{number}", at + HOUR)
