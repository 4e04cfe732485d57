"""
How a message is recognised as an event.
"""

import pytest

from services.ingest.engine import HTTP_PREFIX, KAFKA_PREFIX, Mode, RefusalReason, Refused, binary_attributes, mode_of


@pytest.mark.parametrize(
    ("content_type", "attributes", "mode"),
    [
        (b"application/cloudevents+json", False, Mode.STRUCTURED),
        (b"Application/CloudEvents+JSON; charset=UTF-8", False, Mode.STRUCTURED),
        (b'application/cloudevents+json; charset="utf-8"; x=y', True, Mode.STRUCTURED),
        (b"application/cloudevents-batch+json", False, Mode.BATCH),
        (b"application/json", True, Mode.BINARY),
        (None, True, Mode.BINARY),
        (b"application/json", False, None),
        (None, False, None),
        (b"", False, None),
        (b"text/plain", True, None),
        (b"application/cloudevents+xml", False, None),
        (b"application/cloudevents+json; charset=utf-16", False, None),
        (b"application/json, application/cloudevents+json", True, None),
        (b"multipart/form-data; boundary=x", False, None),
        (b"\xff\xfe", True, None),
    ],
)
def test_the_content_type_decides(content_type: bytes | None, attributes: bool, mode: Mode | None) -> None:
    assert mode_of(content_type, has_attributes=attributes) is mode


def test_http_headers_are_percent_encoded_and_other_headers_do_not_matter() -> None:
    headers = [(b"host", b"x"), (b"ce-id", b"a%20b%C3%A9"), (b"CE-Source", b"/s"), (b"cexid", b"no")]
    assert binary_attributes(headers, HTTP_PREFIX) == {
        "datacontenttype": "application/json",
        "id": "a bé",
        "source": "/s",
    }


def test_kafka_headers_are_taken_as_they_are() -> None:
    assert binary_attributes([(b"ce_id", "a%20é".encode())], KAFKA_PREFIX) == {
        "datacontenttype": "application/json",
        "id": "a%20é",
    }


@pytest.mark.parametrize(
    "headers",
    [
        [(b"ce-id", b"a"), (b"ce-id", b"b")],
        [(b"ce-id", b"a"), (b"CE-ID", b"a")],
        [(b"ce-id", b"%ff")],
        [(b"ce-id", b"x" * 5_000)],
        [(b"ce-data", b"{}")],
        [(b"ce-datacontenttype", b"text/xml")],
        [(b"ce-", b"x")],
        [(b"ce-a-b", b"x")],
        [(b"ce-\xe9", b"x")],
    ],
)
def test_headers_that_two_readers_could_read_differently_are_refused(headers: list[tuple[bytes, bytes]]) -> None:
    refused = binary_attributes(headers, HTTP_PREFIX)
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.INVALID_HEADER
