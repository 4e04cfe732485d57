"""
Seals records that must be kept byte for byte though nobody knows whom they name, each under a key of its own
(AES-256-GCM); without the key, which lies in the store of identities, nobody can read one again.
"""

import asyncio
from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.raw import SEALED
from services.ingest.shell.identities import Identities
from services.ingest.shell.publishing import Publisher
from services.runtime.kafka.acknowledging import Outgoing
from services.runtime.tracing import UNTRACED, Tracing

__all__ = ["NotReadable", "Original", "SealedTopic", "seal_of", "sealed", "unsealed"]

_MARK: Final = b"sqm\x01"
_ID: Final = slice(len(_MARK), len(_MARK) + 8)
_NONCE: Final = bytes(12)
"""Every key seals one record, so the number that must never come twice under a key may always be the same."""


class Original(NamedTuple):
    """
    A record as it came.
    """

    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


class NotReadable(Enum):
    """
    Why a sealed record cannot be read.
    """

    ERASED = "erased"
    """Its key was destroyed, because it named somebody who was erased, or belongs to another store."""
    DAMAGED = "damaged"
    """It is not what was sealed."""


def sealed(store: Identities, original: Original) -> tuple[bytes, tuple[str, bytes]]:
    """
    Seal a record: its new value, and the header that says so. To be published once the store is committed.
    """
    ident, secret = store.new_seal()
    head = _MARK + ident.to_bytes(8, "big")
    plain = msgspec.msgpack.encode(original)
    return head + AESGCM(secret).encrypt(_NONCE, plain, head), SEALED


class SealedTopic:
    """
    A topic whose records are sealed.
    """

    def __init__(self, publisher: Publisher, store: Identities, topic: str, tracing: Tracing = UNTRACED) -> None:
        self._publisher = publisher
        self._store = store
        self._topic = topic
        self.tracing = tracing
        """Where the spans of what brings records here are made."""

    async def put(self, key: bytes, original: Original, headers: Sequence[tuple[str, bytes]]) -> None:
        """
        Publish a record under a key and headers that name nobody. Raises what the publisher and the store raise.
        """
        losses = self._store.losses
        value, header = sealed(self._store, original)
        # Whoever else is ready seals first: then one commit, and one wait for the disk, is for all of them.
        await asyncio.sleep(0)
        self._store.commit(losses)
        await self._publisher.publish([Outgoing(self._topic, key, value, [*headers, header, *self.tracing.carried()])])


def seal_of(value: bytes | None) -> int | None:
    """
    The name of the key that a value is sealed under; None for one that is not sealed.
    """
    if value is None or not value.startswith(_MARK) or len(value) <= _ID.stop:
        return None
    return int.from_bytes(value[_ID], "big")


def unsealed(
    store: Identities, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes]]
) -> Original | NotReadable:
    """
    The record as it came; one that was never sealed as it is.
    """
    ident = seal_of(value) if SEALED in headers else None
    if ident is None or value is None:
        return Original(key, value, headers)
    secret = store.seal(ident)
    if secret is None:
        return NotReadable.ERASED
    try:
        plain = AESGCM(secret).decrypt(_NONCE, value[_ID.stop :], value[: _ID.stop])
    except InvalidTag:
        return NotReadable.DAMAGED
    return msgspec.msgpack.decode(plain, type=Original)
