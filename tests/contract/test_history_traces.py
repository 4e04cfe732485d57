"""
A name that somebody typed into free text is found in the table and the column where it stands.
"""

import pytest

from schemas.derived_tables import DERIVED
from schemas.tables import TABLES
from schemas.topics import ALERT_COMMANDS, EVENTS
from services.cli.history_traces import rows_sql, search_tables
from services.history.engine import copy_of
from services.history.shell.storing import store
from services.runtime.clickhouse import Database
from tests.fakes.topic_records import NOON, TopicRecord, as_json, event

NAME = "Anna.Ozoliņa/O'Neil\\7@example.org"


def _card(comment: str) -> dict[str, str]:
    return {"site": "s1", "instrument": "card", "comment": comment}


@pytest.fixture
def told(database: Database) -> Database:
    """
    History in which a customer and a supervisor wrote the name, and one who wrote a longer one.
    """
    said = [
        event(0, type="sqm.feedback.received", revision=1, data=_card(f"call {NAME}!")),
        event(1, type="sqm.feedback.received", revision=1, data=_card(f"x{NAME}")),
    ]
    command = {"id": "c1", "at": NOON, "by": "head", "action": "comment", "alert": "k", "note": f"{NAME.upper()} waits"}
    for topic, messages in ((EVENTS.name, said), (ALERT_COMMANDS.name, [command])):
        records = [TopicRecord(at, as_json(message)) for at, message in enumerate(messages)]
        assert store(database, copy_of(topic), records) == []
    return database


def test_the_table_and_the_column_are_told(told: Database) -> None:
    found = {one.table: one for one in search_tables(told, [NAME, "abc"])}
    assert not {one.fault for one in found.values()} - {None}
    assert found.keys() >= {one.name for one in TABLES} | {"feedback", "event_revisions"}
    assert found.keys() <= {one.name for one in (*TABLES, *DERIVED)}
    assert {one.table: one[1:4] for one in found.values() if one.naming} == {
        "events": (2, 1, ("raw",)),
        "feedback": (2, 1, ("comment",)),
        "event_revisions": (2, 1, ("raw",)),
        "alert_commands": (1, 1, ("note",)),
    }
    (row,) = told.rows(rows_sql(found["alert_commands"]), {"name": "ozoliņa"})
    assert row["id"] == "c1"


def test_a_short_name_is_not_looked_for_and_a_database_that_does_not_answer_is_told(told: Database) -> None:
    assert list(search_tables(told, ["anna"])) == []
    told.command("DROP TABLE deliveries")
    faults = {one.table: one.fault for one in search_tables(told, [NAME]) if one.fault}
    assert faults.keys() == {"deliveries"}
