"""
Links that acknowledge: only we can make them, they say one thing, and they expire.
"""

import base64
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.engine.ack_links import AckFault, AckLink, VerifiedAck, signed, verified

KEY = b"a key of the operator's"
LINK = AckLink(alert="waiting:queue:harbour/counter", by="person:anna", expires_at=2_000)


def forge(body: object, key: bytes = KEY) -> str:
    """A token with any body, under the right key: what an older or a later version of ours could have made."""
    text = base64.urlsafe_b64encode(body if isinstance(body, bytes) else json.dumps(body).encode()).decode().rstrip("=")
    mac = hmac.digest(key, b"sqm acknowledge v1." + text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


@given(st.text(max_size=300), st.text(max_size=80), st.integers(1, 2**50))
def test_what_was_signed_is_what_is_read(alert: str, by: str, expires_at: int) -> None:
    link = AckLink(alert=alert, by=by, expires_at=expires_at)
    found = verified(signed(link, KEY), [KEY], expires_at - 1)
    assert isinstance(found, VerifiedAck)
    assert found.link == link


@pytest.mark.parametrize("letter", ["😀", "\x85", '"'])
def test_the_longest_key_of_an_alert_has_a_link_that_holds(letter: str) -> None:
    link = AckLink(alert=letter * 512, by=f"person:{'p' * 64}", expires_at=2**50)
    assert isinstance(verified(signed(link, KEY), [KEY], 0), VerifiedAck)


def test_a_token_needs_no_quoting_in_an_address() -> None:
    assert set(signed(AckLink("ü/?&=#", "person:ā", 1), KEY)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    )


def test_the_same_link_gives_the_same_token_and_another_link_another_id() -> None:
    assert signed(LINK, KEY) == signed(LINK, KEY)
    one = verified(signed(LINK, KEY), [KEY], 0)
    other = verified(signed(AckLink(LINK.alert, "person:boris", LINK.expires_at), KEY), [KEY], 0)
    assert isinstance(one, VerifiedAck)
    assert isinstance(other, VerifiedAck)
    assert one.id != other.id


def test_it_holds_up_to_its_expiry_and_no_longer() -> None:
    assert isinstance(verified(signed(LINK, KEY), [KEY], 1_999), VerifiedAck)
    assert verified(signed(LINK, KEY), [KEY], 2_000) is AckFault.EXPIRED


def test_while_keys_are_changed_over_both_are_good_and_afterwards_only_the_new_one() -> None:
    old = signed(LINK, b"old")
    assert isinstance(verified(old, [b"new", b"old"], 0), VerifiedAck)
    assert verified(old, [b"new"], 0) is AckFault.FORGED


@given(st.data())
def test_a_token_of_which_one_character_is_another_one_proves_nothing(data: st.DataObject) -> None:
    token = signed(LINK, KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("abcXYZ019-_.").filter(lambda one: one != token[place]))
    assert isinstance(verified(token[:place] + letter + token[place + 1 :], [KEY], 0), AckFault)


@pytest.mark.parametrize("token", ["", "no-dot", "ä.ö", "a" * 6_000 + ".b"])
def test_what_has_not_the_form_of_a_token_is_malformed(token: str) -> None:
    assert verified(token, [KEY], 0) is AckFault.MALFORMED


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"no json", {}, ["a", "b"], [1, "b", 3], ["a", 2, 3], ["a", "b", "c"], ["a", "b", 3, 4]]
)
def test_what_is_signed_and_yet_says_nothing_we_know_is_malformed(body: object) -> None:
    assert verified(forge(body), [KEY], 0) is AckFault.MALFORMED


def test_a_body_that_is_no_base64_is_malformed() -> None:
    mac = base64.urlsafe_b64encode(hmac.digest(KEY, b"sqm acknowledge v1.a", "sha256")).decode().rstrip("=")
    assert verified(f"a.{mac}", [KEY], 0) is AckFault.MALFORMED


def test_a_signature_for_another_purpose_under_the_same_key_proves_nothing() -> None:
    body = signed(LINK, KEY).partition(".")[0]
    mac = base64.urlsafe_b64encode(hmac.digest(KEY, body.encode(), "sha256")).decode().rstrip("=")
    assert verified(f"{body}.{mac}", [KEY], 0) is AckFault.FORGED
