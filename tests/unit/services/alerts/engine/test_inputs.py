"""
Inputs: what alerts read of a violation, and what they say in the fields of their contracts.
"""

import json
from pathlib import Path

import msgspec
import pytest

from schemas import alerts as contracts
from schemas.outcomes import Violation as Contract
from services.alerts.engine import decode_violation
from services.alerts.engine.inputs import Violation
from services.alerts.engine.outcomes import Alert, Notification, Told
from tests.fakes.alerting import opened, violation_of

EXAMPLES = sorted((Path(__file__).parents[5] / "schemas/examples/violation/good").glob("*.json"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_record_is_read_as_its_contract_says(file: Path) -> None:
    text = file.read_bytes()
    assert decode_violation(text) == violation_of(Contract.model_validate(json.loads(text)))


def test_a_record_that_is_no_violation_is_refused() -> None:
    with pytest.raises(msgspec.MsgspecError):
        decode_violation(b'{"id": "wait"}')


@pytest.mark.parametrize(
    "part",
    [
        {"id": "v" * 513}, {"id": "v"}, {"queue": "q" * 65}, {"site": "s" * 65}, {"standard": "w" * 65},
        {"scope": "s" * 301}, {"window": "w" * 161}, {"version": 0}, {"version": 1 << 63}, {"rev_offset": 1 << 63},
        {"opened_at": -1}, {"opened_at": 10_413_792_000_000}, {"state": "weird"},
    ],
    ids=str,
)  # fmt: skip
def test_a_record_that_would_make_an_alert_which_nobody_can_read_is_refused(part: dict[str, object]) -> None:
    usual = msgspec.to_builtins(opened("v-1").violation)
    assert decode_violation(msgspec.json.encode(usual)).id == "v-1"
    with pytest.raises(msgspec.MsgspecError, match=rf"at `\$\.{next(iter(part))}`"):
        decode_violation(msgspec.json.encode(usual | part))


@pytest.mark.parametrize(
    ("ours", "contract"),
    [
        (Alert, contracts.Alert),
        (Told, contracts.Told),
        (Notification, contracts.Notification),
    ],
)
def test_what_comes_out_has_the_fields_of_its_contract(
    ours: type[msgspec.Struct], contract: type[contracts.Alert]
) -> None:
    assert set(ours.__struct_fields__) == set(contract.model_fields)


def test_every_field_that_is_read_is_one_of_the_contract() -> None:
    assert set(Violation.__struct_fields__) <= set(Contract.model_fields)


def test_the_states_that_are_over_are_states() -> None:
    assert set(contracts.AlertState.__args__) > contracts.OVER  # type: ignore[attr-defined]
