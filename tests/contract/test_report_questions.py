"""
What reports ask is answered as somebody would count it by hand, on every way to reach a database.
"""

from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.histogram import at_rank, rank_of
from schemas.base import format_instant, to_millis
from schemas.objectives import PERCENTILES
from schemas.outcomes import VIOLATIONS
from schemas.tables import TABLES, VIOLATIONS_TABLE
from services.history.engine import (
    Basis,
    By,
    Question,
    TallyQuestion,
    Which,
    buckets,
    buckets_sql,
    complaints,
    complaints_sql,
    figures,
    message_of,
    sql_of,
    tallies,
    tally_sql,
    topics,
    topics_sql,
    waits,
    waits_sql,
    worst_sql,
)
from services.runtime.clickhouse import Database
from tests.fakes.stored_replay import publish, put
from tests.fakes.topic_records import NOON, as_json, attainment, event, measurement, violation

ZONE = ZoneInfo("Europe/Riga")
# Before and after clocks were set forward, on a Sunday that is a Monday there an hour earlier than in UTC.
SPRING = to_millis(datetime(2026, 3, 29, 21, 30, tzinfo=ZoneInfo("UTC")))


def site(ident: str, region: str | None) -> dict[str, Any]:
    place = {"id": ident, "title": ident, "zone": "Europe/Riga"} | ({"region": region} if region else {})
    return {"apiVersion": "sqm/v1", "kind": "Site", "metadata": place}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (By.HOUR, SPRING - 30 * 60_000),
        (By.CLOCK_HOUR, 0),
        (By.DAY, "2026-03-30"),
        (By.WEEKDAY, 1),
        (By.WEEK, "2026-W14"),
        (By.MONTH, "2026-03"),
        (By.SITE, "branch-7"),
        (By.QUEUE, "counter"),
        (By.REGION, "north/city"),
    ],
)
def test_a_figure_may_be_split_by_when_and_where(database: Database, by: By, expected: object) -> None:
    put(database, "sqm.attainment.v1", [as_json(attainment(minute=SPRING, answered=2, answered_within=1))])
    publish(database, [site("branch-7", "north/city"), site("branch-8", None)])
    question = Question("wait", (by,), zone=ZONE.key)
    (found,) = figures(question, database.rows(*sql_of(question)), ("goal_met",))
    assert (found.good, found.total) == (1, 2)
    assert str(found.by[str(by)]) == str(expected)


def test_a_site_without_a_region_or_an_entry_has_none(database: Database) -> None:
    question = Question("wait", (By.REGION,))
    put(database, "sqm.attainment.v1", [as_json(attainment(answered=1))])
    (found,) = figures(question, database.rows(*sql_of(question)), ("goal_met",))
    assert found.by == {"region": None}
    publish(database, [site("branch-7", None)])
    (found,) = figures(question, database.rows(*sql_of(question)), ("goal_met",))
    assert found.by == {"region": None}


@pytest.mark.parametrize("by", [By.CHANNEL, By.SERVICE, By.SEGMENT, By.PRIORITY, By.TEAM, By.EMPLOYEE])
def test_a_figure_of_single_journeys_may_be_split_by_what_they_say(database: Database, by: By) -> None:
    said = [measurement(n) | {str(by): "it" if n else None} for n in range(3)]
    put(database, "sqm.measurements.v1", list(map(as_json, said)))
    question = Question("wait", (by,), basis=Basis.MEASUREMENTS)
    found = figures(question, database.rows(*sql_of(question)), ("goal_met",))
    assert {one.by[str(by)]: one.total for one in found} == {"it": 2, None: 1}


VALUES = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["stopped", "abandoned", "cancelled"]), st.booleans()))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(values=VALUES)
def test_percentiles_and_stretches_are_those_of_the_single_values(
    database: Database, values: list[tuple[int, str, bool]]
) -> None:
    for table in TABLES:
        database.command(f"TRUNCATE TABLE {table.name}")
    put(
        database, "sqm.measurements.v1",
        [as_json(measurement(n, value_ms=value * 7, ended_by=ended, limit_ms=21, met=None,
                             validity="plausible" if plausible else "too_long"))
         for n, (value, ended, plausible) in enumerate(values)],
    )  # fmt: skip
    question = Question("wait")
    served = [value * 7 for value, ended, plausible in values if plausible and ended == "stopped"]
    left = sum(plausible and ended == "abandoned" for _, ended, plausible in values)
    found = waits(question, database.rows(*waits_sql(question)))
    assert len(found) == bool(values)
    for one in found:
        assert (one.n, one.left, one.sum_ms) == (len(served), left, sum(served))
        assert one.within == sum(value <= 21 for value in served)
        assert one.longest == max(served, default=None)
        counts = {value: served.count(value) for value in served}
        for name, points in PERCENTILES.items():
            expected = at_rank(counts, rank_of(len(served), points, 10_000)) if served else None
            assert one.percentiles[name] == expected, name
    bounds = [7, 21, 35]
    bars = buckets(bounds, database.rows(*buckets_sql(question, bounds)))
    edges = [-1, *bounds, 10**9]
    assert [bar.stopped for bar in bars] == [
        sum(low < value <= high for value in served) for low, high in pairwise(edges)
    ]
    assert sum(bar.left for bar in bars) == left


def test_violations_are_counted_as_they_stand_and_told_one_by_one(database: Database) -> None:
    put(
        database, "sqm.violations.v1",
        [as_json(one) for one in (
            violation(1), violation(2, state="retracted", reason="no_such_clock"),
            violation(3, state="closed", reason="ended_late", value_ms=90_000, late=True),
            violation(4, kind="at_risk", id="v:risk", reason="warning_passed"),
            violation(5, opened_at=NOON - 86_400_000),
        )],
    )  # fmt: skip
    question = TallyQuestion(None, (By.SITE,), NOON, NOON + 86_400_000)
    found = {(one.kind, one.state): (one.n, one.late) for one in tallies(question, database.rows(*tally_sql(question)))}
    assert found == {
        ("journey", "opened"): (1, 0), ("journey", "retracted"): (1, 0), ("journey", "closed"): (1, 1),
        ("at_risk", "opened"): (1, 0),
    }  # fmt: skip
    told = {
        which: [
            VIOLATIONS.validate_python(message_of(VIOLATIONS_TABLE, row)).journey
            for row in database.rows(*worst_sql(question, which, 5))
        ]
        for which in Which
    }
    assert told == {Which.WORST: ["journey-3", "journey-1"], Which.OPEN: ["journey-1"]}


def said(number: int, what: str, journey: str, at: int = 0, **data: object) -> bytes:
    return as_json(
        event(
            number, type=f"sqm.{what}", subject=journey, time=format_instant(NOON + at),
            data={"site": "branch-7", "queue": "desk", **data},
        )
    )  # fmt: skip


def test_complaints_are_told_with_what_came_of_them(database: Database) -> None:
    put(
        database, "sqm.events.v1",
        [
            *(said(n, "journey.arrived", f"visit-{n}") for n in range(4)),
            said(10, "complaint.opened", "c1", topic="waiting", severity="high"),
            said(11, "complaint.responded", "c1", 1_000),
            said(12, "journey.transferred", "c1", 2_000, to_queue="board"),
            said(13, "complaint.resolved", "c1", 3_000),
            said(14, "complaint.reopened", "c1", 90_000_000),
            said(20, "complaint.opened", "c2", topic="waiting", severity="high"),
            said(21, "complaint.withdrawn", "c2", 1_000),
            said(30, "complaint.opened", "c3"),
            said(40, "complaint.opened", "before", -1),
        ],
    )  # fmt: skip
    question = TallyQuestion(None, (By.QUEUE,), NOON, NOON + 60_000)
    (found,) = complaints(question, database.rows(*complaints_sql(question)))
    assert found._asdict() == {
        "by": {"queue": "desk"}, "opened": 3, "answered": 2, "resolved": 0, "withdrawn": 1, "open": 2, "reopened": 1,
        "escalated": 1, "visits": 4,
    }  # fmt: skip
    about = topics(database.rows(*topics_sql(question)))
    assert [tuple(one) for one in about] == [("waiting", "high", 2), (None, None, 1)]
    nothing = TallyQuestion(None, (), NOON + 10**9)
    (none,) = complaints(nothing, database.rows(*complaints_sql(nothing)))
    assert set(none[1:]) == {0}
