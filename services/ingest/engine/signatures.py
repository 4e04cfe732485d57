"""
Signatures of webhooks, checked on the bytes as they came, before anybody reads them; and made, for whoever tries one.

What a sender can find out from how long an answer takes is kept small: whatever is wrong with a request, all of it is
hashed with every secret, and every result is compared in constant time.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from schemas.base import format_instant, parse_instant
from schemas.signatures import (
    BasicSignature,
    FormSignature,
    HashName,
    HmacSignature,
    NoSignature,
    Signature,
    SignatureEncoding,
    SignedTime,
    TokenSignature,
)

__all__ = ["SignatureFault", "SignedRequest", "any_fits", "check_signature", "joined_headers", "proof_header", "sign"]

LONGEST_HEADER: Final = 4_096
"""Characters; no scheme needs more, and what is longer is not even split."""
MOST_SIGNATURES: Final = 8
"""In one header: while a sender changes its secret over, it sends two."""
MOST_FIELDS: Final = 1_000
"""Of a form."""
_FORM: Final = "application/x-www-form-urlencoded"

_SIZES: Final[dict[HashName, int]] = {"sha1": 20, "sha256": 32, "sha512": 64}
_SECONDS: Final = re.compile(r"[0-9]{1,11}")
_MILLISECONDS: Final = re.compile(r"[0-9]{1,14}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_HEX: Final = re.compile(r"[0-9a-f]+")
_FIELD: Final = re.compile(r"(\{(?:url|timestamp|body)\})")


class SignatureFault(StrEnum):
    """
    Why a request is not believed; counted under these names, and never told to whoever sent it.
    """

    MISSING = "missing"
    """A header that the scheme needs is not there."""
    MALFORMED = "malformed"
    """A header is there, and is not written as the scheme says, or the body is no form where it should be one."""
    WRONG = "wrong"
    """No secret gives this signature: another secret, or something was altered on the way."""
    STALE = "stale"
    """Rightly signed, too long ago: an old message sent again, or our clock is ahead."""
    EARLY = "early"
    """Rightly signed, in the future: the sender's clock is ahead, or ours behind."""
    NO_SECRET = "no_secret"  # noqa: S105 - the name of a fault
    """We have no secret to check with."""


class SignedRequest(NamedTuple):
    """
    What was posted: `url` as the sender knows it, with its query; `headers` by their names in small letters.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


class _Claim(NamedTuple):
    """
    What a request says about itself: signatures to compare, or what is wrong with them, and the time that it states.
    """

    given: tuple[bytes, ...] = ()
    fault: SignatureFault | None = None
    timestamp: str = ""
    at_ms: int | None = None


class _Unreadable(Exception):
    """
    A header that cannot be read as the scheme says.
    """

    def __init__(self, fault: SignatureFault) -> None:
        super().__init__(fault)
        self.fault = fault


def check_signature(
    signature: Signature, secrets: Sequence[bytes], request: SignedRequest, now_ms: int
) -> SignatureFault | None:
    """
    Check that a request received at `now_ms` was sent by whoever has one of the secrets; None where it was.

    An empty secret is none: with it anybody could sign.
    """
    if isinstance(signature, NoSignature):
        return None
    keys = [secret for secret in secrets if secret]
    if not keys:
        return SignatureFault.NO_SECRET
    try:
        claim = _claim(signature, request)
    except _Unreadable as unreadable:
        claim = _Claim(fault=unreadable.fault)
    expected, fault = _expected(signature, request, claim.timestamp)
    fits = any_fits((expected(key) for key in keys), claim.given or (b"",))
    if claim.fault or fault:
        return claim.fault or fault
    if not fits:
        return SignatureFault.WRONG
    if isinstance(signature, HmacSignature) and signature.time is not None and claim.at_ms is not None:
        return _age(claim.at_ms, now_ms, signature.time.tolerance)
    return None


def any_fits(expected: Iterable[bytes], given: Sequence[bytes]) -> bool:
    """
    Tell whether one of those expected was given. All are compared, in constant time: none ends the search.

    They are hashed before: else the time would tell how long a secret is.
    """
    found = [
        hmac.compare_digest(hashlib.sha256(one).digest(), hashlib.sha256(other).digest())
        for one in expected
        for other in given
    ]
    return any(found)


def joined_headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """
    The headers by their names in small letters; one that came twice is joined by a comma, as HTTP reads it.

    So a second signature beside the first is no choice of the sender's which of them counts.
    """
    headers: dict[str, str] = {}
    for name, value in pairs:
        small = name.lower()
        headers[small] = f"{headers[small]},{value}" if small in headers else value
    return headers


def proof_header(signature: Signature) -> str | None:
    """
    The header that proves who sent a request, by its name in small letters; None where nothing does.
    """
    return None if isinstance(signature, NoSignature) else _header(signature)


def sign(signature: Signature, secret: bytes, request: SignedRequest, now_ms: int) -> SignedRequest:
    """
    Sign a request as its sender would, at `now_ms`: the request with the headers (and the address) that prove it.
    """
    if isinstance(signature, NoSignature):
        return request
    if isinstance(signature, FormSignature) and signature.body_hash is not None and not _is_form(request):
        mark = "&" if urlsplit(request.url).query else "?"
        digest = hashlib.sha256(request.body).hexdigest()
        request = request._replace(url=f"{request.url}{mark}{signature.body_hash}={digest}")
    timestamp = ""
    added: dict[str, str] = {}
    if isinstance(signature, HmacSignature) and signature.time is not None:
        timestamp = _written(signature.time, now_ms)
        if signature.time.header is not None:
            added[signature.time.header] = timestamp
    expected, _ = _expected(signature, request, timestamp)
    proof = expected(secret).decode()
    if isinstance(signature, HmacSignature) and signature.parts is not None:
        stamp = f"{signature.parts.time}={timestamp}," if signature.parts.time is not None else ""
        proof = f"{stamp}{signature.parts.signature}={proof}"
    added[_header(signature)] = _prefix(signature) + proof
    return request._replace(headers={**request.headers, **added})


_Signed = HmacSignature | TokenSignature | BasicSignature | FormSignature


def _header(signature: _Signed) -> str:
    return "authorization" if isinstance(signature, BasicSignature) else signature.header


def _prefix(signature: _Signed) -> str:
    if isinstance(signature, FormSignature):
        return ""
    return "Basic " if isinstance(signature, BasicSignature) else signature.prefix


def _expected(
    signature: _Signed, request: SignedRequest, timestamp: str
) -> tuple[Callable[[bytes], bytes], SignatureFault | None]:
    """
    What a secret gives for this request, as the claim holds it; and what is wrong with the request's body.
    """
    if isinstance(signature, HmacSignature):
        message = b"".join(_message(signature.signs, request, timestamp))
        return lambda key: _written_digest(key, message, signature.hash, signature.encoding), None
    if isinstance(signature, FormSignature):
        fields, fault = _form_fields(signature, request)
        message = _bytes(request.url) + fields
        return lambda key: _written_digest(key, message, signature.hash, signature.encoding), fault
    if isinstance(signature, BasicSignature):
        return lambda key: base64.b64encode(signature.user.encode() + b":" + key), None
    return lambda key: key, None


def _claim(signature: _Signed, request: SignedRequest) -> _Claim:
    header = _read(request, _header(signature))
    if isinstance(signature, HmacSignature):
        return _hmac_claim(signature, header, request)
    if isinstance(signature, FormSignature):
        return _Claim((_proper(header, signature.hash, signature.encoding),))
    prefix = _prefix(signature)
    if not header.lower().startswith(prefix.lower()):
        raise _Unreadable(SignatureFault.MALFORMED)
    return _Claim((header[len(prefix) :].encode(),))


def _hmac_claim(signature: HmacSignature, header: str, request: SignedRequest) -> _Claim:
    if signature.parts is None:
        if not header.startswith(signature.prefix):
            raise _Unreadable(SignatureFault.MALFORMED)
        texts = [header[len(signature.prefix) :]]
        times: list[str] = []
    else:
        pairs = [part.strip().partition("=") for part in header.split(",")]
        texts = [value for key, _, value in pairs if key == signature.parts.signature]
        times = [value for key, _, value in pairs if key == signature.parts.time]
    if not 0 < len(texts) <= MOST_SIGNATURES:
        raise _Unreadable(SignatureFault.MALFORMED)
    given = tuple(_proper(text, signature.hash, signature.encoding) for text in texts)
    if signature.time is None:
        return _Claim(given)
    if signature.time.header is not None:
        times = [_read(request, signature.time.header)]
    if len(times) != 1:
        raise _Unreadable(SignatureFault.MALFORMED)
    return _Claim(given, None, times[0], _instant(signature.time, times[0]))


def _read(request: SignedRequest, header: str) -> str:
    text = request.headers.get(header, "").strip()
    if not text:
        raise _Unreadable(SignatureFault.MISSING)
    if len(text) > LONGEST_HEADER or not text.isascii():
        raise _Unreadable(SignatureFault.MALFORMED)
    return text


def _proper(text: str, hash_name: HashName, encoding: SignatureEncoding) -> bytes:
    """
    The signature as we would write it. Compared as text: of two texts for the same bytes one alone is right.
    """
    size = _SIZES[hash_name]
    length = 2 * size if encoding == "hex" else (size + 2) // 3 * 4
    text = text.lower() if encoding == "hex" else text
    shape = _HEX if encoding == "hex" else _BASE64
    if len(text) != length or not shape.fullmatch(text):
        raise _Unreadable(SignatureFault.MALFORMED)
    return text.encode()


def _instant(time: SignedTime, text: str) -> int:
    if time.unit == "rfc3339":
        try:
            # Of small letters too, which RFC 3339 allows.
            return parse_instant(text.upper())
        except ValueError:
            pass
    elif time.unit == "seconds" and _SECONDS.fullmatch(text):
        return int(text) * 1_000
    elif time.unit == "milliseconds" and _MILLISECONDS.fullmatch(text):
        return int(text)
    raise _Unreadable(SignatureFault.MALFORMED)


def _written(time: SignedTime, now_ms: int) -> str:
    if time.unit == "rfc3339":
        return format_instant(now_ms)
    return str(now_ms // 1_000 if time.unit == "seconds" else now_ms)


def _age(at_ms: int, now_ms: int, tolerance_ms: int) -> SignatureFault | None:
    if now_ms - at_ms > tolerance_ms:
        return SignatureFault.STALE
    return SignatureFault.EARLY if at_ms - now_ms > tolerance_ms else None


@lru_cache(maxsize=64)
def _pieces(template: str) -> tuple[str, ...]:
    return tuple(piece for piece in _FIELD.split(template) if piece)


def _message(template: str, request: SignedRequest, timestamp: str) -> Iterator[bytes]:
    for piece in _pieces(template):
        if piece == "{body}":
            yield request.body
        else:
            yield _bytes({"{url}": request.url, "{timestamp}": timestamp}.get(piece, piece))


def _bytes(text: str) -> bytes:
    # Whatever a server made of an address that was no UTF-8: it has a signature that is wrong, and breaks nothing.
    return text.encode("utf-8", "surrogatepass")


def _written_digest(key: bytes, message: bytes, hash_name: HashName, encoding: SignatureEncoding) -> bytes:
    digest = hmac.digest(key, message, hash_name)
    return digest.hex().encode() if encoding == "hex" else base64.b64encode(digest)


def _is_form(request: SignedRequest) -> bool:
    return request.headers.get("content-type", "").split(";")[0].strip().lower() == _FORM


def _form_fields(signature: FormSignature, request: SignedRequest) -> tuple[bytes, SignatureFault | None]:
    """
    What is signed beside the address: names and values of a form. Of any other body its hash is in the address.
    """
    if _is_form(request):
        try:
            pairs = parse_qsl(
                request.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
            )
        except ValueError:
            return b"", SignatureFault.MALFORMED
        # A value that came twice under its name is signed once.
        return "".join(name + value for name, value in sorted(set(pairs))).encode(), None
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    stated = [value for name, value in query if name == signature.body_hash]
    digest = hashlib.sha256(request.body).hexdigest()
    if not stated:
        return b"", SignatureFault.MISSING if request.body else None
    if not any_fits([digest.encode()], [value.lower().encode() for value in stated]) or len(stated) > 1:
        return b"", SignatureFault.WRONG
    return b"", None
