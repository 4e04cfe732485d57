"""
What a vendor is answered, what is stored of its webhook, and what those who cannot sign learn: nothing.
"""

import httpx
import pytest

from services.ingest.engine.stored import stored_key
from services.ingest.shell.webhooks import WebhookLimits
from services.runtime.errors import Rejected
from tests.fakes.desk_webhooks import BODY, PATH, Desk
from tests.fakes.ingest_api import NOW


async def test_a_signed_body_is_stored_byte_for_byte_under_its_object_and_acknowledged() -> None:
    desk = Desk()
    answer = await desk.post(BODY)
    assert (answer.status_code, answer.content) == (200, b"")
    [record] = desk.publisher.records
    assert (record.topic, record.key) == ("raw", stored_key("desk", "north", "17"))
    assert BODY not in (record.value or b"")
    [stored] = desk.stored()
    assert stored.delivered.body == BODY
    assert stored.delivered.headers["x-desk-kind"] == "ticket"
    assert "x-desk-signature" not in stored.delivered.headers
    assert stored.delivered.received_at == NOW
    assert desk.counted("desk", "stored") == 1


@pytest.mark.parametrize("secret", [b"new", b"old"])
async def test_while_a_secret_is_changed_over_both_hold(secret: bytes) -> None:
    assert (await Desk().post(secret=secret)).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 50_000, b"\xff\x00", b'{"a": 1, "a": 2}', b"1e999", b"9" * 5_000])
async def test_whatever_is_rightly_signed_is_stored_and_looked_at_later(body: bytes) -> None:
    desk = Desk()
    assert (await desk.post(body, content_type="text/nonsense")).status_code == 200
    [record] = desk.publisher.records
    [stored] = desk.stored()
    assert (record.key, stored.delivered.body) == (stored_key("desk", "north", ""), body)


async def test_everybody_else_gets_one_answer_and_is_counted_by_reason() -> None:
    desk = Desk()
    answers = [
        await desk.post(secret=b"guessed"),
        await desk.post(sent=BODY.replace(b"17", b"18")),
        await desk.post(x_desk_signature="zz"),
        await desk.post(path="/v1/webhooks/desk/south"),
        await desk.post(path="/v1/webhooks/till/north"),
        await desk.post(path="/v1/webhooks/de%00sk/n%0Ath"),
    ]
    assert {(one.status_code, one.content) for one in answers} == {(401, answers[0].content)}
    assert desk.publisher.records == []
    for name, outcome, times in (
        ("desk", "wrong", 2),
        ("desk", "malformed", 1),
        ("desk", "unknown_source", 1),
        ("unknown", "unknown_connector", 2),
    ):
        assert desk.counted(name, outcome) == times, outcome


async def test_a_signature_that_is_missing_is_no_signature() -> None:
    desk = Desk()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(desk.app), base_url="http://ingest") as client:
        assert (await client.post(PATH, content=BODY)).status_code == 401
        assert (await client.get(PATH)).status_code == 405
    assert desk.counted("desk", "missing") == 1


@pytest.mark.parametrize(
    ("public_url", "url"),
    [
        (None, f"http://ingest{PATH}?a=1"),
        ("https://sqm.example.org/", f"https://sqm.example.org{PATH}?a=1"),
    ],
)
async def test_the_address_that_is_signed_is_the_one_that_the_vendor_knows(public_url: str | None, url: str) -> None:
    desk = Desk(public_url=public_url, signs="{url}{body}")
    assert (await desk.post(path=PATH + "?a=1", url=url)).status_code == 200
    assert (await desk.post(path=PATH, url=url)).status_code == 401


async def test_a_body_that_is_too_large_is_not_read() -> None:
    desk = Desk(limits=WebhookLimits(body_bytes=100))
    assert (await desk.post(b"{" * 10_000_000)).status_code == 413
    assert desk.counted("desk", "body") == 1


async def test_without_a_broker_the_vendor_is_asked_to_come_again() -> None:
    desk = Desk()
    desk.publisher.away()
    assert (await desk.post()).status_code == 503
    desk.publisher.fault = None
    desk.publisher.fault_on_publish = Rejected("record_too_large", "no")
    assert (await desk.post()).status_code == 422
    assert desk.counted("desk", "broker") == 2
