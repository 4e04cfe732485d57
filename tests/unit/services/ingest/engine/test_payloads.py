"""
Bodies are taken apart as a connector says, however the vendor packed them.
"""

import pytest

from schemas.connectors import Body
from services.ingest.engine.paths import finder, text_of
from services.ingest.engine.payloads import MOST_PAYLOADS, BadBody, BodyReader, Payload

CALL = {
    "parts": [
        {"purpose": "agent", "calls": []},
        {"purpose": "agent", "calls": [{"at": 5}]},
        {"purpose": 7, "calls": None},
        "no object",
    ],
    "data": {"first": {}, "second": {"x": 1}},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("parts.1.calls.0.at", 5),
        ("parts.[purpose=agent].calls.*.at", 5),
        ("parts.[purpose=7].purpose", 7),
        ("parts.[purpose=clerk].calls", None),
        ("parts.9.calls", None),
        ("parts.12345678.calls", None),
        ("parts.first.calls", None),
        ("data.*.x", 1),
        ("data.*.y", None),
        ("data.second.x.deeper", None),
        ("$.data.second.x", 1),
    ],
)
def test_a_path_finds_what_it_names(path: str, found: object) -> None:
    assert finder((path,))(CALL, CALL) == found


def test_of_several_paths_the_first_that_finds_something_counts() -> None:
    assert finder(("nothing", "data.second.x", "parts"))(CALL, CALL) == 1


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (True, "true"), (1.5, "1.5"), (10**18, "1000000000000000000"), ("a", "a")]
)
def test_plain_values_are_written_as_the_text_of_a_field(value: object, text: str) -> None:
    assert text_of(value) == text


def test_a_form_is_read_and_the_json_inside_of_it() -> None:
    reader = BodyReader(Body(format="form", texts_of_json=("Attributes", "Missing", "Empty.deeper")))
    [payload] = read(reader, b"Event=task.created&Attributes=%7B%22queue%22%3A+%22a%22%7D&Empty=")
    assert payload.value == {"Event": "task.created", "Attributes": {"queue": "a"}, "Empty": ""}


@pytest.mark.parametrize("raw", [b"Attributes=%7B", b"a&b", b"\xff=1", b"a=1&" * 1_001])
def test_a_form_that_is_none_or_holds_broken_json_is_bad(raw: bytes) -> None:
    assert isinstance(BodyReader(Body(format="form", texts_of_json=("Attributes",))).read(raw), BadBody)


def test_an_empty_form_is_a_payload_without_fields() -> None:
    assert read(BodyReader(Body(format="form")), b"") == [Payload({}, {})]


def test_json_inside_a_text_is_read_where_it_is_a_text() -> None:
    reader = BodyReader(Body(texts_of_json=("a.b", "c.[d=e].f")))
    assert read(reader, b'{"a": {"b": "[1]"}}')[0].value == {"a": {"b": [1]}}
    assert read(reader, b'{"a": 5}')[0].value == {"a": 5}


def test_the_payloads_of_a_batch_are_those_of_its_list_unwrapped() -> None:
    reader = BodyReader(Body(items="events", wrappers=("order",)))
    body = {"events": [{"order": {"id": 1}}, {"id": 2}, 3]}
    assert read(reader, b'{"events": [{"order": {"id": 1}}, {"id": 2}, 3]}') == [
        Payload({"id": 1}, body),
        Payload({"id": 2}, body),
        Payload(3, body),
    ]


@pytest.mark.parametrize("raw", [b"{}", b'{"events": 5}', b'{"events": [' + b"1," * MOST_PAYLOADS + b"1]}"])
def test_a_batch_without_a_list_or_with_too_long_a_one_is_bad(raw: bytes) -> None:
    found = BodyReader(Body(items="events")).read(raw)
    assert isinstance(found, BadBody)
    assert found.field == "body.items"


def read(reader: BodyReader, raw: bytes) -> list[Payload]:
    found = reader.read(raw)
    assert not isinstance(found, BadBody), found
    return found
