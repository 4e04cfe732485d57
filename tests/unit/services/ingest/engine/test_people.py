"""
No identity of a person stands in a subject: its pseudonym does, or the mapping is refused.
"""

from typing import Any

import pytest

from services.ingest.engine.connector import MappedPayload
from services.ingest.engine.mapping import MappingFault
from tests.fakes.desk_connector import PSEUDONYM, connector, connector_document, delivered

ANNA = PSEUDONYM("customer", "anna@example.org")


def tickets(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a document
    mappings = {name: one.model_dump(exclude_defaults=True) for name, one in connector_document().mappings.items()}
    return {"tickets": mappings["tickets"] | changes}


def arrival(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a document
    return {"type": "journey.arrived", "time": "opened", "data": {"customer": "caller"}} | changes


def events(**changes: Any) -> Any:  # noqa: ANN401 - as above
    [one] = connector(mappings=tickets(**changes)).outcomes(delivered())
    assert isinstance(one, MappedPayload), one
    return one.events


@pytest.mark.parametrize(
    "changes",
    [
        {"journey": {"site": "source", "subject": "of-{caller}"}, "events": [arrival()]},
        {"events": [arrival(subject="of-{caller}")]},
    ],
)
def test_a_subject_made_of_somebody_s_identity_holds_the_pseudonym_that_the_fact_has(changes: dict[str, Any]) -> None:
    [event] = events(**changes)
    assert event.subject == f"of-{ANNA}"
    assert event.facts.data["customer"] == ANNA
    assert "anna" not in event.id


def test_what_one_mapping_calls_a_person_is_one_in_the_subjects_of_all() -> None:
    both = tickets(columns={"closed": {"name": "closed"}}, events=[arrival()]) | {
        "others": {
            "title": "Others", "when": "true", "journey": {"site": "source", "subject": "{caller}"},
            "events": [{"type": "journey.called", "time": "opened"}],
        },
    }  # fmt: skip
    both["tickets"]["values"] = {}
    columns = connector_document().model_dump(exclude_defaults=True)["columns"] | {"caller": {"name": "caller.id"}}
    [one] = connector(mappings=both, columns=columns).outcomes(delivered())
    assert isinstance(one, MappedPayload), one
    assert [event.subject for event in one.events] == ["17", ANNA]


def test_nobody_stays_nobody() -> None:
    [one] = connector(
        mappings=tickets(journey={"site": "source", "subject": "{number}{caller}"}, events=[arrival()])
    ).outcomes(delivered(caller={}))
    assert isinstance(one, MappedPayload), one
    assert [event.subject for event in one.events] == ["17"]


@pytest.mark.parametrize(
    "customer", ['caller + "x"', "who", "later", 'known ? caller : "nobody"']
)  # fmt: skip
def test_a_column_that_an_identity_is_worked_out_of_is_refused_in_a_subject(customer: str) -> None:
    values = {"whose": "caller", "who": "whose", "later": {"first_of": ["whose"]}}
    changes = {"values": values, "events": [arrival(subject="{caller}", data={"customer": customer})]}
    with pytest.raises(MappingFault, match="`customer` is worked out of") as caught:
        connector(mappings=tickets(**changes))
    assert caught.value.path == ("mappings", "tickets", "events", 0, "subject")


@pytest.mark.parametrize("customer", [{"text": "caller"}, '"caller"', "number"])
def test_a_text_is_no_column(customer: object) -> None:
    [event] = events(events=[arrival(subject="{caller}-{version}", data={"customer": customer})])
    assert event.subject == "anna@example.org-3"
