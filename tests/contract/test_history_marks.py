"""
A name that somebody typed gives way to a mark, wherever it is a word of a text; everything that is counted stays.
"""

import json
from typing import Any

import pytest

from schemas.topics import ALERT_COMMANDS, EVENTS
from services.cli.history_marks import Marks, in_history, mark_texts, markable
from services.history.engine import copy_of
from services.history.shell.storing import store
from services.runtime.clickhouse import Database
from services.runtime.errors import Unreachable
from tests.fakes.topic_records import NOON, TopicRecord, as_json, event

NAME = "Ozoliņa"
TEXTS = {
    f"{NAME}, {NAME.upper()} {NAME.lower()} said: '{NAME}'": "[erased], [erased] [erased] said: '[erased]'",
    f"first line\n{NAME}": "first line\n[erased]",
    f'she is "{NAME}"': 'she is "[erased]"',
    f"{NAME}ß, {NAME}\u0327, x{NAME}, 1{NAME} are others": f"{NAME}ß, {NAME}\u0327, x{NAME}, 1{NAME} are others",
    "nobody": "nobody",
}
FIGURES = {
    "events": "SELECT id, type, subject, site, customer, revision, precedence FROM events FINAL ORDER BY topic_offset",
    "feedback": "SELECT id, score, instrument, subject, length(comment) > 0 AS said FROM standing_feedback ORDER BY id",
    "revisions": "SELECT id, revision, site FROM event_revisions FINAL ORDER BY id, revision",
    "commands": "SELECT id, at, by, action, alert FROM standing_alert_commands ORDER BY id",
}


def _card(subject: str, **data: object) -> dict[str, object]:
    said = {"site": "s1", "instrument": "card", "score": 4, **data}
    return {"type": "sqm.feedback.received", "subject": subject, "revision": 1, "data": said}


class Going:
    """
    A database that goes away after one command.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._commands = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever the database has)
        return getattr(self._database, name)

    def command(self, sql: str) -> None:
        self._commands += 1
        if self._commands > 1:
            raise Unreachable("gone")
        self._database.command(sql)


@pytest.fixture
def told(database: Database) -> Database:
    said = [event(at, **_card(f"j{at}", comment=text)) for at, text in enumerate(TEXTS)]
    # As the name of a journey and of a field it is none of the texts, but what rows are found and read by.
    said.append(event(10, **_card(f"of {NAME}", comment=f"from {NAME}")))
    said.append(event(11, **_card("j11", **{NAME: "said", "comment": f"x {NAME}:"})))
    commands = [
        {"id": "c1", "at": NOON, "by": "head", "action": "comment", "alert": "k", "note": f"{NAME} waits"},
        {"id": "c2", "at": NOON, "by": "head", "action": "comment", "alert": "k", "note": "all waits"},
    ]
    for topic, messages in ((EVENTS.name, said), (ALERT_COMMANDS.name, commands)):
        records = [TopicRecord(at, as_json(message)) for at, message in enumerate(messages)]
        assert store(database, copy_of(topic), records) == []
    return database


def test_texts_lose_the_name_and_no_figure_moves(told: Database) -> None:
    before = {name: told.rows(sql) for name, sql in FIGURES.items()}
    found = list(markable(told, [NAME, "abc"]))
    assert found == [
        Marks("feedback", "comment", 5),
        Marks("alert_commands", "note", 1),
        Marks("events", "raw", 4),
        Marks("event_revisions", "raw", 4),
    ]
    assert in_history(told, [NAME, "abc"]).marks == found
    with pytest.raises(Unreachable):
        mark_texts(Going(told), [NAME])
    done = in_history(told, [NAME, "abc"], marking=told)
    assert (done.marks, done.marked) == (found[1:], True)
    assert list(markable(told, [NAME])) == mark_texts(told, [NAME]) == []
    assert {name: told.rows(sql) for name, sql in FIGURES.items()} == before

    comments = {row["id"]: row["comment"] for row in told.rows("SELECT id, comment FROM standing_feedback")}
    raw = {row["id"]: row["raw"] for row in told.rows("SELECT id, raw FROM standing_events")}
    ids = [row["id"] for row in before["events"]]
    for ident, wanted in zip(ids, TEXTS.values(), strict=False):
        assert (comments[ident], json.loads(raw[ident])["data"]["comment"]) == (wanted, wanted)
    *_, journey, field = ids
    assert (comments[journey], json.loads(raw[journey])["data"]["comment"]) == ("from [erased]", f"from {NAME}")
    assert json.loads(raw[field])["data"] | {"site": ""} == {
        "site": "", "instrument": "card", "score": 4, NAME: "said", "comment": "x [erased]:",
    }  # fmt: skip
    notes = told.rows("SELECT id, note FROM standing_alert_commands ORDER BY id")
    assert [row["note"] for row in notes] == ["[erased] waits", "all waits"]
    # What is left is told: it is found more widely than it is marked.
    left = {one.table: one.columns for one in done.tables if one.naming}
    assert left["events"] == ("subject", "raw")


def test_what_rows_are_counted_by_and_numbers_stay_in_json(told: Database) -> None:
    points = [{"id": "smile", "category": "Cleaning", "result": "passed", "note": "by Ozols"}, {"id": "Ozols 2"}]
    seen = {"site": "s1", "observer": "self", "checklist": "round", "items": points, "phone": 37120000000}
    one = event(20, type="sqm.observation.recorded", subject="j20", revision=1, data=seen)
    assert store(told, copy_of(EVENTS.name), [TopicRecord(20, as_json(one))]) == []
    assert mark_texts(told, ["37120000000", "Cleaning", "round", "passed"]) == []
    assert [mark.column for mark in mark_texts(told, ["by Ozols"])] == ["items", "raw", "raw"]
    (row,) = told.rows("SELECT raw FROM standing_events WHERE subject = 'j20'")
    points[0]["note"] = "[erased]"
    assert json.loads(row["raw"])["data"] == seen
    counted = told.rows("SELECT item, category, result FROM checklist_items ORDER BY item")
    assert [tuple(one.values()) for one in counted] == [("Ozols 2", "", ""), ("smile", "Cleaning", "passed")]


def test_the_database_forgets_the_command_that_named_somebody(told: Database) -> None:
    assert mark_texts(told, [NAME])
    commands = told.rows(
        "SELECT table, argMax(command, block_numbers.number[1]) AS last FROM system.mutations "
        "WHERE database = currentDatabase() GROUP BY table"
    )
    assert not [one for one in commands if "erased" in one["last"]]
    settings = told.rows(
        "SELECT name FROM system.tables WHERE database = currentDatabase() "
        "AND position(create_table_query, 'finished_mutations_to_keep = 1') > 0 ORDER BY name"
    )
    assert [one["name"] for one in settings] == ["alert_commands", "event_revisions", "events", "feedback"]
    # What the mark itself holds is not marked again and again.
    assert mark_texts(told, ["erased", "Erased"]) == []


def test_a_name_that_is_too_short_to_be_told_from_text_marks_nothing(told: Database) -> None:
    assert mark_texts(told, ["Li"]) == []
