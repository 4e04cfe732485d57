"""
Signed links with which whoever gets a message acknowledges an alert, without logging in.

A token says which alert, on whose behalf and until when, and an HMAC-SHA256 over that. Anybody who has the link can
use it, as with every link that is mailed; so it expires, does nothing but acknowledge, and may be used once. Whether it
was used is remembered by the caller, under the token's ``id``. Programs that look at links before people do (mail
scanners, previews of chats) only ask for the page; what acknowledges is the button on it.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from schemas.base import Millis

__all__ = ["AckFault", "AckLink", "AckLinks", "VerifiedAck", "signed", "verified"]

AckLinks = Callable[[str, str, Millis], str]
"""Makes the address of a link from the alert's key, on whose behalf (`person:ID` or `receiver:ID`), and its expiry;
empty where links cannot be had."""

_PURPOSE: Final = b"sqm acknowledge v1."
"""Stands before what is signed, so that a signature made for something else under the same key proves nothing."""
_LONGEST: Final = 5_000
"""The key of an alert may have 512 characters of four bytes each, of which a token makes a third more."""
_FIELDS: Final = 3


@dataclass(frozen=True, slots=True)
class AckLink:
    """
    What a link stands for. ``expires_at`` is milliseconds since the epoch; at that instant it no longer holds.
    """

    alert: str
    by: str
    expires_at: Millis


@dataclass(frozen=True, slots=True)
class VerifiedAck:
    """
    A link that was signed by us and still holds; ``id`` is what is remembered once it was used.
    """

    link: AckLink
    id: str


class AckFault(StrEnum):
    """
    Why a token proves nothing.
    """

    MALFORMED = "malformed"
    FORGED = "forged"
    EXPIRED = "expired"


def signed(link: AckLink, key: bytes) -> str:
    """
    Write a link as a token for an address: letters, digits, ``-``, ``_`` and one dot. The same link gives the same
    token, so that a copy of a message does not make a second one.
    """
    body = _encoded(json.dumps([link.alert, link.by, link.expires_at], ensure_ascii=False).encode())
    return f"{body}.{_encoded(_mac(body, key))}"


def verified(token: str, keys: Sequence[bytes], now: Millis) -> VerifiedAck | AckFault:
    """
    Read a token that somebody presents; several keys while they are changed over.
    """
    body, dot, mac = token.partition(".")
    if not dot or len(token) > _LONGEST or not token.isascii():
        return AckFault.MALFORMED
    # Every key is tried, so that the time of an answer does not tell which one fits.
    fits = [hmac.compare_digest(_encoded(_mac(body, key)), mac) for key in keys]
    if not any(fits):
        return AckFault.FORGED
    link = _read(body)
    if link is None:
        return AckFault.MALFORMED
    if now >= link.expires_at:
        return AckFault.EXPIRED
    return VerifiedAck(link=link, id=hashlib.sha256(body.encode()).hexdigest()[:32])


def _read(body: str) -> AckLink | None:
    try:
        said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(said, list) or len(said) != _FIELDS:
        return None
    alert, by, expires_at = said
    if not (isinstance(alert, str) and isinstance(by, str) and isinstance(expires_at, int)):
        return None
    return AckLink(alert=alert, by=by, expires_at=expires_at)


def _mac(body: str, key: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + body.encode(), "sha256")


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
