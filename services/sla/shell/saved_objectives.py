"""
Saves the second stage: one state with its place in the topic of attainment and the verdicts that may leave with it.

A state may be larger than a record, so it is written in pieces, and a head that names them goes last: a crash in
between leaves the head that stood before, and the pieces that it names. Pieces carry the epoch of their owner in their
name, so that a worker that comes back too late cannot mix its own into its successor's.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol
from zlib import crc32

import msgspec

from services.runtime.errors import Misconfigured
from services.runtime.kafka import BlobName, Lease

__all__ = ["Saved", "SavedObjectives", "Storing", "Verdict"]

PIECE_BYTES: Final = 900_000
_FORMAT: Final = 1
_HEAD: Final = BlobName("head", 0)


class Verdict(NamedTuple):
    """
    A verdict that waits for the state that contains it to be durable: its site, its state, and its bytes.
    """

    site: str
    state: str
    value: bytes


class Saved(NamedTuple):
    """
    What one checkpoint of the second stage holds.
    """

    positions: Mapping[int, int]
    """By partition of the topic of attainment, the first offset that is not contained."""
    reached: Mapping[int, int]
    """By partition of the events, how far its first stage was, by the revisions of its rows; on event time only."""
    latest: int
    """The end of the latest minute of any row."""
    engine: bytes
    verdicts: Sequence[Verdict]


class Storing(Protocol):
    """
    The store of blobs; `save` returns when they are durable, and deletes those that are empty.
    """

    async def acquire(self, partition: int) -> Lease: ...

    async def save(self, lease: Lease, blobs: Mapping[BlobName, bytes]) -> None: ...

    async def holds(self, lease: Lease) -> bool: ...


class SavedObjectives:
    """
    One owner's time with the saved state, from `take_over` on.
    """

    def __init__(self, store: Storing, lease: Lease) -> None:
        self._store = store
        self._lease = lease
        self._written = 0
        self._standing: list[BlobName] = []
        """Pieces that the next checkpoint replaces."""

    @classmethod
    async def take_over(cls, store: Storing) -> tuple["SavedObjectives", Saved | None]:
        """
        Become the owner, and return what the one before had saved. Raises Misconfigured where no worker wrote it.
        """
        lease = await store.acquire(0)
        blobs, lease.blobs = lease.blobs, {}
        made = cls(store, lease)
        made._standing = [name for name in blobs if name != _HEAD]
        return made, _joined(blobs)

    async def save(self, saved: Saved) -> bool:
        """
        Make a checkpoint durable. False: somebody else has become the owner, and nothing of it may leave.
        """
        body = msgspec.msgpack.encode(saved)
        owner = f"{self._lease.epoch}.{self._written % 2}"
        self._written += 1
        pieces = {
            BlobName(owner, place): body[start : start + PIECE_BYTES]
            for place, start in enumerate(range(0, len(body), PIECE_BYTES))
        }
        await self._store.save(self._lease, pieces)
        head = msgspec.msgpack.encode([_FORMAT, owner, len(pieces), crc32(body)])
        await self._store.save(self._lease, {_HEAD: head})
        await self._store.save(self._lease, dict.fromkeys(self._standing, b""))
        self._standing = list(pieces)
        return await self._store.holds(self._lease)


def _joined(blobs: Mapping[BlobName, bytes]) -> Saved | None:
    if _HEAD not in blobs:
        return None
    try:
        form, owner, pieces, checksum = msgspec.msgpack.decode(blobs[_HEAD])
        _check_format(form)
        body = b"".join(blobs[BlobName(owner, place)] for place in range(pieces))
        _check_sum(body, checksum)
        return msgspec.msgpack.decode(body, type=Saved)
    except (KeyError, TypeError, ValueError) as error:
        raise Misconfigured(
            f"the saved state of objectives is damaged ({error}): something else wrote to its topic; forbid that, "
            "delete the topic, and the rows of attainment are read again"
        ) from error


def _check_sum(body: bytes, checksum: int) -> None:
    if crc32(body) != checksum:
        raise ValueError("its pieces do not belong together")


def _check_format(form: int) -> None:
    if form != _FORMAT:
        raise Misconfigured(
            f"the saved state of objectives is of format {form}, this worker reads {_FORMAT}; run the version that "
            "wrote it"
        )
