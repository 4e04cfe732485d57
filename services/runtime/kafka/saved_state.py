"""
Saves a state that is larger than a record, part by part, so that only what has changed is written and yet a checkpoint
holds as a whole or not at all.

A part is written in pieces beside what stood before; a head that names every part's pieces goes last. A crash in
between leaves the head that stood before, and the pieces that it names. Pieces carry the epoch of their owner in their
name, so a worker that comes back too late cannot mix its own into its successor's.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, Protocol
from zlib import crc32

import msgspec

from services.runtime.errors import Misconfigured
from services.runtime.kafka.checkpoints import BlobName, Lease

__all__ = ["SavedState", "Storing"]

PIECE_BYTES: Final = 900_000
_FORMAT: Final = 2
_HEAD: Final = BlobName("head", 0)


class Storing(Protocol):
    """
    The store of blobs; `save` returns when they are durable, and deletes those that are empty.
    """

    async def acquire(self, partition: int) -> Lease: ...

    async def save(self, lease: Lease, blobs: Mapping[BlobName, bytes]) -> None: ...

    async def holds(self, lease: Lease) -> bool: ...


class _Part(NamedTuple):
    """
    Where a part's pieces are, and how they add up.
    """

    owner: str
    pieces: int
    checksum: int

    def names(self) -> Iterator[BlobName]:
        return (BlobName(self.owner, place) for place in range(self.pieces))


class SavedState:
    """
    One owner's time with the saved state, from `take_over` on.
    """

    def __init__(self, store: Storing, lease: Lease, parts: dict[str, _Part]) -> None:
        self._store = store
        self._lease = lease
        self._parts = parts
        self._written = 0
        self._stale: list[BlobName] = []
        """Pieces that no head names any more."""

    @classmethod
    async def take_over(cls, store: Storing) -> tuple["SavedState", dict[str, bytes]]:
        """
        Become the owner, and return what the one before had saved, part by part; nothing, if nobody was before.

        Raises Misconfigured where what is there was written by somebody else.
        """
        lease = await store.acquire(0)
        blobs, lease.blobs = lease.blobs, {}
        try:
            parts = _read_head(blobs.pop(_HEAD, None))
            bodies = {name: _joined(blobs, part) for name, part in parts.items()}
        except (KeyError, TypeError, ValueError) as error:
            raise Misconfigured(
                f"the saved state is damaged ({error}): something else wrote to its topic; forbid that, delete the "
                "topic, and what it was made of is read again"
            ) from error
        made = cls(store, lease, parts)
        named = {piece for part in parts.values() for piece in part.names()}
        made._stale = [name for name in blobs if name not in named]
        return made, bodies

    async def save(self, changed: Mapping[str, bytes]) -> bool:
        """
        Make a checkpoint of the parts that have changed durable, an empty one as deleted. False: somebody else has
        become the owner, and nothing of it may leave.
        """
        pieces: dict[BlobName, bytes] = {}
        replaced = list(self._stale)
        for name, body in changed.items():
            before = self._parts.pop(name, None)
            if before is not None:
                replaced += before.names()
            if not body:
                continue
            self._written += 1
            owner = f"{self._lease.epoch}.{self._written}"
            part = self._parts[name] = _Part(owner, -(-len(body) // PIECE_BYTES), crc32(body))
            starts = range(0, len(body), PIECE_BYTES)
            pieces |= {piece: body[at : at + PIECE_BYTES] for piece, at in zip(part.names(), starts, strict=True)}
        await self._store.save(self._lease, pieces)
        await self._store.save(self._lease, {_HEAD: msgspec.msgpack.encode((_FORMAT, self._parts))})
        await self._store.save(self._lease, dict.fromkeys(replaced, b""))
        self._stale = []
        return await self._store.holds(self._lease)


def _read_head(blob: bytes | None) -> dict[str, _Part]:
    if blob is None:
        return {}
    # The format comes first in every format: it is looked at before the rest is taken for anything.
    form, *rest = msgspec.msgpack.decode(blob, type=list[object])
    if form != _FORMAT:
        raise Misconfigured(
            f"the saved state is of format {form}, this version reads {_FORMAT}; run the one that wrote it"
        )
    return msgspec.convert(rest[0] if rest else None, dict[str, _Part])


def _joined(blobs: Mapping[BlobName, bytes], part: _Part) -> bytes:
    body = b"".join(blobs[name] for name in part.names())
    if crc32(body) != part.checksum:
        raise ValueError("its pieces do not belong together")
    return body
