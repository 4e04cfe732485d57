"""
What history keeps ready for the questions that people ask: feedback, complaints, checklists, corrections, annotations.
"""

import json
from collections.abc import Sequence
from typing import Any

from services.history.engine import copy_of
from services.history.shell.storing import store
from services.runtime.clickhouse import ClickHouseSettings, Database
from tests.fakes.databases import opened
from tests.fakes.topic_records import NOON, TopicRecord, as_json, event, measurement, violation

SITE = {"site": "branch-7"}


def put(database: Database, topic: str, messages: Sequence[object], first: int = 0) -> None:
    records = [TopicRecord(first + at, as_json(message)) for at, message in enumerate(messages)]
    assert store(database, copy_of(topic), records) == []


def told(number: int, of_type: str, minute: int = 0, **data: object) -> dict[str, Any]:
    time = f"2026-09-21T14:{minute:02}:00.000Z"
    return event(number, type=f"sqm.{of_type}", time=time, data={**SITE, **data})


def test_answers_of_customers_and_staff_stand_once_as_they_were_corrected(database: Database) -> None:
    answer = told(1, "feedback.received", instrument="csat", score=4, scale=5, comment="quick", team="noon")
    corrected = told(1, "feedback.received", instrument="csat", score=2, scale=5, comment="slow", team="noon")
    survey = told(2, "staff_survey.answered", survey="pulse", score=7.5, scale=10)
    incident = told(3, "incident.reported", kind="safety", severity="high")
    rows = [{**answer, "revision": 1}, told(4, "sale.completed"), survey, incident]
    put(database, "sqm.events.v1", rows)
    put(database, "sqm.events.v1", [{**corrected, "revision": 2}, *rows], first=9)
    found = database.rows(
        "SELECT id, type, team, instrument, score, scale, topic, severity, comment FROM standing_feedback ORDER BY id"
    )
    assert [tuple(row.values()) for row in found] == [
        ("e1", "sqm.feedback.received", "noon", "csat", 2, 5, None, None, "slow"),
        ("e2", "sqm.staff_survey.answered", None, "pulse", 7.5, 10, None, None, None),
        ("e3", "sqm.incident.reported", None, None, None, None, "safety", "high", None),
    ]


def test_a_batch_that_was_cut_off_between_a_table_and_what_is_made_of_it_is_completed(database: Database) -> None:
    put(database, "sqm.events.v1", [told(1, "feedback.received", instrument="nps", score=9)])
    database.command("TRUNCATE TABLE feedback")
    put(database, "sqm.events.v1", [told(1, "feedback.received", instrument="nps", score=9)])
    assert database.rows("SELECT id FROM standing_feedback") == [{"id": "e1"}]
    assert database.rows("SELECT count() AS n FROM events") == [{"n": 1}]


def test_a_clock_whose_arrival_was_corrected_counts_in_one_hour_only(database: Database) -> None:
    moved = measurement(1, arrived_at=NOON - 7_200_000, rev_offset=4)
    for at, said in enumerate([measurement(1), moved]):
        put(database, "sqm.measurements.v1", [said], first=at)
        database.command("SYSTEM REFRESH VIEW hours_of_values")
        database.command("SYSTEM WAIT VIEW hours_of_values")
    rows = database.rows("SELECT toUnixTimestamp(hour) * 1000 AS at, n FROM value_hours")
    assert rows == [{"at": (NOON - 7_200_000) // 3_600_000 * 3_600_000, "n": 1}]


def test_a_complaint_is_one_row_with_its_steps(database: Database) -> None:
    steps = [
        told(1, "complaint.opened", 0, topic="waiting", severity="low", queue="counter"),
        told(2, "complaint.acknowledged", 5),
        told(3, "complaint.resolved", 20, outcome="refund"),
        told(4, "complaint.reopened", 30, severity="high"),
        told(5, "complaint.resolved", 50, outcome="apology"),
    ]
    put(database, "sqm.events.v1", [{**one, "subject": "c-1"} for one in steps])
    put(database, "sqm.events.v1", [{**steps[0], "id": "other", "subject": "c-2"}], first=50)
    found = database.rows(
        "SELECT journey, queue, topic, severity, outcome, toMinute(opened_at) AS opened, "
        "toMinute(acknowledged_at) AS acknowledged, responded_at, toMinute(resolved_at) AS resolved, reopened, state "
        "FROM complaints ORDER BY journey"
    )
    assert [tuple(row.values()) for row in found] == [
        ("c-1", "counter", "waiting", "high", "apology", 0, 5, None, 50, 1, "resolved"),
        ("c-2", "counter", "waiting", "low", None, 0, None, None, None, 0, "opened"),
    ]


def test_points_of_a_checklist_are_rows(database: Database) -> None:
    items = [
        {"id": "greets", "category": "courtesy", "result": "passed", "weight": 3},
        {"id": "exit-free", "category": "safety", "result": "failed", "critical": True},
    ]
    visit = told(1, "observation.recorded", observer="mystery_shopper", checklist="visit", items=items)
    put(database, "sqm.events.v1", [visit, visit])
    found = database.rows(
        "SELECT observer, checklist, item, category, result, weight, critical FROM checklist_items ORDER BY item"
    )
    assert [tuple(row.values()) for row in found] == [
        ("mystery_shopper", "visit", "exit-free", "safety", "failed", 1, True),
        ("mystery_shopper", "visit", "greets", "courtesy", "passed", 3, False),
    ]


def corrections(database: Database) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    rows = database.rows("SELECT about, id, before, after FROM corrections ORDER BY about, id, corrected_at")
    return [(row["about"], row["id"], json.loads(row["before"]), json.loads(row["after"])) for row in rows]


def test_a_correction_shows_what_was_said_before_and_after(database: Database) -> None:
    first = measurement(1)
    put(database, "sqm.measurements.v1", [first, measurement(2), {**measurement(2), "rev_offset": 5}, first])
    put(database, "sqm.measurements.v1", [{**first, "rev_offset": 9, "value_ms": 31_000, "met": False}], first=9)
    put(database, "sqm.measurements.v1", [first], first=30)
    put(
        database,
        "sqm.violations.v1",
        [
            violation(1),
            violation(1, rev_offset=3, state="closed", closed_at=NOON + 40_000, reason="ended_late"),
            violation(1, rev_offset=8, state="retracted", closed_at=NOON + 40_000, reason="ended_in_time"),
            violation(2),
            violation(2, rev_offset=4, state="closed", closed_at=NOON + 40_000, reason="ended_late"),
        ],
    )
    put(database, "sqm.events.v1", [event(1, revision=1), event(1, revision=2, time="2026-09-21T14:20:00Z"), event(2)])
    for table in ("measurements", "measurement_revisions", "violations", "violation_revisions", "event_revisions"):
        database.command(f"OPTIMIZE TABLE {table} FINAL")
    event_said, clock, gone = corrections(database)
    assert clock[:2] == ("measurement", first["id"])
    assert (clock[2]["value_ms"], clock[2]["met"]) == ("15000", "true")
    assert (clock[3]["value_ms"], clock[3]["met"]) == ("31000", "false")
    assert event_said[:2] == ("event", "/till/1 e1")
    assert (event_said[2]["revision"], event_said[3]["revision"]) == (1, 2)
    assert gone[0] == "violation"
    assert (gone[2]["reason"], gone[3]["state"], gone[3]["reason"]) == ("ended_late", "retracted", "ended_in_time")


def paper(kind: str, number: int, more: dict[str, object], **metadata: object) -> TopicRecord:
    document = {"apiVersion": "sqm/v1", "kind": kind, "metadata": {"id": "wait", **metadata}, **more}
    published = {"document": document, "published_at": NOON, "published_by": "quality"}
    return TopicRecord(number, as_json(published), key=f"{kind}/wait/{metadata.get('version', '')}".encode())


REVIEWED: dict[str, object] = {"at": "2026-06-01T09:00:00Z", "by": "m.kalns"}


def correction(
    number: int, taken: str | None = "2026-05-01T12:00:00+03:00", done: dict[str, object] | None = None
) -> TopicRecord:
    review = {"planned_at": "2026-06-01T09:00:00Z"} | ({} if done is None else {"done": done})
    scope = {"standard": "wait", "site": ["a", "b"]}
    more: dict[str, object] = {"applies_to": scope, "action": "Now.", "review": review, "taken_at": taken}
    return paper("CorrectiveAction", number, more, title="Desk", owner="Ada", due="2026-05-01T09:00:00Z")


def test_versions_ends_outages_and_actions_are_annotations(database: Database) -> None:
    papers = [
        paper("Standard", 1, {}, version=1, title="Wit", why="first", effective_from="2026-01-01T00:00:00Z"),
        paper("Standard", 2, {}, version=1, title="Wait", why="first", effective_from="2026-01-01T00:00:00Z"),
        paper("Standard", 3, {}, version=2, title="Wait", why="staff", effective_from="2026-03-01T00:00:00+02:00"),
        paper("Retirement", 4, {}, retired_at="2026-09-01T00:00:00Z", why="replaced"),
        paper("Retirement", 5, {}, retired_at="2026-09-01T00:00:00Z", why="second words"),
        paper(
            "Exclusion", 6,
            {"from": "2026-04-14T10:00:00Z", "until": "2026-04-14T13:30:00Z", "applies_to": {"site": ["a", "b-*"]}},
            reason="no power", author="m.kalns",
        ),
        correction(7), correction(8, done=REVIEWED | {"worked": True, "why": "80 %."}),
    ]  # fmt: skip
    assert store(database, copy_of("sqm.standards.v1"), papers) == []
    found = database.rows(
        "SELECT toString(at) AS at, toString(until) AS until, kind, standard, version, site, title, text, by "
        "FROM annotations ORDER BY at"
    )
    assert [tuple(row.values()) for row in found] == [
        ("2026-01-01 00:00:00.000", None, "version", "wait", 1, "", "Wait", "first", "quality"),
        ("2026-02-28 22:00:00.000", None, "version", "wait", 2, "", "Wait", "staff", "quality"),
        ("2026-04-14 10:00:00.000", "2026-04-14 13:30:00.000", "outage", "", None, "a, b-*", "", "no power", "m.kalns"),
        ("2026-05-01 09:00:00.000", None, "correction", "wait", None, "a, b", "Desk", "Now. It worked: 80 %.", "Ada"),
        ("2026-09-01 00:00:00.000", None, "retirement", "wait", None, "", "", "replaced", "quality"),
    ]  # fmt: skip


def test_an_action_stands_as_it_was_said_last(database: Database) -> None:
    failed = REVIEWED | {"worked": False, "why": "70 %."}
    seen = []
    for one in [correction(1, taken=None), correction(2), correction(3, done=failed)]:
        assert store(database, copy_of("sqm.standards.v1"), [one]) == []
        rows = database.rows("SELECT state, toString(taken_at) AS taken, reviewed_by FROM corrective_actions")
        marks = database.rows("SELECT text FROM annotations")
        seen.append((*rows[0].values(), *(mark["text"] for mark in marks)))
        assert len(rows) == 1
    assert seen == [
        ("open", None, ""),
        ("taken", "2026-05-01 09:00:00.000", "", "Now. To be reviewed on 2026-06-01."),
        ("failed", "2026-05-01 09:00:00.000", "m.kalns", "Now. It did not work: 70 %."),
    ]


def test_organisations_beside_each_other_see_their_own_rows_only(
    database: Database, settings: ClickHouseSettings
) -> None:
    neighbour = settings.model_copy(update={"database": f"{settings.database}_neighbour"})
    for other in opened(neighbour):
        put(database, "sqm.events.v1", [told(1, "feedback.received", instrument="nps", score=9)])
        put(other, "sqm.events.v1", [told(2, "feedback.received", instrument="nps", score=2)])
        put(other, "sqm.measurements.v1", [measurement(1), measurement(1, rev_offset=7, value_ms=4)])
        for held, ids, corrected in ((database, ["e1"], 0), (other, ["e2"], 1)):
            assert [row["id"] for row in held.rows("SELECT id FROM standing_feedback")] == ids
            assert held.rows("SELECT count() AS n FROM corrections") == [{"n": corrected}]
