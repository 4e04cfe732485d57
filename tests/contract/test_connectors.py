"""
The connectors that are shipped hold what their own documents say: every example yields its events, and no names.
"""

import pytest

from schemas.connectors import IDENTITIES
from schemas.signatures import HmacSignature
from services.ingest.engine.connector import MappedPayload, PassedOver
from services.ingest.engine.connector_examples import delivered_example, example_faults
from services.ingest.engine.signatures import SignatureFault, SignedRequest, check_signature, sign
from tests.fakes.connectors import SHIPPED, shipped

NOW = 1_772_442_000_000
URL = "https://sqm.example/v1/webhooks/vendor/example"
EXPECTED = [
    "amazon-connect", "chatwoot", "generic-json", "genesys-cloud", "qminder", "shopify", "square", "twilio-taskrouter",
    "zammad", "zendesk",
]  # fmt: skip
# What people may be called by is in the examples under these names; no event may repeat it.
NAMES = ("jane", "anna", "little-haze", "somebody@example.com", "15550100")


def test_these_connectors_are_shipped_each_under_its_id() -> None:
    assert SHIPPED == EXPECTED
    assert [shipped(name).id for name in SHIPPED] == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_every_example_yields_the_events_beside_it(name: str) -> None:
    assert list(example_faults(shipped(name))) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_mapping_and_every_event_of_it_has_an_example(name: str) -> None:
    connector = shipped(name)
    document = connector.document
    reached: set[str] = set()
    told: set[str] = set()
    passed_over = False
    for example in document.examples:
        for outcome in connector.outcomes(delivered_example(document, example)):
            passed_over |= isinstance(outcome, PassedOver)
            if isinstance(outcome, MappedPayload):
                reached.update(outcome.mapping)
                told.update(event.type for event in outcome.events)
    assert reached == document.mappings.keys()
    assert passed_over is (document.passes_over is not None)
    assert told == {rule.type for mapping in document.mappings.values() for rule in mapping.events}


@pytest.mark.parametrize("name", SHIPPED)
def test_no_event_of_an_example_tells_who_anybody_is(name: str) -> None:
    connector = shipped(name)
    for example in connector.document.examples:
        for outcome in connector.outcomes(delivered_example(connector.document, example)):
            for event in outcome.events if isinstance(outcome, MappedPayload) else ():
                people = {fact: whose for fact, whose in IDENTITIES.items() if fact in event.facts.data}
                assert [fact for fact, whose in people.items() if event.facts.data[fact][:2] != f"{whose[0]}-"] == []
                assert [word for word in NAMES if word in event.facts.encoded.decode().lower()] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_example_signed_as_its_vendor_signs_is_believed_and_one_altered_byte_is_not(name: str) -> None:
    document = shipped(name).document
    kind = "application/x-www-form-urlencoded" if document.body.format == "form" else "application/json"
    for example in document.examples:
        body = delivered_example(document, example).body
        signed = sign(document.signature, b"secret", SignedRequest("POST", URL, {"content-type": kind}, body), NOW)
        assert check_signature(document.signature, [b"secret"], signed, NOW) is None
        altered = signed._replace(body=body + b"1")
        found = check_signature(document.signature, [b"secret"], altered, NOW)
        # A token says who sends, and nothing of what.
        assert found is (None if document.signature.scheme == "token" else SignatureFault.WRONG)


def test_only_times_that_are_signed_make_a_window_against_replay() -> None:
    timed = {
        name
        for name in SHIPPED
        if isinstance(scheme := shipped(name).document.signature, HmacSignature) and scheme.time is not None
    }
    assert timed == {"chatwoot", "generic-json", "zendesk"}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_setup_names_the_address_and_the_secret(name: str) -> None:
    steps = " ".join(shipped(name).document.guide.setup)
    assert f"https://YOUR-HOST/v1/webhooks/{name}/YOUR-" in steps
    assert f"SQM_SECRET_WEBHOOK__{name.upper().replace('-', '_')}__YOUR_" in steps
    signs_address = "{url}" in getattr(shipped(name).document.signature, "signs", "") or name == "twilio-taskrouter"
    assert ("SQM_INGEST_PUBLIC_URL" in steps) is signs_address
