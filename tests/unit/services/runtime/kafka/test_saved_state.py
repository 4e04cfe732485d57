"""
The saved state: what was saved last is found whole, part by part, whoever wrote and died in between.
"""

from collections.abc import Mapping

import msgspec
import pytest

from services.runtime.errors import Misconfigured, Unreachable
from services.runtime.kafka import BlobName, Lease, SavedState
from services.runtime.kafka.saved_state import PIECE_BYTES
from tests.fakes.sending import FakeLeaseStore

HEAD = BlobName("head", 0)


class DyingStore(FakeLeaseStore):
    """
    Dies at a save: it is durable, and none of those that follow.
    """

    def __init__(self, saves: int) -> None:
        super().__init__([])
        self.saves = saves

    async def save(self, lease: Lease, blobs: Mapping[BlobName, bytes]) -> None:
        if self.saves == 0:
            raise Unreachable("died")
        self.saves -= 1
        await super().save(lease, blobs)


async def found(store: FakeLeaseStore) -> dict[str, bytes]:
    """
    What a successor would find; it takes nothing over.
    """
    look = FakeLeaseStore([])
    look.blobs = dict(store.blobs)
    return (await SavedState.take_over(look))[1]


async def owner(store: FakeLeaseStore) -> SavedState:
    return (await SavedState.take_over(store))[0]


async def test_where_nothing_was_saved_nothing_is_found() -> None:
    assert await found(FakeLeaseStore([])) == {}


async def test_each_part_is_found_as_it_was_saved_last_also_in_several_pieces() -> None:
    store = FakeLeaseStore([])
    saved = await owner(store)
    assert await saved.save({"small": b"s", "large": b"a" * 3 * PIECE_BYTES})
    assert await saved.save({"large": b"b" * (PIECE_BYTES + 1)})
    assert await found(store) == {"small": b"s", "large": b"b" * (PIECE_BYTES + 1)}
    assert len(store.blobs) == 1 + 1 + 2


async def test_an_empty_part_is_deleted_and_so_are_its_pieces() -> None:
    store = FakeLeaseStore([])
    saved = await owner(store)
    await saved.save({"one": b"1", "two": b"2"})
    await saved.save({"one": b"", "never": b""})
    assert await found(store) == {"two": b"2"}
    assert len(store.blobs) == 1 + 1


async def test_only_what_has_changed_is_written() -> None:
    store = FakeLeaseStore([])
    saved = await owner(store)
    await saved.save({"one": b"1", "two": b"2"})
    before = {name: blob for name, blob in store.blobs.items() if blob == b"1"}
    await saved.save({"two": b"22"})
    assert before.items() <= store.blobs.items()


@pytest.mark.parametrize(
    ("durable", "expected"),
    [(0, b"old"), (1, b"old"), (2, b"new" * PIECE_BYTES), (3, b"new" * PIECE_BYTES)],
    ids=["before the pieces", "between pieces and head", "between head and tidying", "after all"],
)
async def test_a_crash_leaves_the_old_checkpoint_or_the_new_one_and_no_leftovers(durable: int, expected: bytes) -> None:
    store = DyingStore(3)
    saved = await owner(store)
    await saved.save({"part": b"old"})
    store.saves = durable
    if durable < 3:
        with pytest.raises(Unreachable):
            await saved.save({"part": b"new" * PIECE_BYTES})
    else:
        await saved.save({"part": b"new" * PIECE_BYTES})
    store.saves = 100
    successor, there = await SavedState.take_over(store)
    assert there == {"part": expected}
    await successor.save({"part": b"mine"})
    assert await found(store) == {"part": b"mine"}
    assert len(store.blobs) == 1 + 1


async def test_who_has_lost_it_is_told_so_and_mixes_nothing_into_its_successor_s() -> None:
    store = FakeLeaseStore([])
    first = await owner(store)
    await first.save({"part": b"1"})
    second = await owner(store)
    assert not await first.save({"part": b"late"})
    # The store finds the head of the later owner, whatever the earlier one writes beside it.
    assert await second.save({"part": b"2"})
    assert await found(store) == {"part": b"2"}


async def test_a_store_that_fails_is_not_passed_over() -> None:
    saved = SavedState(FakeLeaseStore([], Unreachable("away")), Lease(0, 7, {}), {})
    with pytest.raises(Unreachable):
        await saved.save({"part": b"1"})


def missing(store: FakeLeaseStore) -> None:
    del store.blobs[next(name for name in store.blobs if name != HEAD)]


def changed(store: FakeLeaseStore) -> None:
    store.blobs[next(name for name in store.blobs if name != HEAD)] += b"x"


def no_head(store: FakeLeaseStore) -> None:
    store.blobs[HEAD] = b"\xc1"


def short_head(store: FakeLeaseStore) -> None:
    store.blobs[HEAD] = msgspec.msgpack.encode([2])


def old_head(store: FakeLeaseStore) -> None:
    store.blobs[HEAD] = msgspec.msgpack.encode([1, "7.0", 1, 0])


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (missing, "damaged"),
        (changed, "do not belong together"),
        (no_head, "damaged"),
        (short_head, "damaged"),
        (old_head, "format 1, this version reads 2"),
    ],
)
async def test_damage_is_refused_with_what_to_do(harm: object, said: str) -> None:
    store = FakeLeaseStore([])
    await (await owner(store)).save({"part": b"1"})
    assert callable(harm)
    harm(store)
    with pytest.raises(Misconfigured, match=said):
        await found(store)
