"""
Pseudonyms: what stands for a customer or an employee in every event, so that no identity leaves the edge.

A pseudonym is made of chance, not of the identity: `c-` (customer) or `e-` (employee), ten random bytes, and six bytes
of their HMAC-SHA256 (RFC 2104), all in hexadecimal. Only the store of identities knows whose it is. Once that row is
gone, nobody can tell or try it, not even who has the key; the key only shows that a pseudonym is one of ours.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from typing import Final, NamedTuple

__all__ = ["SALT_BYTES", "Identity", "Pseudonym", "identity_of", "is_genuine", "keyed", "minted"]

Pseudonym = Callable[[str, str], str]
"""Puts a pseudonym in the place of an identity: whose it is (customer, employee), and the identity itself."""

SALT_BYTES: Final = 10
"""Of chance: two of a thousand million people share a pseudonym with a chance below one in a million."""
_TAG_BYTES: Final = 6
"""Of the HMAC: who has not the key hits a genuine one once in 2^48 tries."""
_BYTES: Final = SALT_BYTES + _TAG_BYTES
_LENGTH: Final = 2 + 2 * _BYTES


class Identity(NamedTuple):
    """
    Who somebody is: a customer or an employee (`whose`), by a name that means the same person within `scope` only: a
    vendor's connector, or everywhere (empty).
    """

    whose: str
    scope: str
    name: str


def identity_of(whose: str, name: str, scope: str = "") -> Identity:
    """
    Say whom a name means. An address (of e-mail, of SIP) or an international telephone number is the same person
    whoever says it; large and small letters, and what stands between digits, make no difference in them. How a letter
    with an accent is composed makes none in any name (Unicode's form NFC).
    """
    name = unicodedata.normalize("NFC", name)
    if "@" in name:
        return Identity(whose, "", name.strip().lower())
    if name.startswith("+") and (digits := "".join(char for char in name[1:] if char not in " -()./")).isdecimal():
        return Identity(whose, "", "+" + digits)
    return Identity(whose, scope, name)


def minted(key: bytes, whose: str, salt: bytes) -> str:
    """
    Make a pseudonym of `SALT_BYTES` random bytes.
    """
    return f"{whose[0]}-{salt.hex()}{_tag(key, whose, salt).hex()}"


def is_genuine(key: bytes, whose: str, text: str) -> bool:
    """
    Tell whether a text is a pseudonym that was made with the key; anything else is an identity, whatever it looks like.
    """
    if len(text) != _LENGTH or text[:2] != f"{whose[0]}-":
        return False
    try:
        said = bytes.fromhex(text[2:])
    except ValueError:
        return False
    genuine = hmac.compare_digest(said[SALT_BYTES:], _tag(key, whose, said[:SALT_BYTES]))
    return genuine and said.hex() == text[2:]


def keyed(key: bytes, connector: str) -> Pseudonym:
    """
    Pseudonyms without a store, for whoever tries a connector: the same identity has the same one under the same key.
    Nothing that is kept may have them, since who has the key can try whose they are.
    """

    def pseudonym(whose: str, identity: str) -> str:
        said = f"{whose}\0{connector}\0{identity}".encode("utf-8", "surrogatepass")
        return f"{whose[0]}-{hmac.new(key, said, hashlib.sha256).digest()[:_BYTES].hex()}"

    return pseudonym


def _tag(key: bytes, whose: str, salt: bytes) -> bytes:
    return hmac.digest(key, whose.encode() + b"\0" + salt, hashlib.sha256)[:_TAG_BYTES]
