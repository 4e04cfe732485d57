"""
What stored webhooks become when they are mapped again, and which of them are meant.
"""

import json

import pytest

from services.cli.stored_webhooks import Remapping
from services.ingest.engine.connector import Delivered
from services.ingest.engine.stored import stored_headers
from tests.fakes.desk_connector import connector, delivered
from tests.fakes.identities import FakeIdentities
from tests.fakes.records import FakeRecord


def record(found: Delivered, of: str = "desk") -> FakeRecord:
    return FakeRecord(3, found.body, b"k", headers=stored_headers(of, found, []), topic="raw", partition=1)


def test_each_payload_is_counted_by_what_it_became() -> None:
    remapping = Remapping(connector(), FakeIdentities(), None, None)
    [event] = remapping.events_of(record(delivered()))
    assert json.loads(event)["id"] == "desk/17/journey.arrived"
    for other in (delivered(kind="note"), delivered(opened="?"), *[delivered(kind="call")] * 6):
        assert remapping.events_of(record(other)) == []
    told = list(remapping.told())
    assert told[:4] == [
        "9 bodies, 9 payloads, 1 passed over",
        "1 events",
        "  rejected: 1 × bad_field",
        "  rejected: 6 × no_mapping",
    ]
    assert told[4].startswith("    raw/1/3, payload 1: opened (opened in the payload): expected an instant")
    assert (len(told), remapping.rejected) == (9, 7)


@pytest.mark.parametrize(
    ("source", "since", "of", "bodies"),
    [
        (None, None, "desk", 1),
        ("north", 0, "desk", 1),
        ("south", None, "desk", 0),
        (None, 10**15, "desk", 0),
        (None, None, "till", 0),
    ],
)
def test_only_what_is_asked_for_is_mapped(source: str | None, since: int | None, of: str, bodies: int) -> None:
    remapping = Remapping(connector(), FakeIdentities(), source, since)
    remapping.events_of(record(delivered(), of))
    assert remapping.bodies == bodies
    assert remapping.events_of(FakeRecord(4, b"{}")) == []
