"""
No event leaves ingest with somebody's identity, wherever in the event it stood.
"""

from typing import Any

import pytest

from services.ingest.engine import Accepted, Policy, RefusalReason, Refused, normalise_object
from tests.fakes.ingest_events import event

NOW = 1_770_000_000_000
ANNA = "anna@example.org"


def stands_for(whose: str, name: str) -> str:
    return name if name.startswith("p-") else f"p-{whose}"


def taken(**changes: Any) -> Accepted | Refused:  # noqa: ANN401 - parts of an event
    sent = event(1)
    sent["data"] |= changes.pop("data", {})
    return normalise_object(sent | changes, NOW, Policy(pseudonym=stands_for))


@pytest.mark.parametrize("fact", ["customer", "employee"])
def test_facts_that_name_people_get_pseudonyms(fact: str) -> None:
    verdict = taken(data={fact: ANNA})
    assert isinstance(verdict, Accepted)
    assert f'"{fact}":"p-{fact}"'.encode() in verdict.value
    assert ANNA.encode() not in verdict.value


def test_a_pseudonym_is_left_as_it_is() -> None:
    verdict = taken(id="p-known-1", data={"customer": "p-known"})
    assert isinstance(verdict, Accepted)
    assert (verdict.id, b'"p-known"' in verdict.value) == ("p-known-1", True)


def test_the_same_name_in_the_id_and_in_a_comment_is_replaced_but_not_inside_of_words() -> None:
    facts = {"customer": ANNA, "instrument": "card", "comment": f"I am {ANNA}, not x{ANNA}."}
    verdict = taken(type="sqm.feedback.received", id=f"of-{ANNA}", data=facts)
    assert isinstance(verdict, Accepted)
    assert verdict.id == "of-p-customer"
    assert f"I am p-customer, not x{ANNA}.".encode() in verdict.value


def test_what_is_no_journey_s_name_is_replaced() -> None:
    facts = {"employee": "counter-1", "state": "off"}
    verdict = taken(type="sqm.staff.state_changed", subject="duty-counter-1", data=facts)
    assert isinstance(verdict, Accepted)
    assert b'"subject":"duty-p-employee"' in verdict.value


@pytest.mark.parametrize(
    ("pointer", "changes"),
    [
        ("/subject", {"subject": f"visit-{ANNA}", "data": {"customer": ANNA}}),
        ("/data/related", {"data": {"customer": ANNA, "related": ANNA}}),
        ("/data/into", {"type": "sqm.journey.merged", "data": {"employee": ANNA, "into": f"{ANNA}/2"}}),
    ],
)
def test_a_journey_that_is_called_after_somebody_is_refused(pointer: str, changes: dict[str, Any]) -> None:
    verdict = taken(**changes)
    assert isinstance(verdict, Refused)
    assert (verdict.reason, verdict.pointer) == (RefusalReason.IDENTITY_IN_NAME, pointer)
    assert ANNA not in verdict.detail


@pytest.mark.parametrize("name", ["17", "counter-1"])
def test_short_names_and_parts_of_words_are_nobody_s(name: str) -> None:
    verdict = taken(subject="counter-17", data={"customer": name})
    assert isinstance(verdict, Accepted)
    assert b'"subject":"counter-17"' in verdict.value


@pytest.mark.parametrize("name", ["", "x" * 129, "a\x00b", 17, ["a"]])
def test_what_no_fact_can_be_is_for_validation_to_refuse(name: object) -> None:
    verdict = taken(data={"customer": name})
    assert isinstance(verdict, Refused)
    assert verdict.pointer == "/data/customer"


def test_an_event_without_facts_is_for_validation_too() -> None:
    verdict = normalise_object(event(1) | {"data": 5}, NOW, Policy(pseudonym=stands_for))
    assert isinstance(verdict, Refused)
