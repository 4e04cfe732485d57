"""
Stands in for the producer of records and the store of saved state, and remembers the order of what was asked of them.
"""

from collections.abc import Mapping, Sequence

from services.runtime.errors import ServiceError
from services.runtime.kafka import BlobName, Headers, Lease

__all__ = ["FakeLeaseStore", "FakeProducer", "FakeStore", "Journal"]

Journal = list[tuple[object, ...]]


class FakeProducer:
    """
    Keeps what is put into it; the journal says when it was put and when all of it was acknowledged.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.in_flight = 0
        self.sent: list[tuple[str, bytes | None, bytes | None, Headers]] = []

    def put(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        headers: Headers = (),
        partition: int | None = None,
        timestamp_ms: int | None = None,
    ) -> None:
        self._journal.append(("put", topic, key))
        self.sent.append((topic, key, value, headers))

    async def flush(self) -> None:
        self._journal.append(("acknowledged",))

    def on(self, topic: str) -> Sequence[bytes | None]:
        return [value for name, _, value, _ in self.sent if name == topic]


class FakeStore:
    """
    Keeps the blobs of each name; fails where it was given an error.
    """

    def __init__(self, journal: Journal, error: ServiceError | None = None) -> None:
        self._journal = journal
        self._error = error
        self.blobs: dict[BlobName, bytes] = {}

    async def save(self, lease: Lease, blobs: Mapping[BlobName, bytes]) -> None:
        if self._error is not None:
            raise self._error
        self._journal.append(("saved", *sorted(blobs)))
        self.blobs = {name: blob for name, blob in {**self.blobs, **blobs}.items() if blob}


class FakeLeaseStore(FakeStore):
    """
    Also gives the partition away: to us, with what was saved before, and to somebody else when a test says so.
    """

    def __init__(self, journal: Journal, error: ServiceError | None = None) -> None:
        super().__init__(journal, error)
        self.epoch = 6

    async def acquire(self, partition: int) -> Lease:
        self.epoch += 1
        return Lease(partition, self.epoch, dict(self.blobs))

    async def holds(self, lease: Lease) -> bool:
        self._journal.append(("looked",))
        return lease.epoch == self.epoch
