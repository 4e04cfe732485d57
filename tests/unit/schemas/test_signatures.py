"""
Signature schemes as documents say them: what is accepted, and what is refused with which words.
"""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.signatures import SIGNATURES, HmacSignature

GOOD: dict[str, dict[str, Any]] = {
    "of the body alone": {"scheme": "hmac", "header": "X-Vendor-Hmac", "encoding": "base64"},
    "of address and body": {"scheme": "hmac", "header": "x-vendor-signature", "signs": "{url}{body}"},
    "with a time of its own header": {
        "scheme": "hmac", "header": "x-signature", "prefix": "sha256=", "signs": "{timestamp}.{body}",
        "time": {"header": "x-timestamp", "unit": "milliseconds", "tolerance": "10m"},
    },
    "with a time in the same header": {
        "scheme": "hmac", "header": "x-signature", "signs": "v0:{timestamp}:{body}",
        "parts": {"signature": "v1", "time": "t"}, "time": {},
    },
    "several keys and a time beside them": {
        "scheme": "hmac", "header": "x-signature", "signs": "{timestamp}.{body}",
        "parts": {"signature": "v1"}, "time": {"header": "x-timestamp"},
    },
    "a token": {"scheme": "token", "header": "x-api-key"},
    "a bearer token": {"scheme": "token", "prefix": "Bearer "},
    "a user with a password": {"scheme": "basic", "user": "till"},
    "a form": {"scheme": "form", "header": "x-form-signature", "body_hash": "bodySHA256"},
    "nothing, with the reason": {"scheme": "none", "why": "the sender stands on the same machine and can sign nothing"},
}  # fmt: skip

HMAC = {"scheme": "hmac", "header": "x-signature"}
BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "a scheme nobody knows": ({"scheme": "rot13"}, "", "union_tag_invalid"),
    "no scheme": ({"header": "x-signature"}, "", "union_tag_not_found"),
    "a header with a colon": ({**HMAC, "header": "x-signature:"}, "hmac.header", "string_pattern_mismatch"),
    "a broken hash": ({**HMAC, "hash": "md5"}, "hmac.hash", "literal_error"),
    "a template without the body": ({**HMAC, "signs": "{url}"}, "hmac.signs", "holds the {body}, once"),
    "a template with the body twice": ({**HMAC, "signs": "{body}{body}"}, "hmac.signs", "holds the {body}, once"),
    "a template with a field nobody knows": ({**HMAC, "signs": "{id}{body}"}, "hmac.signs", "knows {url}"),
    "a template with an open brace": ({**HMAC, "signs": "{body}{"}, "hmac.signs", "knows {url}"),
    "a template with a closing brace": ({**HMAC, "signs": "{body}}"}, "hmac.signs", "knows {url}"),
    "a time that is not signed": ({**HMAC, "time": {"header": "x-time"}}, "hmac.signs", "proves nothing"),
    "a signed time that is nowhere": ({**HMAC, "signs": "{timestamp}{body}"}, "hmac.signs", "belong together"),
    "a time without a place": ({**HMAC, "signs": "{timestamp}{body}", "time": {}}, "hmac.time.header", "one place"),
    "a time in two places": (
        {**HMAC, "signs": "{timestamp}{body}", "time": {"header": "x-t"}, "parts": {"signature": "v1", "time": "t"}},
        "hmac.time.header",
        "one place",
    ),
    "a part for a time that is not signed": (
        {**HMAC, "parts": {"signature": "v1", "time": "t"}}, "hmac.parts.time", "which unit",
    ),
    "parts and a prefix": ({**HMAC, "parts": {"signature": "v1"}, "prefix": "v1="}, "hmac.prefix", "no prefix"),
    "a tolerance without unit": (
        {**HMAC, "signs": "{timestamp}{body}", "time": {"header": "x-t", "tolerance": 300}},
        "hmac.time.tolerance",
        "with its unit",
    ),
    "a user with a colon": ({"scheme": "basic", "user": "till:1"}, "basic.user", "string_pattern_mismatch"),
    "nothing, without a reason": ({"scheme": "none"}, "none.why", "missing"),
    "nothing, and no words about it": ({"scheme": "none", "why": "because"}, "none.why", "string_too_short"),
    "a secret written out": ({"scheme": "token", "secret": "hunter2"}, "token.secret", "extra_forbidden"),
}  # fmt: skip


@pytest.mark.parametrize("case", GOOD, ids=str)
def test_a_scheme_is_accepted_and_accepted_again_as_it_is_written_back(case: str) -> None:
    once = SIGNATURES.validate_python(GOOD[case])
    assert SIGNATURES.validate_json(SIGNATURES.dump_json(once)) == once


@pytest.mark.parametrize("case", BAD, ids=str)
def test_a_scheme_is_refused_at_its_place_for_its_reason(case: str) -> None:
    document, place, reason = BAD[case]
    with pytest.raises(ValidationError) as caught:
        SIGNATURES.validate_python(document)
    (fault,) = caught.value.errors(include_url=False)
    assert ".".join(map(str, fault["loc"])) == place
    assert reason in fault["type"] or reason in fault["msg"]


def test_names_of_headers_are_kept_in_small_letters() -> None:
    signature = SIGNATURES.validate_python(GOOD["of the body alone"])
    assert isinstance(signature, HmacSignature)
    assert signature.header == "x-vendor-hmac"
