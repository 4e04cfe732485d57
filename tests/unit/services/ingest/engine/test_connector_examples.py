"""
Examples of a connector are held against what it makes of them, and every difference is told.
"""

from typing import Any

from schemas.connectors import CONNECTORS
from services.ingest.engine.connector import compile_connector
from services.ingest.engine.connector_examples import ExampleFault, example_faults

ARRIVED = {"type": "sqm.journey.arrived", "subject": "T-1", "time": "2026-03-02T09:00:00Z", "data": {"queue": "a"}}
BODY = {"kind": "arrived", "ticket": "T-1", "at": "2026-03-02T09:00:00Z", "queue": "a"}


def faults(*examples: dict[str, Any], form: bool = False) -> list[ExampleFault]:
    document = CONNECTORS.validate_python({
        "apiVersion": "sqm/v1", "kind": "Connector",
        "metadata": {"id": "till", "title": "Till", "owner": "IT"},
        "guide": {"documentation": "https://till.example", "feeds": "Waits.", "setup": "Nothing."},
        "signature": {"scheme": "token"},
        "body": {"format": "form" if form else "json"},
        "columns": {
            "kind": {"name": "kind"}, "ticket": {"name": "ticket", "required": True},
            "at": {"name": "at", "type": "instant"}, "queue": {"name": "queue"}, "shop": {"header": "x-shop"},
        },
        "delivery": {"id": "ticket", "object": "ticket"},
        "passes_over": 'kind == "noise"',
        "mappings": {
            "tickets": {
                "title": "Tickets", "when": "true", "journey": {"site": "source", "subject": "{ticket}"},
                "events": [{"type": "journey.arrived", "time": "at", "data": {"queue": "queue", "channel": "shop"}}],
            }
        },
        "examples": list(examples),
    })  # fmt: skip
    return list(example_faults(compile_connector(document)))


def test_an_example_that_yields_what_it_says_has_no_fault() -> None:
    assert faults({"title": "one", "body": BODY, "events": [ARRIVED]}) == []
    assert faults({"title": "passed over", "body": {**BODY, "kind": "noise"}}) == []


def test_the_body_of_a_form_is_its_fields_and_headers_have_names_in_any_letters() -> None:
    told = {**ARRIVED, "data": {"channel": "phone"}}
    assert faults({"title": "form", "body": BODY, "headers": {"X-Shop": "phone"}, "events": [told]}, form=True) == []


def test_a_body_that_is_no_object_is_sent_as_it_is() -> None:
    (fault,) = faults({"title": "list", "body": [1]}, form=True)
    assert fault.problem.startswith("rejected: not_json at body.format")


def test_every_difference_is_told() -> None:
    other = {
        "type": "sqm.journey.called",
        "subject": "T-2",
        "time": "2026-03-02T10:00:00+01:00",
        "data": {"queue": "b"},
    }
    same = {"title": "one", "body": BODY, "events": [ARRIVED]}
    assert faults(same, {"title": "two", "body": BODY, "events": [other]}) == [
        ExampleFault(1, "two", "event 1: type is 'sqm.journey.arrived' and should be 'sqm.journey.called'"),
        ExampleFault(1, "two", "event 1: subject is 'T-1' and should be 'T-2'"),
        ExampleFault(1, "two", "event 1: data.queue is 'a' and should be 'b'"),
    ]  # fmt: skip


def test_events_that_are_missing_or_too_many_are_told() -> None:
    (missing,) = faults({"title": "one", "body": BODY, "events": [ARRIVED, ARRIVED]})
    assert missing.problem == "2 events expected, 1 found: sqm.journey.arrived"
    (many,) = faults({"title": "one", "body": BODY})
    assert many.problem == "0 events expected, 1 found: sqm.journey.arrived"


def test_an_example_that_is_rejected_says_where() -> None:
    rejected, missing = faults({"title": "one", "body": {"at": "now"}, "events": [ARRIVED]})
    assert rejected.problem.startswith("rejected: missing_field at ticket")
    assert missing.problem == "1 events expected, 0 found: none"
