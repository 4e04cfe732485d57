"""
A webhook lies in the topic of raw bodies as it came, without what is secret, and is read again from there.
"""

from services.ingest.engine.connector import Delivered
from services.ingest.engine.stored import Stored, read_stored, stored_headers, stored_key

SENT = {
    "x-desk-kind": "ticket",
    "x-desk-signature": "secret",
    "authorization": "secret",
    "x-api-key": "secret",
    "x-amz-security-token": "secret",
    "idempotency-key": "7",
    "x-forwarded-for": "10.0.0.1",
    "x-long": "a" * 2_000,
    "bad name": "a",
    "content-type": "application/json",
    "sqm-timestamp": "7",
    "sqm-agent-authorization": "Bearer secret",
    "sqm-clock-skew-ms": "5",
}


def test_a_webhook_is_read_as_it_was_stored_without_secrets() -> None:
    headers = stored_headers("desk", Delivered(b"{}", SENT, "north", 7), ["x-desk-signature"])
    assert headers[:3] == [("sqm-connector", b"desk"), ("sqm-source", b"north"), ("sqm-received-at", b"7")]
    kept = {
        "x-desk-kind": "ticket",
        "idempotency-key": "7",
        "content-type": "application/json",
        "sqm-timestamp": "7",
    }
    assert read_stored(b"{}", headers) == Stored("desk", Delivered(b"{}", kept, "north", 7))
    assert read_stored(None, headers) == Stored("desk", Delivered(b"", kept, "north", 7))


def test_what_lacks_our_headers_is_no_webhook_of_ours() -> None:
    assert read_stored(b"{}", [("http-x", b"1")]) is None
    assert read_stored(b"{}", [("sqm-connector", b"a/b"), ("sqm-source", b"n"), ("sqm-received-at", b"7")]) is None


def test_the_versions_of_one_object_share_a_key_that_does_not_name_it() -> None:
    assert stored_key("desk", "north", "17") == stored_key("desk", "north", "17") == b"desk/north/4523"
    assert len(stored_key("desk", "north", "é" * 5_000)) == len("desk/north/") + 4
