"""
What the engine of alerts reads and says are the messages of the contract, field by field.
"""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from pydantic_core import PydanticUndefined

from schemas import alerts as contract
from schemas.alert_labels import LABELS, SEVERITIES
from schemas.base import Contract
from schemas.export.messages import EXAMPLES
from schemas.outcomes import VIOLATIONS
from schemas.outcomes import Violation as ViolationContract
from services.alerts.engine import Alert, Notification, decode_violation
from services.alerts.engine.outcomes import Told
from tests.fakes.alerting import violation_of

SAID = ((Alert, contract.Alert), (Told, contract.Told), (Notification, contract.Notification))
FILLED_IN_LATER = {"id", "status", "alerts"}
"""Of a notification: a draft has none of these yet, and no message leaves without them."""
READERS: dict[type[msgspec.Struct], TypeAdapter[Any]] = {
    Alert: contract.ALERTS, Notification: contract.NOTIFICATIONS,
}  # fmt: skip


def defaults(struct: type[msgspec.Struct]) -> dict[str, object]:
    return {field.name: field.default for field in msgspec.structs.fields(struct) if not field.required}


@pytest.mark.parametrize(("struct", "model"), SAID, ids=lambda one: one.__name__)
def test_what_is_said_has_the_fields_of_the_contract_and_its_defaults(
    struct: type[msgspec.Struct], model: type[Contract]
) -> None:
    assert {field.name for field in msgspec.structs.fields(struct)} == set(model.model_fields)
    of_the_contract = {
        name: field.default for name, field in model.model_fields.items() if field.default is not PydanticUndefined
    }
    drafted = FILLED_IN_LATER if struct is Notification else set()
    assert {name: one for name, one in defaults(struct).items() if name not in drafted} == of_the_contract


def test_a_violation_is_read_in_fields_of_the_contract() -> None:
    for field in msgspec.structs.fields(type(decode_violation(_violations()[0]))):
        assert field.name in ViolationContract.model_fields, field.name
    for raw in _violations():
        assert decode_violation(raw) == violation_of(VIOLATIONS.validate_json(raw))


def _violations() -> list[bytes]:
    return [file.read_bytes() for file in sorted((EXAMPLES / "violation" / "good").glob("*.json"))]


@pytest.mark.parametrize(("message", "struct"), [("alert", Alert), ("notification", Notification)])
def test_a_good_example_is_said_by_the_engine_as_it_stands(message: str, struct: type[msgspec.Struct]) -> None:
    for file in sorted((EXAMPLES / message / "good").glob("*.json")):
        said = msgspec.json.encode(msgspec.json.decode(file.read_bytes(), type=struct))
        assert READERS[struct].validate_json(said) == READERS[struct].validate_json(file.read_bytes())


INSTANTS = st.integers(0, 4_000_000_000_000)
WORDS = st.text("abc-", min_size=3, max_size=8)
SLUGS = st.from_regex(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?", fullmatch=True)
ALERTS = st.builds(
    Alert, id=WORDS, key=WORDS, seq=st.integers(1, 9), at=INSTANTS, rule=SLUGS, version=st.integers(1, 9),
    state=st.sampled_from(get_args(contract.AlertState)), reason=st.sampled_from(get_args(contract.AlertReason)),
    severity=st.sampled_from(SEVERITIES), labels=st.dictionaries(st.sampled_from(LABELS), WORDS, max_size=5),
    begun_at=INSTANTS, open=st.integers(0, 9), seen=st.integers(0, 9), correlation=st.none() | WORDS,
    fired_at=st.none() | INSTANTS, ended_at=st.none() | INSTANTS, ack_until=st.none() | INSTANTS,
    violations=st.lists(WORDS.map("v:{}@1".format), max_size=3).map(tuple), note=st.none() | WORDS,
    by=st.none() | WORDS, owner=st.none() | WORDS, flapping=st.booleans(),
)  # fmt: skip
TELLINGS = st.builds(
    Told, id=WORDS, seq=st.integers(1, 9), state=st.sampled_from(get_args(contract.AlertState)),
    severity=st.sampled_from(SEVERITIES),
)  # fmt: skip
NOTIFICATIONS = st.builds(
    Notification, at=INSTANTS, reason=st.sampled_from(get_args(contract.NotificationReason)), receiver=SLUGS,
    group=WORDS, id=WORDS, status=st.sampled_from(["firing", "resolved"]), to=st.none() | WORDS,
    alerts=st.lists(TELLINGS, min_size=1, max_size=3).map(tuple), person=st.none() | SLUGS,
    language=st.sampled_from(["en", "ru", "lv"]), more=st.integers(0, 9), related=st.integers(0, 9),
    held_back=st.integers(0, 9), step=st.none() | st.integers(1, 9),
)  # fmt: skip


@given(ALERTS | NOTIFICATIONS)
def test_whatever_the_engine_says_is_a_message_with_the_same_words(said: Alert | Notification) -> None:
    read = READERS[type(said)].validate_json(msgspec.json.encode(said))
    assert msgspec.json.decode(read.model_dump_json().encode(), type=type(said)) == said
