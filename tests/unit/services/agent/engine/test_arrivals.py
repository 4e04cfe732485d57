"""
What a till sends is kept unless it would be in the way.
"""

import json

import msgspec
import pytest

from services.agent.engine import ArrivalReason, Form, Kept, Refused, Twice, arrivals, form_of

EVENT = {"specversion": "1.0", "id": "a-1", "source": "/till/1", "type": "sqm.journey.arrived"}


def written(**different: object) -> bytes:
    return json.dumps({name: value for name, value in (EVENT | different).items() if value is not None}).encode()


def reason_of(body: bytes, longest: int = 65_536) -> tuple[str, str]:
    (found,) = arrivals([body], longest)
    assert isinstance(found, Refused)
    assert found.detail
    return found.reason, found.pointer


def test_an_event_is_kept_byte_for_byte() -> None:
    body = b'{ "id":"a", "source":"/t", "type":"anything", "specversion":"1.0", "data": {"x": 1.10} }'
    assert arrivals([body, msgspec.Raw(written())], 65_536) == [Kept(body), Kept(written())]


def test_the_same_identity_in_one_request_is_kept_once() -> None:
    assert arrivals([written(), written(type="other"), written(source="/till/2")], 65_536) == [
        Kept(written()), Twice(), Kept(written(source="/till/2")),
    ]  # fmt: skip


@pytest.mark.parametrize("name", EVENT)
@pytest.mark.parametrize(
    ("value", "reason"),
    [(None, ArrivalReason.MISSING_FIELD), ("", ArrivalReason.INVALID_VALUE), (7, ArrivalReason.INVALID_VALUE)],
)
def test_an_event_without_an_identity_is_refused_at_its_place(name: str, value: object, reason: ArrivalReason) -> None:
    assert reason_of(written(**{name: value})) == (reason, f"/{name}")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[1]", ArrivalReason.NOT_AN_OBJECT),
        (b"null", ArrivalReason.NOT_AN_OBJECT),
        (b"{", ArrivalReason.NOT_JSON),
        (b"", ArrivalReason.NOT_JSON),
        (b'{"id": "\xff"}', ArrivalReason.NOT_JSON),
        (b'{"a":' * 3_000, ArrivalReason.TOO_DEEP),
    ],
)
def test_what_is_no_event_is_refused(body: bytes, reason: ArrivalReason) -> None:
    assert reason_of(body) == (reason, "")


def test_an_event_has_a_bearable_size() -> None:
    body = written()
    assert arrivals([body], len(body)) == [Kept(body)]
    assert reason_of(body, len(body) - 1) == (ArrivalReason.TOO_LARGE, "")


@pytest.mark.parametrize(
    ("content_type", "has_attributes", "form"),
    [
        ("application/cloudevents+json", False, Form.ONE),
        ("Application/CloudEvents-Batch+JSON; charset=utf-8", True, Form.BATCH),
        ("application/json", True, Form.HEADERS),
        ("application/json", False, None),
        ("text/plain", True, None),
        ("", False, None),
    ],
)
def test_the_content_type_says_how_events_come(content_type: str, form: Form | None, *, has_attributes: bool) -> None:
    assert form_of(content_type, has_attributes=has_attributes) is form
