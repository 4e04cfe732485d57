"""
Pseudonyms: what stands for a customer or an employee in every event, so that no vendor's identity leaves the edge.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

__all__ = ["Pseudonym", "keyed"]

Pseudonym = Callable[[str, str], str]
"""Puts a pseudonym in the place of an identity: whose it is (customer, employee), and the identity itself."""

_BYTES: Final = 16
"""Of HMAC-SHA256: two of a thousand million people share a pseudonym with a chance of 1 in 10^20."""


def keyed(key: bytes, connector: str) -> Pseudonym:
    """
    Make the pseudonyms of one connector, by HMAC-SHA256 (RFC 2104): who has not the key can neither tell who is meant
    nor try whether somebody is. The same person of the same connector has the same one, as long as the key is the same.
    """

    def pseudonym(whose: str, identity: str) -> str:
        said = f"{whose}\0{connector}\0{identity}".encode("utf-8", "surrogatepass")
        return f"{whose[0]}-{hmac.new(key, said, hashlib.sha256).digest()[:_BYTES].hex()}"

    return pseudonym
