"""
One assigned partition: the engine's state of it, how far it has been read, and what waits to be let out.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from services.runtime.errors import Misconfigured
from services.runtime.kafka import BlobName, Lease
from services.sla.engine import Decision, Partition, UnreadableChunkError, peek
from services.sla.shell.envelope import Pending, unsealed
from services.sla.shell.outputs import waiting

__all__ = ["Owned", "Probe"]


class Probe(NamedTuple):
    """
    The end of the log, and the time at which it was asked for: who has read up to `end` has read all that was appended
    before `asked_at`.
    """

    asked_at: int
    end: int


@dataclass(slots=True)
class Owned:
    """
    A partition from its assignment to its revocation. Made anew at each assignment; never survives one.

    `next_offset` is the first offset that has not been handled; -1 until it is known.
    """

    number: int
    generation: int
    state: Partition
    lease: Lease | None = None
    next_offset: int = -1
    end: int = -1
    last_timestamp: int = 0
    arrived_at: int = 0
    fetched: bool = False
    saved_at: int = 0
    probe: Probe | None = None
    held: dict[BlobName, list[Pending]] = field(default_factory=lambda: defaultdict(list))
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    revoked: bool = False
    saving: asyncio.Lock = field(default_factory=asyncio.Lock)

    def install(self, lease: Lease, next_offset: int, send: Callable[[str, Pending], None]) -> None:
        """
        Take over what the store had: tell the engine which chunks there are, and `send` the outcomes that were saved
        with them, since nobody knows whether the predecessor got to it.
        """
        self.lease = lease
        chunks: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
        for name, blob in lease.blobs.items():
            try:
                chunk, pending = unsealed(blob)
            except Misconfigured as error:
                raise Misconfigured(
                    f"partition {self.number}, site {name.owner!r}, part {name.part}: {error}"
                ) from error
            for item in pending:
                send(name.owner, item)
            if chunk:
                chunks[name.owner].append((name.part, chunk))
                self.state.register(name.owner, name.part, peek(chunk))
        self.state.resume_at(next_offset)
        lease.blobs.clear()
        self.state.loader = lambda site: chunks.pop(site, ())
        self.next_offset = next_offset
        self.ready.set()

    @contextmanager
    def reading_state(self) -> Iterator[None]:
        """
        Raise Misconfigured, naming the partition, where the engine cannot go on from what was saved: a site's chunks
        are read when it is taken over, or when its first record or timer comes.
        """
        try:
            yield
        except UnreadableChunkError as error:
            raise Misconfigured(f"partition {self.number}: {error}") from error

    def hold(self, decision: Decision) -> list[BlobName]:
        """
        Keep what time caused until its chunks are durable; returns the chunks to save.
        """
        names = [BlobName(one.site, part) for one, part in zip(decision.timed, decision.timed_parts, strict=True)]
        for outcome, name in zip(decision.timed, names, strict=True):
            # With its own chunk and no other: saved apart, one of them could be durable without the other.
            self.held[name].append(waiting(outcome))
        return list(dict.fromkeys(names))

    @property
    def lag(self) -> int:
        return max(0, self.end - self.next_offset) if self.next_offset >= 0 else max(0, self.end)
