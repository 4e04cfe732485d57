"""
Laws of signatures: what is signed is believed, and nothing else is, however little was altered.
"""

from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.signatures import SIGNATURES, Signature
from services.ingest.engine.signatures import SignatureFault, SignedRequest, check_signature, joined_headers, sign

NOW = 1_770_000_000_000
TOLERANCE = 300_000

HASHES = st.sampled_from(["sha256", "sha1", "sha512"])
ENCODINGS = st.sampled_from(["hex", "base64"])
UNITS = st.sampled_from(["seconds", "milliseconds", "rfc3339"])
BYTES = st.binary(max_size=60)
SECRETS = st.binary(min_size=1, max_size=60)
FORM = {"content-type": "application/x-www-form-urlencoded"}
FAULTS = list(SignatureFault)


@st.composite
def hashed(draw: st.DrawFn) -> Signature:
    """
    A scheme that signs the body, with or without address and time.
    """
    said: dict[str, object] = {"hash": draw(HASHES), "encoding": draw(ENCODINGS), "header": "x-signature"}
    if draw(st.booleans()):
        return SIGNATURES.validate_python({"scheme": "form", "body_hash": "hash", **said})
    signs = draw(st.sampled_from(["{body}", "{url}{body}", "{timestamp}.{body}", "{url}:{timestamp}:{body}"]))
    parts = draw(st.booleans())
    timed = "{timestamp}" in signs
    apart = draw(st.booleans()) or not parts
    if parts:
        said["parts"] = {"signature": "v1"} | ({"time": "t"} if timed and not apart else {})
    else:
        said["prefix"] = draw(st.sampled_from(["", "v1="]))
    if timed:
        said["time"] = {"unit": draw(UNITS)} | ({"header": "x-time"} if apart else {})
    return SIGNATURES.validate_python({"scheme": "hmac", "signs": signs, **said})


def request(body: bytes) -> SignedRequest:
    return SignedRequest("POST", "https://sqm.example/v1/webhooks/a/b", {}, body)


@given(hashed(), BYTES, SECRETS, SECRETS)
def test_what_is_signed_is_believed_under_either_secret(
    signature: Signature, body: bytes, secret: bytes, other: bytes
) -> None:
    signed = sign(signature, secret, request(body), NOW)
    for secrets in ([secret], [secret, other], [other, secret]):
        assert check_signature(signature, secrets, signed, NOW) is None


@given(hashed(), BYTES, SECRETS, SECRETS)
def test_what_another_secret_signed_is_wrong(signature: Signature, body: bytes, secret: bytes, other: bytes) -> None:
    # HMAC fills a short key up with zeros, so these two are one key.
    assume(secret.rstrip(b"\0") != other.rstrip(b"\0"))
    signed = sign(signature, other, request(body), NOW)
    assert check_signature(signature, [secret], signed, NOW) is SignatureFault.WRONG


@given(hashed(), BYTES, SECRETS, st.data())
def test_one_altered_byte_is_refused(signature: Signature, body: bytes, secret: bytes, data: st.DataObject) -> None:
    assume(body)
    signed = sign(signature, secret, request(body), NOW)
    place = data.draw(st.integers(0, len(body) - 1))
    byte = data.draw(st.integers(1, 255))
    altered = body[:place] + bytes([body[place] ^ byte]) + body[place + 1 :]
    assert check_signature(signature, [secret], signed._replace(body=altered), NOW) is SignatureFault.WRONG


@given(hashed(), BYTES, SECRETS, st.integers(-2 * TOLERANCE, 2 * TOLERANCE))
def test_a_time_decides_alone_by_its_distance(signature: Signature, body: bytes, secret: bytes, shift: int) -> None:
    signed = sign(signature, secret, request(body), NOW)
    timed = getattr(signature, "time", None) is not None
    expected = None
    if timed and shift > TOLERANCE:
        expected = SignatureFault.STALE
    if timed and shift < -TOLERANCE:
        expected = SignatureFault.EARLY
    assert check_signature(signature, [secret], signed, NOW + shift) is expected


@given(hashed(), BYTES, SECRETS, st.lists(st.tuples(st.sampled_from(["X-Signature", "x-time"]), st.text(max_size=80))))
def test_no_header_breaks_anything_or_is_believed(
    signature: Signature, body: bytes, secret: bytes, pairs: list[tuple[str, str]]
) -> None:
    posted = request(body)._replace(headers=joined_headers(pairs))
    assert check_signature(signature, [secret], posted, NOW) in FAULTS


@given(
    st.lists(st.tuples(st.text("ab+& =%é", max_size=4), st.text("ab+& =%é", max_size=4)), max_size=6), SECRETS, BYTES
)
def test_no_form_breaks_anything(fields: list[tuple[str, str]], secret: bytes, body: bytes) -> None:
    signature = SIGNATURES.validate_python({"scheme": "form", "header": "x-signature"})
    raw = "&".join(f"{name}={value}" for name, value in fields).encode()
    for posted in (request(raw)._replace(headers=FORM), request(body)._replace(headers=FORM)):
        signed = sign(signature, secret, posted, NOW)
        assert check_signature(signature, [secret], signed, NOW) in {None, SignatureFault.MALFORMED}
