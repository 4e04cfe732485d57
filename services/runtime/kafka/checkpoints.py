"""
Keeps what a worker remembers in a compacted topic, so that whoever gets the partition next goes on from there.

The store knows blobs, owners and parts, and nothing of what is in them. Each blob's key also carries an *epoch*, which
is the offset of a marker that the worker wrote when it got the partition. Offsets only grow, so of two workers that
both believe to own a partition the later one has the higher epoch: what an earlier one, paused for too long, still
writes afterwards lands beside the newer blob and not on top of it, and loading takes the highest epoch.
"""

import asyncio
import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from services.runtime.kafka.producing import BatchProducer
from services.runtime.kafka.reading import LogReader
from services.runtime.kafka.topic_admin import TopicSpec

__all__ = ["BlobName", "CheckpointStore", "Lease", "changelog_topic"]

_KEY = struct.Struct(">QI")
_MARKER = b"\xff" * _KEY.size + b"marker"


class BlobName(NamedTuple):
    """
    Whose blob it is, and which part of it.
    """

    owner: str
    part: int


def changelog_topic(name: str, partitions: int, replication: int = -1) -> TopicSpec:
    """
    The topic that a store needs: as many partitions as the topic whose state it keeps.
    """
    config = {
        "cleanup.policy": "compact",
        "max.message.bytes": str(2 * 1024 * 1024),
        "compression.type": "producer",
        "segment.bytes": str(64 * 1024 * 1024),
        "min.cleanable.dirty.ratio": "0.2",
        # A tombstone must outlive the slowest loading, or a loader that began before it could keep the dead blob.
        "delete.retention.ms": str(24 * 3_600_000),
    }
    return TopicSpec(name, partitions, config, replication)


@dataclass(slots=True)
class Lease:
    """
    One worker's time with one partition, from its marker until the partition is given away.
    """

    partition: int
    epoch: int
    blobs: dict[BlobName, bytes]
    stale: dict[BlobName, set[int]] = field(default_factory=lambda: defaultdict(set))
    saved: set[BlobName] = field(default_factory=set)
    looked_to: int = 0
    """Up to which offset it is known that nobody has taken the partition over."""


class CheckpointStore:
    """
    Loads and saves the blobs of partitions. `topic` is the changelog's cluster name.

    The producer and the reader belong to the store's owner, who starts and stops them.
    """

    def __init__(self, producer: BatchProducer, reader: LogReader, topic: str) -> None:
        self._producer = producer
        self._reader = reader
        self._topic = topic
        self._reading = asyncio.Lock()

    async def acquire(self, partition: int) -> Lease:
        """
        Mark the partition as this worker's and load the newest blob of every name below the marker.

        Call it before the first record of the partition is handled, after each assignment.
        """
        epoch = await self._producer.send(self._topic, _MARKER, b"acquired", partition=partition)
        newest: dict[BlobName, tuple[int, bytes]] = {}
        epochs: dict[BlobName, set[int]] = defaultdict(set)
        async with self._reading:
            records = await self._reader.read_to(self._topic, {partition: epoch})
        for record in records:
            if record.key is None or record.key == _MARKER:
                continue
            parsed = _parsed(record.key)
            if parsed is None:
                continue
            written, name = parsed
            if not record.value:
                epochs[name].discard(written)
                # What a later owner deleted is gone, also where compaction has left only an earlier owner's blob of it.
                if newest.get(name, (written + 1, b""))[0] <= written:
                    del newest[name]
                continue
            epochs[name].add(written)
            if written >= newest.get(name, (-1, b""))[0]:
                newest[name] = (written, record.value)
        stale: dict[BlobName, set[int]] = defaultdict(set)
        stale.update({name: written for name, written in epochs.items() if written})
        return Lease(partition, epoch, {name: blob for name, (_, blob) in newest.items()}, stale)

    async def save(self, lease: Lease, blobs: Mapping[BlobName, bytes]) -> None:
        """
        Make the blobs durable; when this returns, a successor finds them. An empty one is deleted: it is not found.

        What they replace of earlier epochs is deleted with the next save, never before its replacement is durable.
        """
        for name, epoch in self._replaced(lease):
            self._producer.put(self._topic, _key(epoch, name), None, partition=lease.partition)
        for name, blob in blobs.items():
            self._producer.put(self._topic, _key(lease.epoch, name), blob or None, partition=lease.partition)
        await self._producer.flush()
        lease.saved.update(blobs)

    async def holds(self, lease: Lease) -> bool:
        """
        Tell whether nobody has taken the partition over since: what the lease's owner saved before this was asked is
        then what a successor finds.
        """
        start = max(lease.looked_to, lease.epoch + 1)
        async with self._reading:
            end = (await self._reader.end_offsets(self._topic, [lease.partition]))[lease.partition]
            if end <= start:
                return True
            records = await self._reader.read_to(self._topic, {lease.partition: end}, {lease.partition: start})
        lease.looked_to = end
        return not any(record.key == _MARKER for record in records)

    def _replaced(self, lease: Lease) -> Iterator[tuple[BlobName, int]]:
        for name in lease.saved:
            for epoch in lease.stale.pop(name, ()):
                yield name, epoch
        lease.saved.clear()


def _key(epoch: int, name: BlobName) -> bytes:
    return _KEY.pack(epoch, name.part) + name.owner.encode()


def _parsed(key: bytes) -> tuple[int, BlobName] | None:
    # A key that no owner could have written is none of ours, and nobody will ever ask for it.
    if len(key) < _KEY.size:
        return None
    epoch, part = _KEY.unpack_from(key)
    try:
        return epoch, BlobName(key[_KEY.size :].decode(), part)
    except UnicodeDecodeError:
        return None
