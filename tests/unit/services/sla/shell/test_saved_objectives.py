"""
The saved state of the second stage: what was saved last is found whole, and what is not its own is refused.
"""

import pytest

from services.runtime.errors import Misconfigured
from services.runtime.kafka import SavedState
from services.runtime.kafka.saved_state import PIECE_BYTES
from services.sla.shell.saved_objectives import Saved, SavedObjectives, Verdict
from tests.fakes.sending import FakeLeaseStore


def state(fill: bytes, size: int = 10) -> Saved:
    return Saved({0: 5, 3: 7}, {0: 60_000}, 120_000, fill * size, [Verdict("s1", "opened", b"{}")])


async def test_where_nothing_was_saved_nothing_is_found() -> None:
    assert (await SavedObjectives.take_over(FakeLeaseStore([])))[1] is None


async def test_what_was_saved_last_is_found_also_where_it_is_larger_than_a_record() -> None:
    store = FakeLeaseStore([])
    saved, _ = await SavedObjectives.take_over(store)
    for one in (state(b"a", 3 * PIECE_BYTES), state(b"b"), state(b"c", 2 * PIECE_BYTES)):
        assert await saved.save(one)
        saved, found = await SavedObjectives.take_over(store)
        assert found == one
    assert len(store.blobs) == 1 + 3


async def test_who_has_lost_it_is_told_so() -> None:
    store = FakeLeaseStore([])
    saved, _ = await SavedObjectives.take_over(store)
    await SavedObjectives.take_over(store)
    assert not await saved.save(state(b"a"))


async def test_what_is_none_of_its_own_is_refused_with_what_to_do() -> None:
    store = FakeLeaseStore([])
    written, _ = await SavedState.take_over(store)
    await written.save({"objectives": b"\x93\x01\x02\x03"})
    with pytest.raises(Misconfigured, match="delete its topic"):
        await SavedObjectives.take_over(store)
