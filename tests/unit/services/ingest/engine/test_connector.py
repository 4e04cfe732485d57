"""
A connector turns what a vendor sent into events that ingest takes, or says what was wrong, where, and in which line of
the connector.
"""

import json
from typing import Any

import pytest

from services.ingest.engine.connector import (
    VERSIONS,
    MappedPayload,
    Outcome,
    PassedOver,
    RejectedPayload,
)
from services.ingest.engine.mapped import MappedEvent, cloud_event, encode_event
from services.ingest.engine.mapping import MappingFault
from services.ingest.engine.pseudonyms import keyed
from tests.fakes.desk_connector import TICKET, connector, connector_document, delivered


def outcome(*args: Any, changes: dict[str, Any] | None = None, **said: Any) -> Outcome:  # noqa: ANN401 - parts of documents
    [one] = connector(**changes or {}).outcomes(delivered(*args, **said))
    return one


def events(*args: Any, **said: Any) -> list[MappedEvent]:  # noqa: ANN401 - as above
    one = outcome(*args, **said)
    assert isinstance(one, MappedPayload), one
    return one.events


def rejected(*args: Any, **said: Any) -> RejectedPayload:  # noqa: ANN401 - as above
    one = outcome(*args, **said)
    assert isinstance(one, RejectedPayload), one
    return one


def test_a_payload_becomes_events_with_ids_and_revisions_of_its_own() -> None:
    [arrived] = events()
    assert cloud_event(arrived) == {
        "specversion": "1.0",
        "id": "desk/17/journey.arrived",
        "source": "/webhooks/desk/north",
        "type": "sqm.journey.arrived",
        "subject": "17",
        "time": "2026-02-02T02:00:00.123Z",
        "data": {"site": "riga", "customer": keyed(b"a key of tests", "desk")("customer", "anna@example.org")},
        "revision": VERSIONS + 3,
    }
    assert json.loads(encode_event(arrived)) == cloud_event(arrived)


def test_a_payload_without_its_wrapper_is_the_same() -> None:
    bare = TICKET["ticket"] | {"sent": TICKET["sent"]}
    assert [cloud_event(one) for one in events(bare)] == [cloud_event(one) for one in events()]


def test_of_a_change_of_state_the_oldest_version_stands_and_of_the_rest_the_newest() -> None:
    [arrived, completed] = events(closed="2026-02-02T09:00:00Z")
    [again, later] = events(closed="2026-02-02T10:00:00Z", version=4)
    assert arrived.revision < again.revision
    assert completed.revision > later.revision
    assert completed.id == later.id


def test_a_later_edition_stands_over_every_version_of_an_earlier_one() -> None:
    metadata = {"id": "desk", "title": "t", "owner": "o", "edition": 2}
    [arrived] = events(version=1, changes={"metadata": metadata})
    [before] = events(version=VERSIONS - 1)
    assert arrived.revision > before.revision


@pytest.mark.parametrize(("version", "sent", "revision"), [(None, 5, 5), (None, None, 0)])
def test_without_a_version_the_time_stands_in_for_it(version: int | None, sent: int | None, revision: int) -> None:
    [arrived] = events(TICKET | {"sent": sent}, version=version)
    assert arrived.revision == VERSIONS + revision


def test_a_connector_that_knows_neither_version_nor_time_still_has_an_edition() -> None:
    [arrived] = events(changes={"delivery": {"id": "number", "object": "number"}})
    assert arrived.revision == VERSIONS


@pytest.mark.parametrize("version", [-1, VERSIONS, 10**17])
def test_a_version_that_cannot_be_one_rejects_the_payload(version: int) -> None:
    one = rejected(version=version)
    assert (one.reason, one.field) == ("bad_field", "delivery.version")


def test_an_absent_object_and_a_time_that_means_never_are_nothing() -> None:
    [arrived] = events(caller=None)
    assert "customer" not in arrived.facts.data


def test_a_payload_may_be_of_several_mappings_and_a_list_is_asked_for_an_element() -> None:
    made = events(kind="ticket.reply")
    assert [(one.type, one.id) for one in made] == [
        ("sqm.journey.arrived", "desk/17/journey.arrived"),
        ("sqm.message.exchanged", "desk/17/message.exchanged/r2"),
    ]
    assert made[1].facts.site == "north"


def test_an_event_that_nothing_tells_apart_is_refused_and_a_long_instance_is_shortened() -> None:
    one = rejected(kind="reply", replies=[])
    assert (one.reason, one.field) == ("missing_field", "mappings.replies.events.0.instance")
    [told] = events(kind="reply", replies=[{"by": "agent", "id": "r" * 300}])
    assert len(told.id) == len("desk/17/message.exchanged/") + 40


def test_what_is_passed_over_is_no_refusal() -> None:
    assert outcome(kind="note") == PassedOver("17")


def test_what_no_mapping_is_for_is_rejected_by_name() -> None:
    one = rejected(kind="call")
    assert (one.reason, one.mapping, one.field) == ("no_mapping", "", "mappings")


@pytest.mark.parametrize(
    ("body", "said", "reason", "field", "path"),
    [
        (b"{", {}, "not_json", "body.format", ""),
        (b"[" * 100_000, {}, "not_json", "body.format", ""),
        (b"\xff{}", {}, "not_json", "body.format", ""),
        (b"7", {}, "missing_field", "number", "id"),
        (b"[]", {}, "missing_field", "number", "id"),
        (TICKET, {"id": {"a": 1}}, "bad_field", "number", "id"),
        (TICKET, {"id": "x" * 9_000}, "field_too_long", "number", "id"),
        (TICKET, {"id": "a\0b"}, "bad_subject", "mappings.tickets.journey.subject", ""),
        (TICKET, {"version": 1e300}, "bad_field", "version", "version"),
        (TICKET, {"opened": "yesterday"}, "bad_field", "opened", "opened"),
        (TICKET, {"opened": None}, "no_time", "mappings.tickets.events.0.time", ""),
        (TICKET, {"branch": "no site!"}, "bad_fact", "mappings.tickets.journey.site", ""),
        (TICKET, {"ended": "soon", "closed": None}, "bad_field", "closed", "closed or ended"),
        (TICKET, {"caller": {"id": ["a"]}}, "bad_field", "caller", "caller.id"),
    ],
)
def test_hostile_payloads_are_rejected_with_reason_field_and_path(
    body: object, said: dict[str, Any], reason: str, field: str, path: str
) -> None:
    one = rejected(body, **said)
    assert (one.reason, one.field, one.path) == (reason, field, path)


def test_of_a_key_that_comes_twice_the_last_one_counts() -> None:
    raw = json.dumps(TICKET).replace('"id": 17', '"id": 16, "id": 18').encode()
    assert [one.subject for one in events(raw)] == ["18"]


def test_a_header_that_is_missing_is_named() -> None:
    one = rejected(kind=None)
    assert (one.reason, one.field, one.path) == ("missing_field", "kind", "header x-desk-kind")


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"passes_over": "kind"}, "no_answer", "passes_over"),
        ({"passes_over": "1 / (version - 3) > 0"}, "no_answer", "passes_over"),
        ({"delivery": {"id": "null", "object": "number"}}, "missing_field", "delivery.id"),
        ({"delivery": {"id": "number", "object": "sent_at", "version": "number"}}, "bad_field", "delivery.version"),
    ],
)
def test_an_expression_without_an_answer_rejects_the_payload(changes: dict[str, Any], reason: str, field: str) -> None:
    one = rejected(changes=changes)
    assert (one.reason, one.field) == (reason, field)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"passes_over": "nobody"}, "passes_over"),
        ({"delivery": {"id": "number", "object": "nothing"}}, "delivery.object"),
        ({"values": {"known": "unknown"}}, "values.known"),
    ],
)
def test_a_fault_in_a_connector_is_placed(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(MappingFault) as fault:
        connector(**changes)
    assert ".".join(map(str, fault.value.path)) == place


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ({"columns": {"at": {"name": "at", "type": "time_of_day", "date": "day"}}}, "mappings.m.columns.at.date"),
        ({"values": {"v": "nothing"}}, "mappings.m.values.v"),
        ({"journey": {"site": "source", "subject": "{nothing}"}}, "mappings.m.journey.subject"),
        ({"when": "nothing"}, "mappings.m.when"),
        ({"events": [{"type": "journey.arrived", "time": "nothing"}]}, "mappings.m.events.0.time"),
    ],
)
def test_a_fault_in_a_mapping_is_placed(part: dict[str, Any], place: str) -> None:
    mapping = {
        "title": "m",
        "when": "true",
        "journey": {"site": "source", "subject": "{number}"},
        "events": [{"type": "journey.arrived", "time": "opened"}],
        **part,
    }
    with pytest.raises(MappingFault) as fault:
        connector(mappings={"m": mapping})
    assert ".".join(map(str, fault.value.path)) == place


def test_the_object_of_a_body_is_told_where_it_can_be() -> None:
    made = connector()
    assert made.object_of(delivered()) == "17"
    assert made.object_of(delivered(b"{")) == ""
    assert made.object_of(delivered(id=None)) == ""
    assert connector(body={"items": "list"}).object_of(delivered({"list": []})) == ""


def test_each_payload_of_a_batch_is_decided_by_itself() -> None:
    made = connector(body={"items": "list", "wrappers": "ticket"})
    body = {"sent": 5, "list": [TICKET, {"ticket": {"id": 1, "opened": "?"}}, TICKET]}
    found = list(made.outcomes(delivered(body)))
    assert [type(one) for one in found] == [MappedPayload, RejectedPayload, MappedPayload]
    assert isinstance(found[1], RejectedPayload)
    assert found[1].place == 2


def test_what_every_name_means_is_shown_to_whoever_tries_a_connector() -> None:
    made = connector()
    tickets, _ = made.values_of(delivered())
    assert (tickets["number"], tickets["branch"], tickets["closed"], tickets["source"]) == ("17", "riga", None, "north")
    assert made.values_of(delivered(b"{")) == []
    assert made.values_of(delivered(version="new")) == [{}, {}]
    assert made.values_of(delivered(caller={"id": []}))[0] == {}


def test_identities_stay_only_where_nobody_asked_for_pseudonyms() -> None:
    [one] = connector(None).outcomes(delivered())
    assert isinstance(one, MappedPayload)
    assert one.events[0].facts.data["customer"] == "anna@example.org"


def test_the_same_identity_has_one_pseudonym_by_connector_and_key() -> None:
    desk = keyed(b"k", "desk")
    assert desk("customer", "7") == desk("customer", "7")
    others = {keyed(b"k", "till")("customer", "7"), keyed(b"l", "desk")("customer", "7"), desk("employee", "7")}
    assert desk("customer", "7") not in others
    assert len(others) == 3


def test_a_connector_says_which_headers_it_reads_and_whether_it_names_people() -> None:
    document = connector_document()
    assert document.headers == ("x-desk-kind",)
    assert document.names_people
