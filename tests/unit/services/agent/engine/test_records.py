"""
A request goes on as it came, with the instant of its receipt beside it.
"""

from services.agent.engine import Lane, Record, forwarded_headers, kept_headers

AT = 1_772_445_600_123
HOOK = Record(
    Lane.REQUESTS, AT, b"{}", "/v1/webhooks/square/riga?x=1", (("x-square-hmacsha256-signature", "abc="),)
)  # fmt: skip


def test_headers_of_the_message_are_kept_and_those_of_the_connection_are_not() -> None:
    came = [
        ("Host", "127.0.0.1:8085"), ("Connection", "keep-alive"), ("Transfer-Encoding", "chunked"),
        ("Content-Length", "2"), ("Proxy-Authorization", "secret"), ("Content-Type", "application/json"),
        ("X-Shopify-Hmac-Sha256", "abc="), ("x-twice", "1"), ("x-twice", "2"),
    ]  # fmt: skip
    assert kept_headers(came) == (
        ("content-type", "application/json"), ("x-shopify-hmac-sha256", "abc="), ("x-twice", "1"), ("x-twice", "2"),
    )  # fmt: skip


def test_nobody_speaks_in_the_agent_s_name() -> None:
    assert kept_headers([("SQM-Received-At", "2020-01-01T00:00:00Z"), ("sqm-agent-authorization", "Bearer x")]) == ()


def test_a_sender_s_own_header_is_kept_whatever_its_name_begins_with() -> None:
    assert kept_headers([("sqm-signature", "v1=abc")]) == (("sqm-signature", "v1=abc"),)


def test_a_webhook_keeps_its_headers_and_tells_when_it_was_received() -> None:
    assert forwarded_headers(HOOK, "sqm_t", -40, "/v1/events") == [
        ("x-square-hmacsha256-signature", "abc="),
        ("sqm-received-at", "2026-03-02T10:00:00.123Z"),
        ("sqm-clock-skew-ms", "-40"),
        ("sqm-agent-authorization", "Bearer sqm_t"),
    ]
    assert forwarded_headers(HOOK, None, None, "/v1/events") == [
        ("x-square-hmacsha256-signature", "abc="),
        ("sqm-received-at", "2026-03-02T10:00:00.123Z"),
    ]


def test_an_event_in_headers_shows_the_agent_s_token_as_its_own() -> None:
    event = HOOK._replace(path="/v1/events", headers=(("ce-id", "a"), ("authorization", "Bearer of-the-till")))
    assert forwarded_headers(event, "sqm_t", None, "/v1/events") == [
        ("ce-id", "a"), ("sqm-received-at", "2026-03-02T10:00:00.123Z"), ("authorization", "Bearer sqm_t"),
    ]  # fmt: skip
    assert ("authorization", "Bearer of-the-till") not in forwarded_headers(event, None, None, "/v1/events")


def test_the_size_of_a_record_counts_all_that_is_kept() -> None:
    bare = Record(Lane.EVENTS, AT, b"12345")
    assert HOOK.size - bare.size == len(HOOK.path) + sum(map(len, HOOK.headers[0])) - 3
