"""
The saved state of the second stage: what was saved last is found whole, whoever wrote and died in between.
"""

import pytest

from services.runtime.errors import Misconfigured, Unreachable
from services.runtime.kafka import BlobName, Lease
from services.sla.shell.saved_objectives import PIECE_BYTES, Saved, SavedObjectives, Verdict
from tests.fakes.sending import FakeLeaseStore

HEAD = BlobName("head", 0)


def state(fill: bytes, size: int = 10) -> Saved:
    return Saved({0: 5, 3: 7}, {0: 60_000}, 120_000, fill * size, [Verdict("s1", "opened", b"{}")])


async def found(store: FakeLeaseStore) -> Saved | None:
    _, saved = await SavedObjectives.take_over(store)
    return saved


async def test_where_nothing_was_saved_nothing_is_found() -> None:
    assert await found(FakeLeaseStore([])) is None


async def test_what_was_saved_last_is_found_also_in_several_pieces() -> None:
    store = FakeLeaseStore([])
    saved, _ = await SavedObjectives.take_over(store)
    for one in (state(b"a", 3 * PIECE_BYTES), state(b"b"), state(b"c", 2 * PIECE_BYTES)):
        assert await saved.save(one)
        assert await found(FakeLeaseStoreOf(store)) == one
    assert len(store.blobs) == 1 + 3


async def test_a_crash_before_the_head_leaves_what_stood_before_and_its_leftovers_are_deleted() -> None:
    store = FakeLeaseStore([])
    saved, _ = await SavedObjectives.take_over(store)
    await saved.save(state(b"a"))
    before = store.blobs[HEAD]
    await saved.save(state(b"b", 2 * PIECE_BYTES))
    pieces = {name: blob for name, blob in store.blobs.items() if name != HEAD}
    store.blobs = {HEAD: before, BlobName("7.0", 0): await piece_of(state(b"a")), **pieces}
    successor, there = await SavedObjectives.take_over(store)
    assert there == state(b"a")
    await successor.save(state(b"c"))
    assert set(store.blobs) == {HEAD, BlobName("8.0", 0)}


async def test_who_has_lost_it_is_told_so() -> None:
    store = FakeLeaseStore([])
    saved, _ = await SavedObjectives.take_over(store)
    await SavedObjectives.take_over(store)
    assert not await saved.save(state(b"a"))


async def test_a_store_that_fails_is_not_passed_over() -> None:
    saved = SavedObjectives(FakeLeaseStore([], Unreachable("away")), Lease(0, 7, {}))
    with pytest.raises(Unreachable):
        await saved.save(state(b"a"))


@pytest.mark.parametrize("harm", ["missing", "changed", "no head", "other format"])
async def test_damage_is_refused_with_what_to_do(harm: str) -> None:
    store = FakeLeaseStore([])
    saved, _ = await SavedObjectives.take_over(store)
    await saved.save(state(b"a"))
    piece = next(name for name in store.blobs if name != HEAD)
    if harm == "missing":
        del store.blobs[piece]
    elif harm == "changed":
        store.blobs[piece] += b"x"
    else:
        store.blobs[HEAD] = b"\x94\x02\xa1x\x01\x00" if harm == "other format" else b"\xc1"
    with pytest.raises(Misconfigured, match="format 2" if harm == "other format" else "damaged"):
        await found(store)


async def piece_of(saved: Saved) -> bytes:
    store = FakeLeaseStore([])
    await (await SavedObjectives.take_over(store))[0].save(saved)
    return next(blob for name, blob in store.blobs.items() if name != HEAD)


class FakeLeaseStoreOf(FakeLeaseStore):
    """
    A look at what another store holds, that takes nothing over from it.
    """

    def __init__(self, other: FakeLeaseStore) -> None:
        super().__init__([])
        self.blobs = dict(other.blobs)
