"""
Makes decisions durable: saves chunks, then commits offsets, then lets out what had to wait.

The order is the guarantee. Outcomes of records are acknowledged before the state that contains them is saved, else a
crash in between would lose them: a record below its chunk's last offset is not folded again. State is saved before
offsets are committed, else records would be missing from it. And what time caused leaves after it is saved, else a
successor would not know of it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from services.runtime.clock import Clock
from services.runtime.kafka import BlobName, Lease
from services.runtime.tracing import UNTRACED, Tracing
from services.sla.engine import Book, changed_rows, drain_attainment
from services.sla.shell.envelope import Pending, sealed
from services.sla.shell.outputs import Outputs
from services.sla.shell.partitions import Owned
from services.sla.shell.turns import Hold

__all__ = ["Checkpoints", "Saved", "Saving"]

ROWS = 64
"""Rows of attainment to sum up between two looks at the clock."""


class Saving(Protocol):
    """
    The store of blobs; `save` returns when they are durable, and deletes those that are empty.
    """

    async def save(self, lease: Lease, blobs: Mapping[BlobName, bytes]) -> None: ...


@dataclass(frozen=True, slots=True)
class Saved:
    """
    What one checkpoint wrote and how long it took.
    """

    bytes: int
    milliseconds: int


class Checkpoints:
    """
    Saves partitions, one checkpoint of a partition at a time, while records go on being folded.

    `save` returns the offset up to which everything is durable, for the caller to commit. `busy_ms` adds up the time
    in which encoding kept everybody else waiting.
    """

    def __init__(
        self,
        store: Saving,
        outputs: Outputs,
        *,
        book: Callable[[], Book],
        clock: Clock,
        saved: Callable[[Saved], None],
        tracing: Tracing = UNTRACED,
    ) -> None:
        self._store = store
        self._outputs = outputs
        self._book = book
        self._clock = clock
        self._saved = saved
        self._tracing = tracing
        self.busy_ms = 0

    async def save(self, owned: Owned) -> int:
        """
        Save all that changed; returns the first offset that a successor has to read (-1: not known yet).
        """
        async with owned.saving:
            # Taken before the first chunk is encoded: records that are folded while we encode belong to the next one.
            position, reached = owned.next_offset, owned.state.watermark
            await self._write(owned, (BlobName(site, part) for site, part in owned.state.dirty()))
            owned.state.saved(reached)
            owned.saved_at = self._clock.now_ms()
            return position

    async def save_chunks(self, owned: Owned, names: Iterable[BlobName]) -> None:
        """
        Save these chunks at once, so that what time caused in them may leave; unless another checkpoint has done it.
        """
        async with owned.saving:
            if owned.held:
                await self._write(owned, names)

    async def _write(self, owned: Owned, names: Iterable[BlobName]) -> None:
        if owned.lease is None:
            raise AssertionError(f"partition {owned.number} is checkpointed before its state was loaded")
        started = self._clock.monotonic_ms()
        blobs: dict[BlobName, bytes] = {}
        released: list[tuple[str, Pending]] = []
        hold = Hold(self._clock)
        # Before the first encoding, so that rows which nothing refers to any more are not saved.
        changed = changed_rows(owned.state)
        for start in range(0, len(changed), ROWS):
            self._outputs.sums(drain_attainment(owned.state, self._book(), changed[start : start + ROWS]))
            await hold.pause_if_long()
        for name in names:
            held = owned.held.pop(name, [])
            chunk = owned.state.encode(*name)
            # A chunk in which nothing is left any more is deleted, unless outcomes wait for it.
            blobs[name] = sealed(chunk, held) if chunk or held else b""
            released.extend((name.owner, item) for item in held)
            await hold.pause_if_long()
        # And after the last, with no pause in between: what was sent must not lag behind the saved tallies.
        self._outputs.sums(drain_attainment(owned.state, self._book()))
        self.busy_ms += hold.end()
        await self._outputs.settle()
        if blobs:
            await self._store.save(owned.lease, blobs)
        if released:
            with self._tracing.batch("release", (), {"messaging.batch.message_count": len(released)}, begins=True):
                for site, item in released:
                    self._outputs.pending(site, item)
        size = sum(map(len, blobs.values()))
        self._saved(Saved(size, self._clock.monotonic_ms() - started))
