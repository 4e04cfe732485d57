"""
Comparing by revision: of several versions of an event the highest stands, on either side and in whatever order.
"""

import json
from itertools import permutations

import pytest

from services.cli.reconciling.comparing import Export, compare
from services.ingest.engine.mapped import Facts, MappedEvent, encode_event


def event(revision: int, channel: str = "phone", time_ms: int = 1_000, ident: str = "e") -> MappedEvent:
    data = {"site": "riga", "channel": channel}
    facts = Facts("riga", data, json.dumps(data).encode())
    return MappedEvent(ident, "/webhooks/till/riga", "sqm.journey.arrived", "T-1", time_ms, facts, "", 1, revision)


VERSIONS = [event(1, "walk_in"), event(2, "chat"), event(3)]


@pytest.mark.parametrize("came", [*permutations(VERSIONS)])
def test_of_what_arrived_the_highest_revision_is_compared(came: tuple[MappedEvent, ...]) -> None:
    found = compare(Export.of([event(3)]), map(encode_event, came))
    assert (found.live, found.missing, found.newer, found.differing, found.only_live) == (1, [], [], [], [])


@pytest.mark.parametrize("said", [*permutations(VERSIONS)])
def test_of_an_export_the_highest_revision_is_compared(said: tuple[MappedEvent, ...]) -> None:
    assert dict(Export.of(said).events) == {"e": event(3)}


def test_the_first_of_two_at_one_revision_stands_on_either_side() -> None:
    assert Export.of([event(3), event(3, "chat")]).events["e"] == event(3)
    (differing,) = compare(Export.of([event(3)]), map(encode_event, [event(3, "chat"), event(3)])).differing
    assert (differing.field, differing.export, differing.live) == ("data.channel", "phone", "chat")


def test_what_the_export_has_newer_is_sent_with_what_is_missing_by_time() -> None:
    other = event(5, time_ms=500, ident="other")
    found = compare(Export.of([event(3), other]), [encode_event(event(2, "chat"))])
    assert (found.missing, found.newer, found.differing) == ([other], [event(3)], [])
    assert found.to_send == [other, event(3)]


def test_what_arrived_newer_than_the_export_stands_and_is_no_difference() -> None:
    found = compare(Export.of([event(2, "chat")]), [encode_event(event(3))])
    assert (found.live, found.to_send, found.differing, found.only_live) == (1, [], [], [])


def test_an_id_that_holds_a_name_is_the_one_that_ingest_made_of_it() -> None:
    facts = {"site": "riga", "employee": "PJSIP/8009"}
    said = MappedEvent(
        "log/PJSIP/8009/0", "/log", "sqm.staff.state_changed", "PJSIP/8009", 1_000,
        Facts("riga", facts, json.dumps(facts).encode()), "", 1, 0,
    )  # fmt: skip
    stands_for = {"PJSIP/8009": "e-1"}
    there = json.loads(encode_event(said).replace(b"PJSIP/8009", b"e-1").replace(b"PJSIP\\/8009", b"e-1"))
    found = compare(Export.of([said]), [json.dumps(there)], lambda _, name: stands_for.get(name))
    assert (found.live, found.missing, found.differing, found.only_live) == (1, [], [], [])
    assert compare(Export.of([said]), [json.dumps(there)]).missing == [said]
