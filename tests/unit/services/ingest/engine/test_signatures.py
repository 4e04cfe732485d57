"""
Signatures of webhooks: the vectors that vendors publish, and everything that a sender may get wrong.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple, overload
from urllib.parse import urlencode

import pytest

from schemas.signatures import SIGNATURES, Signature
from services.alerts.shell.notifiers.webhook import signatures as our_own
from services.ingest.engine.signatures import (
    LONGEST_HEADER,
    MOST_FIELDS,
    MOST_SIGNATURES,
    SignatureFault,
    SignedRequest,
    any_fits,
    check_signature,
    joined_headers,
    proof_header,
    sign,
)

NOW = 1_770_000_000_000
MINUTE = 60_000
URL = "https://sqm.example/v1/webhooks/vendor/till"
SECRET = b"a secret of the vendor"


def scheme(**said: object) -> Signature:
    return SIGNATURES.validate_python(said)


def request(body: bytes = b"{}", url: str = URL, **headers: str) -> SignedRequest:
    return with_headers(headers)._replace(body=body, url=url)


def with_headers(headers: dict[str, str]) -> SignedRequest:
    return SignedRequest("POST", URL, {name.replace("_", "-"): value for name, value in headers.items()}, b"{}")


class Vector(NamedTuple):
    signature: Signature
    secret: bytes
    request: SignedRequest


FORM_FIELDS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
OTHER_CALLER = {"Caller": "+12349013030", "From": "+12349013030"}
FORM_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = scheme(scheme="form", header="X-Twilio-Signature", body_hash="bodySHA256")
FORM_TYPE = "application/x-www-form-urlencoded; charset=utf-8"
JSON_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
ADDRESS_AND_BODY = scheme(scheme="hmac", header="x-square-hmacsha256-signature", encoding="base64", signs="{url}{body}")
TIMED = scheme(
    scheme="hmac", header="x-signature", prefix="sha256=", signs="{timestamp}.{body}", time={"header": "x-timestamp"}
)
WRITTEN = scheme(
    scheme="hmac", header="x-signature", encoding="base64", signs="{timestamp}{body}",
    time={"header": "x-timestamp", "unit": "rfc3339", "tolerance": "10m"},
)  # fmt: skip
MILLIS = scheme(
    scheme="hmac", header="x-signature", hash="sha512", signs="{timestamp}{body}",
    time={"header": "x-timestamp", "unit": "milliseconds"},
)  # fmt: skip
PARTS = scheme(
    scheme="hmac", header="x-signature", signs="{timestamp}.{body}", parts={"signature": "v1", "time": "t"}, time={}
)
OURS = scheme(
    scheme="hmac", header="sqm-signature", signs="{timestamp}.{body}", parts={"signature": "v1"},
    time={"header": "sqm-timestamp"},
)  # fmt: skip
PLAIN = scheme(scheme="hmac", header="x-hub-signature", hash="sha1", prefix="sha1=")
TOKEN = scheme(scheme="token", header="x-api-key")
BEARER = scheme(scheme="token", prefix="Bearer ")
BASIC = scheme(scheme="basic", user="till")
NOTHING = scheme(scheme="none", why="the sender stands on the same machine and can sign nothing")
ALL = {
    "address and body": ADDRESS_AND_BODY, "timed": TIMED, "written time": WRITTEN, "milliseconds": MILLIS,
    "parts": PARTS, "ours": OURS, "plain": PLAIN, "token": TOKEN, "bearer": BEARER, "basic": BASIC, "form": FORM,
}  # fmt: skip

VECTORS = {
    # developer.squareup.com/docs/webhooks/step3validate
    "Square": Vector(
        ADDRESS_AND_BODY,
        b"asdf1234",
        request(
            b'{"hello":"world"}', "https://example.com/webhook",
            x_square_hmacsha256_signature="2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og=",
        ),
    ),
    # twilio.com/docs/usage/security, and the tests of the vendor's libraries
    "Twilio, a form": Vector(
        FORM,
        b"12345",
        request(
            urlencode(FORM_FIELDS).encode(), FORM_URL, content_type=FORM_TYPE,
            x_twilio_signature="RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        ),
    ),
    "Twilio, a form with new fields in another order": Vector(
        FORM,
        b"12345",
        request(
            urlencode({**dict(reversed(FORM_FIELDS.items())), **OTHER_CALLER}).encode(), FORM_URL,
            content_type=FORM_TYPE, x_twilio_signature="0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
        ),
    ),
    "Twilio, JSON": Vector(
        FORM,
        b"12345",
        request(
            b'{"property": "value", "boolean": true}', f"{FORM_URL}&bodySHA256={JSON_HASH}",
            content_type="application/json", x_twilio_signature="a9nBmqA0ju/hNViExpshrM61xv4=",
        ),
    ),
    # RFC 4231, test cases 2 and 1: what every scheme of this kind stands on
    "RFC 4231 with SHA-256": Vector(
        scheme(scheme="hmac", header="x-signature"),
        b"Jefe",
        request(
            b"what do ya want for nothing?",
            x_signature="5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    ),
    "RFC 4231 with SHA-512": Vector(
        scheme(scheme="hmac", header="x-signature", hash="sha512"),
        b"\x0b" * 20,
        request(
            b"Hi There",
            x_signature="87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
            "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        ),
    ),
    # RFC 7617, section 2
    "RFC 7617": Vector(
        scheme(scheme="basic", user="Aladdin"),
        b"open sesame",
        request(authorization="Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
def test_what_a_vendor_publishes_as_right_is_right(name: str) -> None:
    vector = VECTORS[name]
    assert check_signature(vector.signature, [vector.secret], vector.request, NOW) is None
    assert check_signature(vector.signature, [b"another"], vector.request, NOW) is SignatureFault.WRONG


@pytest.mark.parametrize("name", ALL)
def test_what_is_signed_is_believed_under_either_of_two_secrets(name: str) -> None:
    signed = sign(ALL[name], SECRET, request(b'{"a": 1}'), NOW)
    assert check_signature(ALL[name], [SECRET], signed, NOW) is None
    assert check_signature(ALL[name], [b"new", SECRET], signed, NOW) is None
    assert check_signature(ALL[name], [SECRET, b"new"], signed, NOW) is None
    assert check_signature(ALL[name], [b"new"], signed, NOW) is SignatureFault.WRONG


@pytest.mark.parametrize("name", ALL)
def test_no_secret_and_an_empty_one_believe_nobody(name: str) -> None:
    signed = sign(ALL[name], b"", request(b'{"a": 1}'), NOW)
    assert check_signature(ALL[name], [], signed, NOW) is SignatureFault.NO_SECRET
    assert check_signature(ALL[name], [b""], signed, NOW) is SignatureFault.NO_SECRET


@pytest.mark.parametrize("name", ALL)
def test_a_request_without_the_header_is_missing_it(name: str) -> None:
    assert check_signature(ALL[name], [SECRET], request(b'{"a": 1}'), NOW) is SignatureFault.MISSING


@pytest.mark.parametrize(
    "name", ["address and body", "timed", "written time", "milliseconds", "parts", "plain", "form"]
)
def test_a_body_altered_by_one_byte_is_wrong(name: str) -> None:
    signed = sign(ALL[name], SECRET, request(b'{"a": 1}'), NOW)
    altered = signed._replace(body=b'{"a": 2}')
    assert check_signature(ALL[name], [SECRET], altered, NOW) is SignatureFault.WRONG


def test_another_address_than_the_sender_was_told_is_wrong() -> None:
    for signature in (ADDRESS_AND_BODY, FORM):
        signed = sign(signature, SECRET, request(b'{"a": 1}'), NOW)
        moved = signed._replace(url=signed.url.replace("till", "t\udce9ll"))
        assert check_signature(signature, [SECRET], moved, NOW) is SignatureFault.WRONG


@pytest.mark.parametrize(("name", "minutes"), [("timed", 5), ("written time", 10), ("milliseconds", 5), ("parts", 5)])
def test_a_replay_is_refused_once_it_is_older_than_the_tolerance(name: str, minutes: int) -> None:
    #    early |<---- tolerance ---->| signed at NOW |<---- tolerance ---->| stale
    signed = sign(ALL[name], SECRET, request(), NOW)
    told = {
        shift: check_signature(ALL[name], [SECRET], signed, NOW + shift)
        for shift in (-minutes * MINUTE - 1, -minutes * MINUTE, minutes * MINUTE, minutes * MINUTE + 1)
    }
    assert list(told.values()) == [SignatureFault.EARLY, None, None, SignatureFault.STALE]


def test_a_time_that_was_made_younger_is_wrong_and_not_early_or_stale() -> None:
    signed = sign(TIMED, SECRET, request(), NOW - 60 * MINUTE)
    younger = signed._replace(headers={**signed.headers, "x-timestamp": str(NOW // 1_000)})
    assert check_signature(TIMED, [SECRET], younger, NOW) is SignatureFault.WRONG


def test_our_own_webhooks_can_be_received_while_their_secret_is_changed_over() -> None:
    body = b'{"version": "1"}'
    posted = request(body, sqm_timestamp=str(NOW // 1_000), sqm_signature=our_own([b"old", b"new"], NOW // 1_000, body))
    for secret in (b"old", b"new"):
        assert check_signature(OURS, [secret], posted, NOW) is None
    assert check_signature(OURS, [b"neither"], posted, NOW) is SignatureFault.WRONG


HEX = "0" * 64
MALFORMED = {
    "no hex": (PLAIN, {"x_hub_signature": "sha1=" + "g" * 40}),
    "too short": (PLAIN, {"x_hub_signature": "sha1=" + "0" * 39}),
    "digits of another script": (PLAIN, {"x_hub_signature": "sha1=" + "\u0664" * 40}),
    "another prefix": (PLAIN, {"x_hub_signature": "sha256=" + "0" * 40}),
    "two in one header": (PLAIN, joined_headers([("X_Hub_Signature", "sha1=" + "0" * 40)] * 2)),
    "far too long": (PLAIN, {"x_hub_signature": "0" * (LONGEST_HEADER + 1)}),
    "no base64": (ADDRESS_AND_BODY, {"x_square_hmacsha256_signature": "-" * 44}),
    "no key of the signature": (PARTS, {"x_signature": "t=1"}),
    "too many signatures": (PARTS, {"x_signature": "t=1" + f",v1={HEX}" * (MOST_SIGNATURES + 1)}),
    "no key of the time": (PARTS, {"x_signature": f"v1={HEX}"}),
    "two times": (PARTS, {"x_signature": f"t=1,t=2,v1={HEX}"}),
    "a time in words": (TIMED, {"x_signature": "sha256=" + HEX, "x_timestamp": "now"}),
    "a time with a sign": (MILLIS, {"x_signature": HEX * 2, "x_timestamp": "-1"}),
    "a local time": (WRITTEN, {"x_signature": "A" * 43 + "=", "x_timestamp": "2026-02-02T02:40:00"}),
    "a day that is none": (WRITTEN, {"x_signature": "A" * 43 + "=", "x_timestamp": "2026-02-30T02:40:00Z"}),
    "basic that is bearer": (BASIC, {"authorization": "Bearer abc"}),
    "bearer that is basic": (BEARER, {"authorization": "Basic abc"}),
    "bearer of nothing": (BEARER, {"authorization": "Bearer "}),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_header_that_is_not_as_the_scheme_says_is_malformed(name: str) -> None:
    signature, headers = MALFORMED[name]
    assert check_signature(signature, [SECRET], with_headers(headers), NOW) is SignatureFault.MALFORMED


def test_a_missing_time_is_missing_although_a_signature_is_there() -> None:
    signed = sign(TIMED, SECRET, request(), NOW)
    alone = signed._replace(headers={"x-signature": signed.headers["x-signature"]})
    assert check_signature(TIMED, [SECRET], alone, NOW) is SignatureFault.MISSING


def test_hex_may_be_in_large_letters_and_a_bearer_too_but_base64_has_one_spelling() -> None:
    for signature, header in ((PLAIN, "x-hub-signature"), (BEARER, "authorization")):
        signed = sign(signature, b"SECRET", request(), NOW)
        prefix, rest = signed.headers[header].split("=" if signature is PLAIN else " ")
        large = prefix + "=" + rest.upper() if signature is PLAIN else prefix.upper() + " " + rest
        assert check_signature(signature, [b"SECRET"], signed._replace(headers={header: large}), NOW) is None
    signed = sign(ADDRESS_AND_BODY, SECRET, request(), NOW)
    (text,) = signed.headers.values()
    alike = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = text[:42] + alike[alike.index(text[42]) ^ 1] + "="  # decodes to the same bytes
    twin = signed._replace(headers={"x-square-hmacsha256-signature": other})
    assert check_signature(ADDRESS_AND_BODY, [SECRET], twin, NOW) is SignatureFault.WRONG


def form(body: bytes, url: str = URL, **headers: str) -> SignedRequest:
    return sign(FORM, SECRET, request(body, url, content_type=FORM_TYPE, **headers), NOW)


def test_a_form_is_signed_by_its_fields_in_the_order_of_their_names() -> None:
    signed = form(b"b=2&a=1&a=1&empty=&c=%C4%81")
    assert check_signature(FORM, [SECRET], signed._replace(body=b"c=%C4%81&empty=&a=1&b=2"), NOW) is None
    assert check_signature(FORM, [SECRET], signed._replace(body=b"a=1&b=2"), NOW) is SignatureFault.WRONG


def test_a_form_that_is_none_is_malformed() -> None:
    for body in (b"\xff=1", b"a=%FF", b"&".join([b"a=1"] * (MOST_FIELDS + 1))):
        assert check_signature(FORM, [SECRET], form(body), NOW) is SignatureFault.MALFORMED


def test_a_body_that_is_no_form_needs_its_hash_in_the_address_once() -> None:
    signed = sign(FORM, SECRET, request(b"{}", URL + "?a=1"), NOW)
    assert signed.url == f"{URL}?a=1&bodySHA256={hashlib.sha256(b'{}').hexdigest()}"
    assert check_signature(FORM, [SECRET], signed, NOW) is None
    without = scheme(scheme="form", header="X-Twilio-Signature")
    bare = sign(without, SECRET, request(b"{}"), NOW)
    assert check_signature(without, [SECRET], bare, NOW) is SignatureFault.MISSING
    assert check_signature(without, [SECRET], sign(without, SECRET, request(b""), NOW), NOW) is None
    twice = sign(without, SECRET, signed._replace(url=f"{signed.url}&bodySHA256=0"), NOW)
    assert check_signature(FORM, [SECRET], twice, NOW) is SignatureFault.WRONG


def test_the_header_that_proves_is_named_whatever_the_scheme() -> None:
    assert [proof_header(one) for one in (PLAIN, TOKEN, BASIC, FORM, NOTHING)] == [
        "x-hub-signature", "x-api-key", "authorization", "x-twilio-signature", None,
    ]  # fmt: skip


def test_what_needs_no_signature_has_none() -> None:
    assert sign(NOTHING, SECRET, request(), NOW) == request()
    assert check_signature(NOTHING, [], request(), NOW) is None


def test_a_header_that_came_twice_is_joined_whatever_the_size_of_its_letters() -> None:
    assert joined_headers([("X-A", "1"), ("x-b", "2"), ("x-a", "3")]) == {"x-a": "1,3", "x-b": "2"}


class Watched(Sequence[bytes]):
    """
    A list that remembers how many of its entries were looked at.
    """

    def __init__(self, *entries: bytes) -> None:
        self.entries = entries
        self.seen: list[bytes] = []

    @overload
    def __getitem__(self, place: int) -> bytes: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[bytes]: ...

    def __getitem__(self, place: int | slice) -> bytes | Sequence[bytes]:
        return self.entries[place]

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[bytes]:
        for entry in self.entries:
            self.seen.append(entry)
            yield entry


@pytest.mark.parametrize("right", [0, 1, 2, None], ids=["the first", "the second", "the last", "none"])
def test_every_secret_is_compared_with_every_signature_whichever_fits(right: int | None) -> None:
    expected = Watched(*(b"right" if place == right else b"wrong" for place in range(3)))
    given = Watched(b"right", b"other")
    assert any_fits(expected, given) is (right is not None)
    assert len(expected.seen) == 3
    assert given.seen == [b"right", b"other"] * 3


@pytest.mark.parametrize("said", [{}, {"x_hub_signature": "sha1=?"}, {"x_hub_signature": "sha1=" + "0" * 40}])
def test_every_secret_is_used_whatever_is_wrong_with_a_request(said: dict[str, str]) -> None:
    secrets = Watched(b"one", b"two", b"three")
    assert check_signature(PLAIN, secrets, with_headers(said), NOW) is not None
    assert secrets.seen == [b"one", b"two", b"three"]
